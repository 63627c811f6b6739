// Lines that painters draw, and what lies near them.

/** @param {CanvasRenderingContext2D} c @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
export function line(c, x0, y0, x1, y1) {
  c.beginPath();
  c.moveTo(x0, y0);
  c.lineTo(x1, y1);
  c.stroke();
}

/** @param {number[]} segment @returns {[number, number]} */
export const middleOf = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];

/**
 * Number of the segment [x0, y0, x1, y1] that passes nearest to a place, -1 where none does within reach.
 *
 * @param {number[][]} segments
 * @param {number} px
 * @param {number} py
 * @param {number} reach
 */
export function nearestSegment(segments, px, py, reach) {
  let best = -1;
  segments.forEach(([x0, y0, x1, y1], i) => {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const part = Math.max(0, Math.min(1, ((px - x0) * dx + (py - y0) * dy) / (dx * dx + dy * dy || 1)));
    const far = Math.hypot(px - x0 - part * dx, py - y0 - part * dy);
    if (far < reach) [best, reach] = [i, far];
  });
  return best;
}

/** Number of the spot [x, y] that is nearest to a place, -1 where none is within reach. @param {number[][]} spots @param {number} px @param {number} py @param {number} reach */
export function nearestSpot(spots, px, py, reach) {
  const far = spots.map(([x, y]) => Math.hypot(x - px, y - py));
  const best = far.indexOf(Math.min(...far));
  return far[best] < reach ? best : -1;
}
