// What the pairs of a what-if say, in numbers: a row per metric, and every pair as a dot.

import { h, s } from "../dom.js";
import { number } from "../words.js";

/** @import { Answer, World } from "../messages.js" */

const WIDE = 300, // of the dots, before they stretch over their place
  ACROSS = 10,
  FOOT = 57;

/** A difference with its sign. @param {number | null} value */
export const signed = (value) => (value !== null && value > 0 ? `+${number(value)}` : number(value));

/** @param {World} world @param {Pick<Answer, "numbers" | "over">} answer */
export function pairsTable(world, { numbers, over }) {
  const few = { class: "el-opt" };
  const titles = [h("td"), h("th", few, "A"), h("th", few, "B"), h("th", null, "B − A"), h("th", null, "95 %")];
  return h(
    "div",
    null,
    h("div", { class: "el-sec" }, h("h2", null, "In numbers"), h("span", { class: "el-aside" }, over)),
    h(
      "table",
      { class: "el-t el-pairs" },
      h("thead", null, h("tr", null, titles)),
      h(
        "tbody",
        null,
        numbers.map((row) => rowOf(world, row)),
      ),
    ),
  );
}

/** @param {World} world @param {Answer["numbers"][number]} row */
function rowOf(world, { metric, good, values }) {
  const [a, b, apart, low, high] = values;
  const { title, unit, meaning } = world.metrics[metric];
  const { mark, better } = judged(apart, low, high, good);
  return h(
    "tr",
    { title: meaning },
    h("td", null, title, unit && h("span", { class: "el-faint" }, `, ${unit}`)),
    h("td", { class: "el-opt" }, number(a)),
    h("td", { class: "el-opt" }, number(b)),
    h("td", { class: better === null ? "" : better ? "el-good" : "el-bad" }, h("b", null, `${mark} ${signed(apart)}`)),
    h("td", { class: "el-mute" }, low === null ? "–" : `[${number(low)}, ${number(high)}]`),
  );
}

/**
 * Whether a difference is clear, and then whether it is for the better; null where that cannot be said.
 *
 * @param {number | null} apart
 * @param {number | null} low
 * @param {number | null} high
 * @param {"low" | "high" | null} good
 */
export function judged(apart, low, high, good) {
  const clear = (low ?? 0) > 0 || (high ?? 0) < 0;
  if (!clear) return { mark: "○", better: null };
  if (!good) return { mark: "", better: null };
  const better = (apart ?? 0) < 0 === (good === "low");
  return { mark: better ? "✓" : "✕", better };
}

/** Every pair as a dot, stacked where they would lie on each other. @param {World} world @param {number[]} seeds */
export function pairsDots(world, seeds) {
  const unit = world.metrics[world.headline[0]].unit;
  const low = Math.min(0, ...seeds),
    high = Math.max(0, ...seeds);
  const x = (/** @type {number} */ value) => 8 + ((value - low) / (high - low || 1)) * (WIDE - 16);
  const places = stacked(seeds.map((value) => Math.round(x(value) / ACROSS)));
  const top = 52 - Math.max(...places.map(({ level }) => level + 1)) * 9,
    height = 76 - top;
  const ends = [...new Set([low, 0, high])].filter((value, i, all) => i === 0 || x(value) - x(all[i - 1]) > 40);
  const anchor = (/** @type {number} */ value) => (value === low ? "start" : value === high ? "end" : "middle");
  const told = `${seeds.length} pairs, from ${number(low)} to ${number(high)}`;
  return h(
    "div",
    null,
    h(
      "div",
      { class: "el-sec", style: "margin:8px 0 0" },
      h("h2", null, "Every pair"),
      h("span", { class: "el-aside" }, `B − A${unit ? `, ${unit}` : ""}`),
    ),
    s(
      "svg",
      {
        viewBox: `0 ${top} ${WIDE} ${height}`,
        width: "100%",
        height: Math.min(84, height),
        role: "img",
        "aria-label": told,
      },
      s("line", { x1: 0, x2: WIDE, y1: FOOT, y2: FOOT, style: "stroke:var(--edge)" }),
      places.map(({ column, level }, i) => dot(column * ACROSS, 50 - level * 9, signed(seeds[i]))),
      ends.map((value) => s("text", { x: x(value), y: 73, "text-anchor": anchor(value) }, number(value))),
    ),
  );
}

/** How high each lies over those before it in its column. @param {number[]} columns */
export function stacked(columns) {
  const highest = /** @type {Map<number, number>} */ (new Map());
  return columns.map((column) => {
    const level = highest.get(column) ?? 0;
    highest.set(column, level + 1);
    return { column, level };
  });
}

/** @param {number} cx @param {number} cy @param {string} said */
const dot = (cx, cy, said) => s("circle", { cx, cy, r: 4, style: "fill:var(--blue-line)" }, s("title", null, said));
