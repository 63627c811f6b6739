// The table of a panel: agents in rows, values as bars with what to compare them with.

import { h, s } from "../dom.js";
import { narrow } from "../narrow.js";
import { number } from "../words.js";

/** @import { Bar, Barred, Table } from "../messages.js" */
/** @import { Context } from "./panels.js" */

/** @type {((x: number) => SVGElement)[]} */
const MARKS = [
  (x) =>
    s("line", {
      x1: x,
      x2: x,
      y1: 2,
      y2: 18,
      style: "stroke:var(--ink)",
      "stroke-width": 1.8,
      "stroke-dasharray": "3 1.5",
    }),
  (x) =>
    s("path", {
      d: `M${x - 4} 10l4-4.500 4 4.500-4 4.500z`,
      style: "fill:var(--surface);stroke:var(--verm-line)",
      "stroke-width": 1.6,
    }),
];

/** @param {Table} panel @param {Context} context */
export function table(panel, { agent }) {
  const titles = panel.columns.map(({ title, bar }) => h(title ? "th" : "td", { class: bar && "el-barred" }, title));
  const rows = panel.rows.map((row) =>
    h(
      "tr",
      { "data-agent": row.agent, class: row.agent === agent ? "el-on" : null },
      row.cells.map((cell, i) =>
        h("td", { class: panel.columns[i].bar && "el-barred" }, shown(cell, panel.columns[i])),
      ),
    ),
  );
  return [
    h("table", { class: "el-t" }, h("thead", null, h("tr", null, titles)), h("tbody", null, rows)),
    legend(panel),
  ];
}

/** What the marks of the bars mean. @param {Table} panel */
function legend({ columns, unit }) {
  const bar = columns.find((column) => column.bar)?.bar;
  const above = s("rect", { width: 12, height: 9, y: 1, style: "fill:var(--verm-fill)" });
  return h(
    "div",
    { class: "el-legend", style: "margin-top:6px;gap:2px 14px" },
    bar?.marks.map((name, i) => h("span", null, s("svg", { width: 12, height: 20 }, MARKS[i](6)), name)),
    bar && h("span", null, s("svg", { width: 12, height: 10 }, above), bar.above),
    unit && h("span", null, unit),
  );
}

/** @param {number | string | Barred} cell @param {Table["columns"][number]} column */
const shown = (cell, { bar }) =>
  typeof cell === "number" ? number(cell) : typeof cell === "string" ? cell : bar && barOf(cell, bar);

/** A value as a bar from 0, with the values to compare it with. @param {Barred} cell @param {Bar} bar */
function barOf({ value, marks, above }, { high, marks: names }) {
  const wide = narrow.matches ? 96 : 128,
    x = (/** @type {number} */ at) => 2 + ((wide - 8) * Math.max(0, Math.min(at, high))) / high;
  const known = marks.flatMap((at, i) => (at === null ? [] : [[at, i]]));
  const told = [number(value), ...known.map(([at, i]) => `${names[i]} ${number(at)}`)].join(", ");
  return s(
    "svg",
    { width: wide, height: 20, role: "img", "aria-label": told },
    s("rect", { x: 2, y: 6, width: x(value) - 2, height: 8, style: `fill:var(--${above ? "verm" : "blue"}-fill)` }),
    s("line", { x1: 2, x2: 2, y1: 2, y2: 18, style: "stroke:var(--ink)" }),
    known.map(([at, i]) => MARKS[i](x(at))),
  );
}
