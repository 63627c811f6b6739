// Marks of power networks and what they mean; each is drawn the same way wherever it stands.

import { h, s } from "../../dom.js";
import { mark, stroke } from "../shared/legend.js";
import { line } from "../shared/lines.js";

/** @import { Brush, Inks, Marked } from "../../page.js" */

/** A head of an arrow that points along (ux, uy). @param {Brush} c @param {number} x @param {number} y @param {number} ux @param {number} uy @param {number} long */
export function arrow(c, x, y, ux, uy, long) {
  c.beginPath();
  c.moveTo(x + ux * long, y + uy * long);
  c.lineTo(x - ux * long * 0.8 - uy * long, y - uy * long * 0.8 + ux * long);
  c.lineTo(x - ux * long * 0.8 + uy * long, y - uy * long * 0.8 - ux * long);
  c.closePath();
  c.fill();
  c.stroke();
}

/** A triangle that takes power from the box above it. @param {Brush} c @param {{ x: number, y: number, half: number }} load */
export function triangle(c, { x, y, half }) {
  line(c, x, y - 5, x, y);
  c.beginPath();
  c.moveTo(x - half, y);
  c.lineTo(x + half, y);
  c.lineTo(x, y + 1.5 * half);
  c.closePath();
  c.fill();
}

/** The sign of alternating current, in a disc. @param {Brush} c @param {number} x @param {number} y @param {number} q */
export function wave(c, x, y, q) {
  c.beginPath();
  c.moveTo(x - q, y);
  c.quadraticCurveTo(x - q / 2, y - 1.15 * q, x, y);
  c.quadraticCurveTo(x + q / 2, y + 1.15 * q, x + q, y);
  c.stroke();
}

/** A battery, filled with what is stored (0 to 1). @param {Brush} c @param {Inks} ink @param {number} x @param {number} y @param {number} r @param {number} stored */
export function battery(c, ink, x, y, r, stored) {
  c.fillStyle = ink["green-fill"];
  c.fillRect(x - r + 2, y - 0.68 * r + 2, (2 * r - 4) * Math.max(0, Math.min(1, stored)), 1.36 * r - 4);
  c.fillStyle = ink.ink;
  c.fillRect(x + r, y - 0.25 * r, 0.2 * r, 0.5 * r);
}

/** Text with a rim of the colour under it, so that lines do not cross it. @param {Brush} c @param {string} under @param {string} text @param {number} x @param {number} y */
export function halo(c, under, text, x, y) {
  c.strokeStyle = under;
  c.lineWidth = 3;
  c.lineJoin = "round";
  c.strokeText(text, x, y);
  c.lineJoin = "miter";
  c.fillText(text, x, y);
}

/**
 * Two texts in a row, the first in bold; `align` says which part of them is at `x`, from 0 (left) to 1 (right).
 *
 * @param {Brush} c
 * @param {Inks} ink
 * @param {string} under
 * @param {[string, string]} texts
 * @param {number} x
 * @param {number} y
 * @param {number} align
 */
export function pair(c, ink, under, [name, more], x, y, align) {
  const fonts = [`650 12px ${ink.font}`, `12px ${ink.font}`];
  const [first, second] = [name, more].map((text, i) => {
    c.font = fonts[i];
    return c.measureText(text).width;
  });
  const left = x - (first + second) * align;
  c.textAlign = "left";
  c.fillStyle = ink["ink-2"];
  halo(c, under, more, left + first, y);
  c.font = fonts[0];
  c.fillStyle = ink.ink;
  halo(c, under, name, left, y);
}

/** @type {() => Marked[]} */
export function legend() {
  /** @param {string} style */
  const down = (style) => mark(14, s("path", { d: "M2 2h10l-5 8z", style }));
  const out = s("path", { d: "M7 2l8 8m0-8l-8 8", style: "stroke:var(--verm-line);fill:none", "stroke-width": 1.8 });
  return [
    [mark(22, stroke(22, "grey-line", 3)), "under 80 %"],
    [mark(22, stroke(22, "orange-line", 5)), "80–99 %"],
    [mark(22, stroke(22, "verm-line", 7), stroke(22, "surface", 1.6, "5 4")), "full"],
    [mark(22, stroke(22, "ink-3", 1.4, "4 3"), out), "out"],
    [h("span"), "width: MW", true],
    [down("fill:var(--ink-2)"), "load", true],
    [down("fill:var(--verm-fill);stroke:var(--ink)"), "not served"],
  ];
}
