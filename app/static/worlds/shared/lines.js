// Lines that painters draw, and what lies near them.

/** @import { Brush, Inks, Place, Segment } from "../../page.js" */

/** @param {Brush} c @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
export function line(c, x0, y0, x1, y1) {
  c.beginPath();
  c.moveTo(x0, y0);
  c.lineTo(x1, y1);
  c.stroke();
}

/** @param {Brush} c @param {Place[]} points */
export function polyline(c, points) {
  c.beginPath();
  for (const [x, y] of points) c.lineTo(x, y);
  c.stroke();
}

/** Two strokes that cross. @param {Brush} c @param {number} x @param {number} y @param {number} r */
export function cross(c, x, y, r) {
  line(c, x - r, y - r, x + r, y + r);
  line(c, x - r, y + r, x + r, y - r);
}

/** Shows who is selected. @param {Brush} c @param {Inks} ink @param {Place} place @param {number} r @param {number} [thickness] */
export function ring(c, ink, [x, y], r, thickness = 2.6) {
  c.strokeStyle = ink.accent;
  c.lineWidth = thickness;
  c.beginPath();
  c.arc(x, y, r, 0, 7);
  c.stroke();
}

/** @param {Segment} segment @returns {Place} */
export const middleOf = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];

/** @param {Segment} segment */
export const lengthOf = ([x0, y0, x1, y1]) => Math.hypot(x1 - x0, y1 - y0);

/** A place on a segment: a share of the way along it, and pixels to its right. @param {Segment} segment @param {number} share @param {number} [right] @returns {Place} */
export function along([x0, y0, x1, y1], share, right = 0) {
  const off = right / (Math.hypot(x1 - x0, y1 - y0) || 1);
  return [x0 + (x1 - x0) * share - (y1 - y0) * off, y0 + (y1 - y0) * share + (x1 - x0) * off];
}

/**
 * Number of the segment that passes nearest to a place, -1 where none does within reach.
 *
 * @param {Segment[]} segments
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

/** Number of the spot that is nearest to a place, -1 where none is within reach. @param {Place[]} spots @param {number} px @param {number} py @param {number} reach */
export function nearestSpot(spots, px, py, reach) {
  const far = spots.map(([x, y]) => Math.hypot(x - px, y - py));
  const best = far.indexOf(Math.min(...far));
  return far[best] < reach ? best : -1;
}
