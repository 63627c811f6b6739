// Painter of firms that post prices: their path between the competitive price and the joint optimum, and below it how all
// would answer if firm 1 were forced to cut once. The path is gathered here from the frames that arrive.

import { apart } from "../axes.js";
import { response } from "./oligopoly/response.js";
import { DASHES, HUES, THEORY, heading, theory, trace } from "./oligopoly/lines.js";
import { pathOf } from "./oligopoly/path.js";
import { lineMark } from "./shared/legend.js";
import { ring } from "./shared/lines.js";
import { write } from "./shared/text.js";

/** @import { Inks, Layer, MakePainter, Marked, Place } from "../page.js" */
/** @import { OligopolyFrame, OligopolyScene } from "../scenes.js" */
/** @import { Point } from "./oligopoly/path.js" */
/** Heights of a plot. @typedef {[top: number, bottom: number]} Plot */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

/** @type {MakePainter<"oligopoly">} */
export function painter(scene, ink, width, height, { card = false }) {
  const layout = layoutOf(scene, ink, width, height, card);
  const follow = pathOf(scene.levels);
  let ends = scene.firms.map(() => /** @type {Place} */ ([layout.right, layout.upper[0]])); // of the paths, as drawn last
  return {
    ground(c) {
      c.fillStyle = ink.surface;
      c.fillRect(0, 0, width, height);
    },
    moving(c, _from, frame, _part, selected) {
      const path = follow(frame.tick ?? 0, frame.actions),
        { values } = path[path.length - 1];
      theory(c, layout, frame, layout.upper);
      if (!card) paths(c, layout, path, selected);
      ends = endsOf(layout, values);
      values.forEach((value, firm) => tag(c, layout, ends[firm], value, firm, firm === selected));
      if (!card) response(c, layout, frame);
    },
    hit: (x, y) => nearestTag(ends, x, y),
    at: (agent) => ends[agent],
    describe: (frame) => describe(scene, frame),
    legend: () => [
      ...scene.firms.map((name, i) => marked(HUES[i % HUES.length], DASHES[i % DASHES.length], `firm ${name}`)),
      ...THEORY.map(([hue, name]) => marked(hue, [8, 4], name)),
    ],
  };
}

/** @param {string} hue @param {number[]} dashes @param {string} text @returns {Marked} */
const marked = (hue, dashes, text) => [lineMark(22, hue, 2, dashes.join(" ") || "none"), text];

/**
 * Two plots, the path and the answer to a cut, with one scale of levels.
 *
 * @param {OligopolyScene} scene
 * @param {Inks} ink
 * @param {number} width
 * @param {number} height
 * @param {boolean} card
 */
function layoutOf(scene, ink, width, height, card) {
  const all = scene.levels.flat(),
    [low, high] = [Math.min(...all), Math.max(...all)],
    room = (high - low) * 0.06 || 1;
  const divide = Math.round(height * 0.6);
  return {
    ...{ scene, ink, card, firms: scene.firms.length },
    left: card ? 14 : 58,
    right: width - (card ? 14 : 128),
    upper: /** @type {Plot} */ (card ? [14, height - 14] : [44, divide]),
    lower: /** @type {Plot} */ ([divide + 66, height - 44]),
    /** Height of a level in a plot. @param {number} value @param {Plot} plot */
    y: (value, [top, bottom]) => bottom - ((value - low + room) / (high - low + 2 * room)) * (bottom - top),
  };
}

/** @type {Layer<Layout, [path: Point[], selected: number]>} */
function paths(c, layout, path, selected) {
  const { scene, left, right, upper, y } = layout;
  const first = path[0].tick,
    last = Math.max(path[path.length - 1].tick, first + 1);
  const [initial, ...rest] = scene.what;
  heading(c, layout, `${initial.toUpperCase()}${rest.join("")} of each firm, since you have been watching`, upper);
  scene.firms.forEach((_, firm) => {
    const points = path.map(({ tick, values }) => {
      return /** @type {Place} */ ([left + ((tick - first) / (last - first)) * (right - left), y(values[firm], upper)]);
    });
    trace(c, layout, points, firm, firm === selected);
  });
}

/** Where names of firms stand; on a card, side by side. @param {Layout} layout @param {number[]} values @returns {Place[]} */
function endsOf({ card, firms, left, right, upper, y }, values) {
  const ends = values.map((value) => ({ at: y(value, upper) }));
  if (!card) apart([...ends], 17, -Infinity, Infinity);
  return ends.map(({ at }, i) => [card ? left + ((i + 0.5) / firms) * (right - left) : right, at]);
}

/** Name and price at the end of a path; on a card, a tag at the height of the price. @type {Layer<Layout, [end: Place, value: number, firm: number, chosen: boolean]>} */
function tag(c, layout, [x, y], value, firm, chosen) {
  const { scene, ink, card, upper } = layout,
    level = layout.y(value, upper); // the name may stand lower
  c.fillStyle = ink[HUES[firm % HUES.length]];
  c.beginPath();
  c.arc(x, level, card ? 6 : 4, 0, 7);
  c.fill();
  if (chosen) ring(c, ink, [x, level], 9, 2.5);
  const how = { colour: "ink", font: `${chosen ? 650 : 500} 12px` };
  if (card) write(c, ink, value.toFixed(2), x, y - 11, { colour: "ink", align: "center" });
  else write(c, ink, `Firm ${scene.firms[firm]}  ${value.toFixed(2)}`, x + 12, y + 4, how);
}

/** The firm whose mark or name lies at a place. @param {Place[]} ends @param {number} px @param {number} py */
function nearestTag(ends, px, py) {
  const far = ends.map(([x, y]) => Math.hypot(Math.max(0, px < x ? x - px : px - x - 100), y - py));
  const best = far.indexOf(Math.min(...far));
  return far[best] < 14 ? best : -1;
}

/** @param {OligopolyScene} scene @param {OligopolyFrame} frame */
function describe({ firms, levels, what }, frame) {
  const chosen = Array.from(frame.actions, (action, i) => levels[i][action].toFixed(2)).join(", ");
  const [nash, optimum] = [frame.lines[0], frame.lines[firms.length]].map((value) => value.toFixed(2));
  return `${firms.length} firms, ${what} ${chosen}; competitive ${nash}, joint optimum ${optimum}`;
}
