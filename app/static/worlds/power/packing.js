// Rectangles that are put where they cover least: of boxes, of lines, and of what was put before them.

/** @import { Segment } from "../../page.js" */
/** Corner, width and height. @typedef {[x: number, y: number, w: number, h: number]} Rectangle */
/** @typedef {ReturnType<typeof packing>} Packing */

const EDGE = 4, // pixels that stay free at the edges
  OUTSIDE = 60, // costs of a pixel out of the picture, of one of area that is covered, and of one of a line
  COVERED = 3,
  CROSSED = 5;
const NEARLY_FREE = 0.12; // costs a pixel of area

/** @param {number} x @param {number} y @param {number} w @param {number} h @returns {Rectangle} */
export const around = (x, y, w, h) => [x - w / 2, y - h / 2, w, h];

/** @param {Rectangle} rectangle */
export const middle = ([x, y, w, h]) => ({ x: x + w / 2, y: y + h / 2 });

/**
 * Finds room among what is `taken`, to which it adds.
 *
 * @param {Rectangle[]} taken
 * @param {Segment[]} segments
 * @param {number} width
 * @param {number} height
 */
export function packing(taken, segments, width, height) {
  /** @param {Rectangle} rectangle */
  const cost = (rectangle) => costOf(rectangle, taken, segments, width, height);

  /** @param {Rectangle[]} candidates @returns {[Rectangle, cost: number]} */
  const cheapest = (candidates) => {
    const costs = candidates.map(cost),
      least = Math.min(...costs);
    return [candidates[costs.indexOf(least)], least];
  };

  /** @param {Rectangle} rectangle */
  const take = (rectangle) => {
    taken.push(rectangle);
    return rectangle;
  };
  return {
    cost,
    cheapest,
    take,
    /** The cheapest, however much it covers. @param {Rectangle[]} candidates */
    place: (candidates) => take(cheapest(candidates)[0]),
    /** The cheapest where it covers nearly nothing, else none. @param {Rectangle[]} candidates */
    placeIfFree(candidates) {
      const [best, cost] = cheapest(candidates);
      return cost > NEARLY_FREE * best[2] * best[3] ? null : take(best);
    },
  };
}

/**
 * How much a rectangle would cover, and how far it would stick out of the picture.
 *
 * @param {Rectangle} rectangle
 * @param {Rectangle[]} taken
 * @param {Segment[]} segments
 * @param {number} width
 * @param {number} height
 */
export function costOf([x, y, w, h], taken, segments, width, height) {
  const out = [EDGE - x, EDGE - y, x + w - width + EDGE, y + h - height + EDGE];
  let sum = OUTSIDE * out.reduce((far, each) => far + Math.max(0, each), 0);
  for (const [u, v, p, q] of taken) {
    const [dx, dy] = [Math.min(x + w, u + p) - Math.max(x, u), Math.min(y + h, v + q) - Math.max(y, v)];
    if (dx > 0 && dy > 0) sum += COVERED * dx * dy;
  }
  for (const segment of segments) sum += CROSSED * lengthInside(segment, [x, y, w, h]);
  return sum;
}

/** Length of the part of a segment that lies in a rectangle (Liang and Barsky 1984). @param {Segment} segment @param {Rectangle} rectangle */
export function lengthInside([x0, y0, x1, y1], [x, y, w, h]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  let [from, to] = [0, 1];
  for (const [slope, room] of [
    [-dx, x0 - x],
    [dx, x + w - x0],
    [-dy, y0 - y],
    [dy, y + h - y0],
  ]) {
    if (slope === 0 && room < 0) return 0;
    if (slope < 0) from = Math.max(from, room / slope);
    if (slope > 0) to = Math.min(to, room / slope);
  }
  return to > from ? (to - from) * Math.hypot(dx, dy) : 0;
}
