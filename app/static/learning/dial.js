// The dial of a panel: a value between benchmarks, and beside it how a headline metric got there.

import { s, h } from "../dom.js";
import { trend } from "./trend.js";
import { number } from "../words.js";

/** @import { Dial } from "../messages.js" */
/** @import { Child } from "../page.js" */
/** @import { Context } from "./panels.js" */
/** @typedef {[at: number, name: string]} Mark */

const WIDE = 190,
  CX = 95,
  CY = 98,
  R = 62;

/**
 * A half circle from -1, or the lowest mark, to 1, filled from 0 to the value; marks below -1 say where they are.
 *
 * @param {Dial} panel
 * @param {Context} context
 */
export function dial(panel, context) {
  const marks = merged(panel.marks.map(([at, name]) => (at < -1 ? [-1, `${name} ${number(at)}`] : [at, name])));
  const scale = scaleOf(Math.min(0, marks[0][0]), 1);
  const { value } = panel;
  const told = number(value);
  return h(
    "div",
    { class: "el-dialrow" },
    s(
      "svg",
      { width: WIDE, height: 120, role: "img", "aria-label": `${panel.title} ${told}; ${panel.note}` },
      s("path", { d: scale.whole(R), style: "stroke:var(--hair);fill:none", "stroke-width": 13 }),
      value !== null && filled(value, scale),
      s("path", { d: scale.whole(R + 6.5), style: "stroke:var(--edge);fill:none" }),
      marks.map(([at, name]) => mark(at, name, scale)),
      value !== null && needle(scale.on(value, R - 24), scale.on(value, R - 8)),
      s("text", { x: CX, y: CY - 1, "text-anchor": "middle", class: "el-big" }, told),
    ),
    trend(panel.trend, context),
  );
}

/** Places on the half circle. @param {number} low @param {number} high */
function scaleOf(low, high) {
  const turn = (/** @type {number} */ at) => Math.PI * (1 - Math.max(0, Math.min(1, (at - low) / (high - low))));
  /** @param {number} at @param {number} r */
  const on = (at, r) => [CX + r * Math.cos(turn(at)), CY - r * Math.sin(turn(at))].map((part) => part.toFixed(1));
  /** @param {number} from @param {number} to @param {number} r */
  const arc = (from, to, r) => `M${on(from, r)}A${r} ${r} 0 0 1 ${on(to, r)}`;
  return { low, high, turn, on, arc, whole: (/** @type {number} */ r) => arc(low, high, r) };
}

/** The way from 0 to the value. @param {number} value @param {ReturnType<typeof scaleOf>} scale */
const filled = (value, { low, high, arc }) =>
  s("path", {
    d: value < 0 ? arc(Math.max(value, low), 0, R) : arc(0, Math.min(value, high), R),
    style: `stroke:var(--${value < 0 ? "green" : "orange"}-fill);fill:none`,
    "stroke-width": 13,
  });

/** @param {number} at @param {string} name @param {ReturnType<typeof scaleOf>} scale @returns {Child} */
function mark(at, name, { on, turn }) {
  const [[x1, y1], [x2, y2]] = [on(at, R - 8), on(at, R + 11)];
  return [s("line", { x1, y1, x2, y2, style: "stroke:var(--ink)", "stroke-width": 1.6 }), label(turn(at), name)];
}

/** Marks that would lie on each other share a name. @param {Mark[]} marks @returns {Mark[]} */
function merged(marks) {
  const sorted = [...marks].sort((a, b) => a[0] - b[0]),
    span = sorted[sorted.length - 1][0] - sorted[0][0] || 1;
  return sorted.reduce((kept, [at, name]) => {
    const last = kept.at(-1);
    if (last && at - last[0] < 0.05 * span) last[1] = `${last[1]}, ${name}`;
    else kept.push([at, name]);
    return kept;
  }, /** @type {Mark[]} */ ([]));
}

/**
 * Names at the ends stand under the dial, others outside of it.
 *
 * @param {number} angle
 * @param {string} name
 * @returns {Child}
 */
function label(angle, name) {
  if (angle > 0.93 * Math.PI) return s("text", { x: 0, y: CY + 17 }, name);
  if (angle < 0.07 * Math.PI) return s("text", { x: CX + R + 18, y: CY + 17, "text-anchor": "end" }, name);
  const [tx, ty] = [CX + (R + 11) * Math.cos(angle), CY - (R + 11) * Math.sin(angle)];
  const half = 3.2 * name.length,
    x = Math.max(half, Math.min(WIDE - half, tx)),
    aside = Math.max(0, Math.abs(x - CX) - half); // the words' nearest point to the middle
  const y = CY - Math.sqrt((R + 11) ** 2 - aside ** 2) - 5;
  return [
    s("text", { x, y, "text-anchor": "middle" }, name),
    ty - y > 6 &&
      s("path", {
        d: `M${tx} ${ty}L${Math.max(x - half, Math.min(x + half, tx))} ${y + 4}`,
        style: "stroke:var(--ink-3)",
      }),
  ];
}

/** @param {string[]} from @param {string[]} to */
const needle = ([x1, y1], [x2, y2]) =>
  s("line", { x1, y1, x2, y2, style: "stroke:var(--ink)", "stroke-width": 3.4, "stroke-linecap": "round" });
