// Where places and roads lie, and how much room the table of routes takes.

import { HUES } from "../shared/actions.js";
import { lengthOf } from "../shared/lines.js";

/** @import { Inks, Place, Segment } from "../../page.js" */
/** @import { RoutesScene } from "../../scenes.js" */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

export const FEW = 12; // links; more leave no room for the time of each
export const ROW = 21; // height of a line of the table
export const CROWD = 100; // places; more are roads alone, without circles and names
const FLATTEST = 2.4; // a network may be stretched to so much wider than high

/**
 * `single`: one pair, whose routes have a colour each; `most`: routes of a pair, as frames count them.
 *
 * @param {RoutesScene} scene
 * @param {Inks} ink
 * @param {number} width
 * @param {number} height
 * @param {boolean} card
 */
export function layoutOf(scene, ink, width, height, card) {
  const single = scene.pairs.length === 1 && scene.routes[0].length <= HUES.length,
    rows = single && !card ? scene.names[0].length + 1 : 0;
  const city = scene.nodes.length > CROWD,
    margin = card || city ? 40 : 90,
    box = { left: margin, right: width - margin, top: card ? 22 : 50, low: height - (card ? 26 : 44 + rows * ROW) };
  const spots = placesOf(scene, box);
  const thick = city ? 4 : card ? 8 : scene.links.length > FEW ? 9 : 15; // roads
  const segments = segmentsOf(scene, spots, thick * 0.6);
  return {
    ...{ scene, ink, width, height, card, single, rows, spots, thick, segments },
    lengths: segments.map(lengthOf),
    middle: (box.top + box.low) / 2,
    most: Math.max(...scene.routes.map((routes) => routes.length)),
  };
}

/** Where drivers of a pair set out. @param {Layout} layout @param {number} pair */
export const originOf = ({ scene: { links, routes }, spots }, pair) => spots[links[routes[pair][0][0]][0]];

/** @param {RoutesScene} scene @param {{ left: number, right: number, top: number, low: number }} box @returns {Place[]} */
function placesOf({ nodes, span }, { left, right, top, low }) {
  const [wide, high] = [right - left, low - top],
    flat = span[1] > 0 ? span[0] / span[1] : 1;
  const [w, h] = [Math.min(wide, high * Math.max(FLATTEST, flat)), Math.min(high, wide)];
  return nodes.map(({ x, y }) => [left + (wide - w) / 2 + x * w, top + (high - h) / 2 + y * h]);
}

/** Links by their ends; two ways lie side by side, `aside` to the right. @param {Pick<RoutesScene, "links">} scene @param {Place[]} spots @param {number} aside @returns {Segment[]} */
export function segmentsOf({ links }, spots, aside) {
  const ways = new Set(links.map(([i, j]) => `${i}-${j}`));
  return links.map(([i, j]) => {
    const [[x0, y0], [x1, y1]] = [spots[i], spots[j]],
      far = Math.hypot(x1 - x0, y1 - y0) || 1,
      off = ways.has(`${j}-${i}`) ? aside : 0;
    const [dx, dy] = [(-(y1 - y0) / far) * off, ((x1 - x0) / far) * off];
    return [x0 + dx, y0 + dy, x1 + dx, y1 + dy];
  });
}
