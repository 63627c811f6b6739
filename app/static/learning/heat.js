// What one agent has learned as a heat map: states in rows and columns, actions in colours and signs.

import { h, s } from "../dom.js";
import { narrow } from "../narrow.js";

/** @import { Heat } from "../messages.js" */
/** @import { Child } from "../page.js" */
/** @typedef {Heat["cells"][number][number]} Cell */
/**
 * How a cell looks whose middle is at a place: its hue, how strong, and its mark.
 *
 * @typedef {(value: Cell, x: number, y: number) => { hue: string, part: number, mark: Child }} Look
 */
/**
 * Sizes of the map, in pixels.
 *
 * @typedef {{ width: number, left: number, cell: number, high: number, foot: number }} Size
 */

const TOP = 20;

/** Long names of rows and many columns need the whole width of the sidebar. @param {Heat} heat */
const wide = (heat) => heat.columns.length > 8 || Math.max(...heat.rows.map((label) => label.length)) > 7;

/** Two actions lean blue or orange; more take a colour each. */
const HUES = [
  "var(--heat-lo)",
  "var(--heat-hi)",
  "var(--green-fill)",
  "var(--purple-fill)",
  "var(--sky-fill)",
  "var(--yellow-fill)",
];

/**
 * The map with what its marks mean, beside what is told of the agent.
 *
 * @param {Heat} heat
 * @param {string} name
 * @param {Child} told
 */
export const heatMap = (heat, name, told) =>
  h(
    "div",
    { class: `el-insp ${wide(heat) ? "el-wide" : ""}` },
    h(
      "div",
      null,
      map(heat, name),
      h(
        "div",
        { class: "el-key" },
        heat.ordered
          ? [h("span", null, "Darker: worth more"), h("span", null, dot(), "preferred")]
          : heat.actions.map((name, action) => h("span", null, key(action), name)),
        h("span", null, "Larger: visited more"),
      ),
    ),
    told,
  );

/** @param {Heat} heat @param {string} name */
function map(heat, name) {
  const size = sizeOf(heat),
    { width, foot } = size;
  const look = heat.ordered ? steps : actions(heat);
  return s(
    "svg",
    {
      width,
      height: foot + 36,
      role: "img",
      "aria-label": `What ${name} has learned, by ${heat.row_title} and ${heat.column_title}`,
    },
    s("text", { x: 0, y: 11 }, heat.row_title),
    heat.cells.map((row, r) => row.map((value, c) => cellOf(value, r, c, size, heat.ordered, look))),
    heat.here && here(heat.here, size),
    labels(heat, size),
    s("text", { x: width, y: foot + 31, "text-anchor": "end" }, heat.column_title),
  );
}

/** @param {Heat} heat @returns {Size} */
function sizeOf(heat) {
  const width = wide(heat) ? (narrow.matches ? 316 : 364) : narrow.matches ? 150 : 190;
  const left = 12 + 6.6 * longest(heat.rows),
    cell = (width - left - 2) / heat.columns.length,
    high = Math.min(Math.max(cell, 18), 36);
  return { width, left, cell, high, foot: TOP + heat.rows.length * high };
}

/** @param {string[]} labels */
const longest = (labels) => Math.max(...labels.map((label) => label.length));

/**
 * @param {Cell} value
 * @param {number} r
 * @param {number} c
 * @param {Size} size
 * @param {boolean} ordered
 * @param {Look} look
 */
function cellOf(value, r, c, { left, cell, high }, ordered, look) {
  const [x, y] = [left + c * cell, TOP + r * high],
    part = 0.35 + 0.65 * Math.sqrt(value.visits);
  const [w, t] = [(cell - 2) * part, (high - 2) * part];
  const [mx, my] = [x + cell / 2, y + high / 2];
  const { hue, part: strength, mark } = look(value, mx, my);
  const tint = `color-mix(in oklab, ${hue} ${Math.round(strength)}%, var(--heat-mid))`;
  return s(
    "g",
    null,
    s("rect", { x: x + 1, y: y + 1, width: cell - 2, height: high - 2, rx: 2, style: "fill:var(--heat-mid)" }),
    value.visits > 0 && s("rect", { x: mx - w / 2, y: my - t / 2, width: w, height: t, rx: 2, style: `fill:${tint}` }),
    value.visits > 0 && (ordered || cell > 15) && mark,
  );
}

/** Where the agent is. @param {[row: number, column: number]} place @param {Size} size */
const here = ([row, column], { left, cell, high }) =>
  s("rect", {
    x: left + column * cell,
    y: TOP + row * high,
    width: cell,
    height: high,
    rx: 3,
    style: "fill:none;stroke:var(--ink)",
    "stroke-width": 2.25,
  });

/** Names of rows and columns, those that have room. @param {Heat} heat @param {Size} size @returns {Child} */
function labels(heat, { width, left, cell, high, foot }) {
  const room = (width - left) / heat.columns.length,
    skip = Math.max(1, Math.ceil((8 + 6.4 * longest(heat.columns)) / room));
  return [
    heat.rows.map(
      (label, r) =>
        (high > 12 || r % 2 === 0) && s("text", { x: left - 6, y: 24 + (r + 0.5) * high, "text-anchor": "end" }, label),
    ),
    heat.columns.map(
      (label, c) =>
        c % skip === 0 && s("text", { x: left + (c + 0.5) * cell, y: foot + 15, "text-anchor": "middle" }, label),
    ),
  ];
}

/**
 * Cells of choices that are steps of one thing: one hue, darker where worth more, a dot on the preferred one.
 *
 * @type {Look}
 */
const steps = (value, x, y) => ({
  hue: HUES[0],
  part: 6 + 84 * value.lean,
  mark: value.best && s("circle", { cx: x, cy: y, r: 2.4, style: "fill:#fff;stroke:#13201B", "stroke-width": 1 }),
});

/** Cells of choices that have little in common: a hue and a sign each. @param {Heat} heat @returns {Look} */
function actions(heat) {
  const own = heat.columns.join() === heat.actions.join(); // then a cell leans for or against its own action
  const strongest = Math.max(...heat.cells.flat().map((cell) => Math.abs(cell.lean))) || 1;
  return ({ action, lean: leaning }, x, y) => {
    const lean = Math.min(1, own ? Math.max(0, leaning / strongest) : Math.abs(leaning / strongest));
    const ink = action === 0 && lean > 0.6 ? "#fff" : lean > 0.3 ? "#13201B" : "var(--ink)";
    return { hue: HUES[action % HUES.length], part: (own ? 8 : 30) + 70 * lean, mark: sign(action, x, y, ink) };
  };
}

const dot = () =>
  s(
    "svg",
    { width: 12, height: 12 },
    s("circle", { cx: 6, cy: 6, r: 3, style: "fill:#fff;stroke:#13201B", "stroke-width": 1 }),
  );

/**
 * A second channel for the action: dash, arrow, cross, ring.
 *
 * @param {number} action
 * @param {number} x
 * @param {number} y
 * @param {string} ink
 */
function sign(action, x, y, ink) {
  const paths = ["M-5 0h10", "M-4.500 4.500l9-9m-5.500 0h5.500v5.500", "M-4-4l8 8m0-8l-8 8", "M0-4a4 4 0 1 1-.01 0z"];
  return s("path", {
    d: paths[action % paths.length],
    transform: `translate(${x} ${y})`,
    style: `stroke:${ink};fill:none`,
    "stroke-width": 1.8,
  });
}

/** @param {number} action */
function key(action) {
  return s(
    "svg",
    { width: 14, height: 14, viewBox: "-8 -8 16 16" },
    s("rect", { x: -7, y: -7, width: 14, height: 14, rx: 2, style: `fill:${HUES[action % HUES.length]}` }),
    sign(action, 0, 0, action === 0 ? "#fff" : "#13201B"),
  );
}
