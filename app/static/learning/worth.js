// What a memory is worth: the advice, and what a frozen learner keeps of each regime.

import { h, s } from "../dom.js";
import { letter } from "../regimes.js";
import { number } from "../words.js";

/** @import { Keeping } from "../messages.js" */

const CELL = 36,
  ROW = 21;

/** @param {Keeping} keeping */
export function worthOf({ advice, kept }) {
  const [verdict, reason] = advice.split(": ");
  return [
    h("div", { class: "el-sec" }, h("h2", null, "Is a memory worth it?")),
    h("p", { class: "el-words" }, h("b", null, `${verdict}: `), reason),
    h(
      "details",
      { class: "el-more" },
      h("summary", null, "What is kept of each regime"),
      h(
        "div",
        { class: "el-kept" },
        Object.entries(kept).map(([which, table]) => keptTable(which, table)),
      ),
      h(
        "p",
        { class: "el-xs el-mute" },
        "How much of its gain over random play (in %) a frozen learner keeps in the column's regime, after learning ",
        "the row's regime.",
      ),
    ),
  ];
}

/** @param {string} which @param {Keeping["kept"][string]} table */
function keptTable(which, table) {
  const text = (/** @type {number | null} */ value) => (value === null ? "–" : number(Math.round(100 * value)));
  const told = table.map((row, r) => `after ${letter(r)}, ${row.map(text).join(" ")}`).join("; "),
    side = table.length;
  return s(
    "svg",
    {
      width: 20 + side * CELL,
      height: 34 + side * ROW,
      role: "img",
      "aria-label": `Kept ${which} memory: ${told}`,
    },
    s("text", { x: 20, y: 11 }, `${which} memory`),
    table.map((row, r) => [
      s("text", { x: 20 + (r + 0.5) * CELL, y: 28, "text-anchor": "middle" }, letter(r)),
      s("text", { x: 6, y: 34 + (r + 0.5) * ROW + 4, "text-anchor": "middle" }, letter(r)),
      row.map((value, c) => [
        s("rect", { x: 20 + c * CELL, y: 34 + r * ROW, width: CELL - 2, height: ROW - 2, rx: 2, style: tint(value) }),
        s(
          "text",
          { x: 19 + (c + 0.5) * CELL, y: 33 + (r + 0.5) * ROW + 4, "text-anchor": "middle", style: "fill:var(--ink)" },
          text(value),
        ),
      ]),
    ]),
  );
}

/** The more is lost, the more vermilion. @param {number | null} value */
function tint(value) {
  const lost = value === null ? 0 : Math.max(0, Math.min(1, 1 - value));
  return `fill:color-mix(in oklab, var(--verm-fill) ${Math.round(50 * lost)}%, var(--heat-mid))`;
}
