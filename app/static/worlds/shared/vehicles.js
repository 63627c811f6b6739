// What painters of vehicles share: headings, outlines, vehicles across frames, and the colours and bars that say how they fare.

/** @import { Place } from "../../page.js" */
/** Vehicles of a frame. @typedef {{ vehicles: Uint16Array, state: Uint8Array, id: Uint16Array }} Vehicles */
/** Metres that a picture shows. @typedef {{ width: number, height: number }} Extent */

/** Directions of those who head S, W, N, E, as they come from N, E, S, W; y points down. @type {Place[]} */
export const AHEAD = [
  [0, 1],
  [-1, 0],
  [0, -1],
  [1, 0],
];

/** Colours of vehicles that move, wait, and wait for long, where no routes are shown. */
export const STATES = ["blue-fill", "orange-fill", "verm-fill"];

/** Colour of each route that drivers know; 0 is that of vehicles off their route. Bars across a vehicle say the same. */
export const ROUTES = ["grey-line", "blue-fill", "purple-fill", "yellow-fill"];
export const BARS = "#13201b"; // on fills, which are light in both themes

/** @param {number} state */
export const headingOf = (state) => (state >> 2) & 3;

/** @param {number} state */
export const routeOf = (state) => Math.min(state >> 4, ROUTES.length - 1);

/** Corners of a vehicle that stands, along and aside of its way, in half lengths and half widths. @type {Place[]} */
export const BOX = [
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
];

/** The same of one that moves, which points ahead from its shoulders on. @param {number} shoulder @returns {Place[]} */
export const wedge = (shoulder) => [
  [1, 0],
  [shoulder, 1],
  [-1, 1],
  [-1, -1],
  [shoulder, -1],
];

/**
 * Add a vehicle to a path, by its corners.
 *
 * @param {CanvasPath} path
 * @param {Place} place
 * @param {number} heading
 * @param {Place[]} corners
 * @param {number} long half its length
 * @param {number} wide half its width
 */
export function outline(path, [x, y], heading, corners, long, wide) {
  const [ax, ay] = AHEAD[heading];
  corners.forEach(([along, aside], i) => {
    const [px, py] = [x + ax * long * along - ay * wide * aside, y + ay * long * along + ax * wide * aside];
    if (i) path.lineTo(px, py);
    else path.moveTo(px, py);
  });
  path.closePath();
}

/** Where a vehicle is, in metres. @param {Extent} extent @param {Vehicles} frame @param {number} slot @returns {Place} */
export const metres = ({ width, height }, { vehicles }, slot) => [
  (vehicles[2 * slot] / 65535) * width,
  (vehicles[2 * slot + 1] / 65535) * height,
];

/** Slot of each vehicle plus one, by its number; kept as long as its frame. @type {WeakMap<Vehicles, Uint16Array>} */
const slots = new WeakMap();

/** @param {Vehicles} frame */
function slotsOf(frame) {
  const known = slots.get(frame) ?? new Uint16Array(65536);
  if (!slots.has(frame)) frame.id.forEach((id, i) => (known[id] = i + 1));
  slots.set(frame, known);
  return known;
}

/**
 * Finds the slot that a vehicle of `to` had in `from`; -1 for none, and for one further away than `leap` metres: it is drawn
 * where it is, not on its way there. Distances are those of a city's blocks.
 *
 * @param {Extent} extent
 * @param {Vehicles} from
 * @param {Vehicles} to
 * @param {number} leap
 * @returns {(slot: number) => number}
 */
export function before(extent, from, to, leap) {
  if (from === to) return () => -1;
  const known = slotsOf(from);
  const [mx, my] = [extent.width / 65535, extent.height / 65535];
  return (i) => {
    const j = known[to.id[i]] - 1;
    if (j < 0) return -1;
    const [dx, dy] = [0, 1].map((axis) => Math.abs(from.vehicles[2 * j + axis] - to.vehicles[2 * i + axis]));
    return dx * mx + dy * my < leap ? j : -1;
  };
}

/** Part of the way from one place to another. @param {Place} from @param {Place} to @param {number} part @returns {Place} */
export const between = ([fx, fy], [tx, ty], part) => [fx + (tx - fx) * part, fy + (ty - fy) * part];

/** How many vehicles take each route, in words. @param {Vehicles} frame @param {number} routes */
export function routesInWords(frame, routes) {
  const counts = ROUTES.map(() => 0);
  for (const state of frame.state) counts[routeOf(state)]++;
  const taken = counts.slice(1, routes + 1).map((count, r) => `${count} on route ${r + 1}`);
  return `${taken.join(", ")}, ${counts[0]} off their route`;
}
