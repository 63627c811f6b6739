// How regimes are shown, the page's signature: one coloured band per stretch of time, on cards, charts and the timeline.
// Colour never speaks alone: kinds are hatched, plain, dotted, lined, hatched the other way and crossed, and blocks wide
// enough carry their letter.

import { s } from "./dom.js";

/** @import { Regime } from "./messages.js" */
/** A stretch of ticks under one regime. @typedef {Regime & { from: number, to: number }} Block */

const MARKS = ["a", "b", "c", "d", "e", "f"];

/** The letter of a kind of regime. @param {number} kind */
export const letter = (kind) => String.fromCharCode(65 + kind);

/** Definitions of the patterns; put once into the page. */
export function patterns() {
  /** @param {string} id @param {number} size @param {string | null} turn @param {SVGElement[]} marks */
  const tile = (id, size, turn, ...marks) =>
    s("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: turn }, ...marks);
  /** @param {string} name @param {number} size */
  const ground = (name, size) => s("rect", { width: size, height: size, style: `fill:var(--reg-${name})` });
  return s(
    "svg",
    { width: 0, height: 0, style: "position:absolute", "aria-hidden": "true" },
    s(
      "defs",
      null,
      tile(
        "el-reg-a",
        6,
        "rotate(45)",
        ground("a", 6),
        s("rect", { width: 1.6, height: 6, style: "fill:var(--reg-a-mark)" }),
      ),
      tile("el-reg-b", 8, null, ground("b", 8)),
      tile("el-reg-c", 6, null, ground("c", 6), s("circle", { cx: 3, cy: 3, r: 1.1, style: "fill:var(--reg-c-mark)" })),
      tile("el-reg-d", 5, null, ground("d", 5), s("rect", { width: 5, height: 1.5, style: "fill:var(--reg-d-mark)" })),
      tile(
        "el-reg-e",
        6,
        "rotate(-45)",
        ground("e", 6),
        s("rect", { width: 1.6, height: 6, style: "fill:var(--reg-e-mark)" }),
      ),
      tile(
        "el-reg-f",
        8,
        null,
        ground("f", 8),
        s("path", { d: "M2 4h4M4 2v4", style: "stroke:var(--reg-f-mark)", "stroke-width": 1.4 }),
      ),
    ),
  );
}

/** The fill of a kind of regime. @param {number} kind */
export const paint = (kind) => `url(#el-reg-${MARKS[kind % MARKS.length]})`;

/**
 * Blocks of a schedule between two ticks.
 *
 * @param {Regime[]} regimes
 * @param {boolean} repeat
 * @param {number} from
 * @param {number} to
 */
export function blocks(regimes, repeat, from, to) {
  const cycle = regimes.reduce((sum, regime) => sum + regime.ticks, 0);
  const found = /** @type {Block[]} */ ([]);
  if (!cycle) return found;
  let start = repeat ? Math.floor(from / cycle) * cycle : 0;
  for (let i = 0; start < to; i++) {
    const regime = regimes[i % regimes.length];
    const last = !repeat && i === regimes.length - 1;
    const end = last ? Math.max(start + regime.ticks, to) : start + regime.ticks;
    if (end > from) found.push({ ...regime, from: Math.max(start, from), to: Math.min(end, to) });
    if (last) break;
    start = end;
  }
  return found;
}

/**
 * Plain bands as SVG that stretch over their place.
 *
 * @param {Regime[]} regimes
 * @param {boolean} repeat
 * @param {number} from
 * @param {number} to
 * @param {number} width
 * @param {number} height
 */
export function bands(regimes, repeat, from, to, width, height) {
  const x = (/** @type {number} */ tick) => ((tick - from) / (to - from)) * width;
  return s(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    blocks(regimes, repeat, from, to).map((block) =>
      s("rect", {
        x: x(block.from),
        width: Math.max(0, x(block.to) - x(block.from)),
        height,
        style: `fill:${paint(block.kind)}`,
      }),
    ),
  );
}
