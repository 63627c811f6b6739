// The plan of a power network: where buses, plants and words go, so that little covers anything else. Boxes stay where the case
// puts them; everything else takes the free spot that covers least.

import { alongside, beside, corners, discs, edges, hanging, wideOf } from "./candidates.js";
import { around, middle, packing } from "./packing.js";

/** @import { Inks, Place, Segment } from "../../page.js" */
/** @import { GridScene } from "../../scenes.js" */
/** @import { Packing, Rectangle } from "./packing.js" */
/** Of boxes, their font with its digits, discs, and the widest line. @typedef {{ w: number, h: number, font: number, digits: number, r: number, wide: number }} Size */
/** A plant; `first`: at the first bus of its agent; `label`: where its name stands, if there is room. @typedef {{ agent: number, bus: number, first: boolean, x: number, y: number, label: Rectangle | null }} Plant */
/** @typedef {ReturnType<typeof plan>} Plan */

/** @type {Size[]} */
const SIZES = [
  { w: 48, h: 26, font: 13, digits: 1, r: 16, wide: 9 },
  { w: 38, h: 20, font: 12, digits: 1, r: 12, wide: 7 },
  { w: 29, h: 16, font: 12, digits: 0, r: 8, wide: 4.5 },
  { w: 24, h: 14, font: 12, digits: 0, r: 7, wide: 4 },
];
/** Without words. @type {Size[]} */
const CARD = [
  { w: 26, h: 13, font: 0, digits: 0, r: 8, wide: 5 },
  { w: 15, h: 8, font: 0, digits: 0, r: 5, wide: 4.5 },
  { w: 6, h: 5, font: 0, digits: 0, r: 2.5, wide: 2 },
];
const FEW = 8; // buses
const MANY = 40; // buses; more leave no room for names
const CROWDED = 60; // costs of a name for which there is no room

/**
 * Sizes, places in pixels of buses and lines, and spots of plants, loads and labels; `small`: no room for most words.
 *
 * @param {GridScene} scene
 * @param {Inks} ink
 * @param {number} width
 * @param {number} height
 * @param {boolean} card
 */
export function plan(scene, ink, width, height, card) {
  const spots = places(scene, width, height, card),
    size = sizeFor(spots, card),
    small = size.digits === 0;
  const segments = segmentsOf(scene.lines, spots, size.wide + 3);
  const room = packing(
    spots.map(([x, y]) => around(x, y, size.w + 4, size.h + 4)),
    segments,
    width,
    height,
  );
  const plate = !card && scene.agents.some(isRegulator) ? room.place(edges(width, height)) : null;
  const loads = spots.map((spot, bus) => (small ? null : loadAt(spot, scene.load_mw, bus, size, room)));
  const plants = plantsOf(scene, spots, size, card, room);
  return {
    ...{ scene, ink, width, height, card, size, small, spots, segments, plate, loads, plants },
    names: spots.map(([x, y], bus) =>
      small ? null : room.place(corners(x, y, size, wideOf(scene.buses[bus].name) + 2)),
    ),
    labels: segments.map((segment) => {
      if (card) return null;
      return small ? room.placeIfFree(alongside(segment)) : room.place(alongside(segment));
    }),
  };
}

/** @param {GridScene["agents"][number]} agent */
export const isRegulator = ({ kind }) => kind === "regulator";

/** @param {GridScene} scene @param {number} width @param {number} height @param {boolean} card @returns {Place[]} */
function places({ buses }, width, height, card) {
  const [mx, my] = card ? [24, 16] : buses.length > MANY ? [30, 26] : [64, 54];
  return buses.map(({ x, y }) => [mx + x * (width - 2 * mx), my + y * (height - 2 * my)]);
}

/** The largest at which no box lies on another. @param {Place[]} spots @param {boolean} card */
function sizeFor(spots, card) {
  if (card) return CARD[Number(spots.length > FEW) + Number(spots.length > MANY)];
  return SIZES.find((size) => fits(spots, size)) ?? SIZES[SIZES.length - 1];
}

/** @param {Place[]} spots @param {Size} size */
const fits = (spots, { w, h }) =>
  spots.every(([x, y], i) => spots.every(([u, v], j) => j <= i || Math.abs(x - u) > w + 2 || Math.abs(y - v) > h + 2));

/** Ends of lines in pixels; those between the same two buses side by side. @param {GridScene["lines"]} lines @param {Place[]} spots @param {number} apart @returns {Segment[]} */
export function segmentsOf(lines, spots, apart) {
  /** @param {{ from: number, to: number }} line */
  const ends = ({ from, to }) => [Math.min(from, to), Math.max(from, to)];
  return lines.map((line) => {
    const [low, high] = ends(line),
      group = lines.filter((each) => ends(each)[0] === low && ends(each)[1] === high);
    const [dx, dy] = [spots[high][0] - spots[low][0], spots[high][1] - spots[low][1]],
      off = ((group.indexOf(line) - (group.length - 1) / 2) * apart) / (Math.hypot(dx, dy) || 1);
    const [[x0, y0], [x1, y1]] = [spots[line.from], spots[line.to]];
    return [x0 - dy * off, y0 + dx * off, x1 - dy * off, y1 + dx * off];
  });
}

/** A triangle below a box, its area as the load; null for none. @param {Place} spot @param {number[]} loads @param {number} bus @param {Size} size @param {Packing} room */
function loadAt([x, y], loads, bus, size, room) {
  if (!(loads[bus] > 0)) return null;
  const half = 4 + 7 * Math.sqrt(loads[bus] / Math.max(...loads));
  const [left, top, wide] = room.place(hanging(x, y, size, half));
  return { x: left + wide / 2, y: top + 5, half };
}

/** @param {GridScene} scene @param {Place[]} spots @param {Size} size @param {boolean} card @param {Packing} room @returns {Plant[]} */
const plantsOf = ({ agents }, spots, size, card, room) =>
  agents.flatMap(({ name, buses }, agent) =>
    buses.map((bus, k) => {
      const named = k === 0 && !card ? wideOf(name) + wideOf(" +100 %") : 0; // with what it asks
      return { agent, bus, first: k === 0, ...plantAt(spots[bus], size, named, room) };
    }),
  );

/** The spot where a disc and its words, `named` pixels wide, cover least. @param {Place} spot @param {Size} size @param {number} named @param {Packing} room */
function plantAt([x, y], size, named, room) {
  const small = size.digits === 0;
  const options = discs(x, y, size).map((disc) => {
    const [label, more] = named ? room.cheapest(beside(middle(disc), size.r + 5, named, 15)) : [null, 0];
    const crowded = small && more > CROWDED;
    return { disc, label: crowded ? null : label, cost: room.cost(disc) + (crowded ? CROWDED : more) };
  });
  const best = options.reduce((least, each) => (each.cost < least.cost - 1e-9 ? each : least));
  room.take(best.disc);
  if (best.label) room.take(best.label);
  return { ...middle(best.disc), label: best.label };
}
