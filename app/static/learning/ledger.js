// The ledger of a panel: a total, the parts that make it up, and whether they do.

import { h } from "../dom.js";

/** @import { Ledger } from "../messages.js" */
/** @import { Child } from "../page.js" */

const PARTS = ["blue-fill", "orange-fill", "green-fill", "purple-fill"];

/** A total and its parts, and whether they add up. @param {Ledger} panel */
export function ledger({ total: [name, total], parts, unit }) {
  const gap = total - parts.reduce((sum, [, value]) => sum + value, 0),
    adds = Math.abs(gap) <= 1e-6 * Math.max(1, Math.abs(total));
  const money = (/** @type {number} */ value) =>
    `${value < -0.5 ? "−" : ""}${Math.round(Math.abs(value)).toLocaleString("en")}`;
  /** @param {string} sign @param {Child} text @param {Child} value @param {string} [colour] */
  const row = (sign, text, value, colour) => [
    h(
      "dt",
      null,
      h("span", { class: "el-sign" }, sign),
      colour && h("i", { style: `background:var(--${colour})` }),
      text,
    ),
    h("dd", null, value),
  ];
  return [
    h("dl", { class: "el-ledger" }, [
      row("", h("b", null, name), h("b", null, `${money(total)} ${unit}`)),
      parts.map(([text, value], i) => row(i ? "+" : "=", text, money(value), PARTS[i % PARTS.length])),
    ]),
    parts.every(([, value]) => value >= 0) &&
      h(
        "div",
        { class: "el-parts", "aria-hidden": "true" },
        parts.map(([, value], i) => h("i", { style: `flex:${value};background:var(--${PARTS[i % PARTS.length]})` })),
      ),
    h(
      "p",
      { class: `el-xs ${adds ? "el-good" : "el-bad"}` },
      adds ? "✓ adds up" : `✕ ${money(gap)} ${unit} unaccounted for`,
    ),
  ];
}
