// Marks of power networks and what they mean; each is drawn the same way wherever it stands.

import { h, s } from "../../dom.js";
import { line } from "../shared/lines.js";

/** A head of an arrow that points along (ux, uy). */
export function arrow(c, x, y, ux, uy, long) {
  c.beginPath();
  c.moveTo(x + ux * long, y + uy * long);
  c.lineTo(x - ux * long * 0.8 - uy * long, y - uy * long * 0.8 + ux * long);
  c.lineTo(x - ux * long * 0.8 + uy * long, y - uy * long * 0.8 - ux * long);
  c.closePath();
  c.fill();
  c.stroke();
}

export function cross(c, x, y, r) {
  line(c, x - r, y - r, x + r, y + r);
  line(c, x - r, y + r, x + r, y - r);
}

/** A triangle that takes power from the box above it. */
export function triangle(c, { x, y, half }) {
  line(c, x, y - 5, x, y);
  c.beginPath();
  c.moveTo(x - half, y);
  c.lineTo(x + half, y);
  c.lineTo(x, y + 1.5 * half);
  c.closePath();
  c.fill();
}

/** The sign of alternating current, in a disc. */
export function wave(c, x, y, q) {
  c.beginPath();
  c.moveTo(x - q, y);
  c.quadraticCurveTo(x - q / 2, y - 1.15 * q, x, y);
  c.quadraticCurveTo(x + q / 2, y + 1.15 * q, x + q, y);
  c.stroke();
}

/** A battery, filled with what is stored (0 to 1). */
export function battery(c, ink, x, y, r, stored) {
  c.fillStyle = ink["green-fill"];
  c.fillRect(x - r + 2, y - 0.68 * r + 2, (2 * r - 4) * Math.max(0, Math.min(1, stored)), 1.36 * r - 4);
  c.fillStyle = ink.ink;
  c.fillRect(x + r, y - 0.25 * r, 0.2 * r, 0.5 * r);
}

/** Text with a rim of the colour under it, so that lines do not cross it. */
export function halo(c, under, text, x, y) {
  c.strokeStyle = under;
  c.lineWidth = 3;
  c.lineJoin = "round";
  c.strokeText(text, x, y);
  c.lineJoin = "miter";
  c.fillText(text, x, y);
}

/** Two texts in a row, the first in bold, aligned as `c.textAlign` says. */
export function pair(c, ink, under, [name, more], x, y) {
  const fonts = [`650 12px ${ink.font}`, `12px ${ink.font}`];
  const [first, second] = [name, more].map((text, i) => {
    c.font = fonts[i];
    return c.measureText(text).width;
  });
  const left = x - (first + second) * { left: 0, center: 0.5, right: 1 }[c.textAlign];
  c.textAlign = "left";
  c.fillStyle = ink["ink-2"];
  halo(c, under, more, left + first, y);
  c.font = fonts[0];
  c.fillStyle = ink.ink;
  halo(c, under, name, left, y);
}

/** The key line; marks that are flagged are left out of a narrow window. */
export function key() {
  const mark = (wide, ...inside) => s("svg", { width: wide, height: 12 }, ...inside);
  const stroke = (colour, thick, dashes) =>
    s("path", { d: "M1 6H21", style: `stroke:var(--${colour})`, "stroke-width": thick, "stroke-dasharray": dashes });
  const down = (style) => mark(14, s("path", { d: "M2 2h10l-5 8z", style }));
  const out = s("path", { d: "M7 2l8 8m0-8l-8 8", style: "stroke:var(--verm-line);fill:none", "stroke-width": 1.8 });
  return [
    [mark(22, stroke("grey-line", 3)), "under 80 %"],
    [mark(22, stroke("orange-line", 5)), "80–99 %"],
    [mark(22, stroke("verm-line", 7), stroke("surface", 1.6, "5 4")), "full"],
    [mark(22, stroke("ink-3", 1.4, "4 3"), out), "out"],
    [h("span"), "width: MW", true],
    [down("fill:var(--ink-2)"), "load", true],
    [down("fill:var(--verm-fill);stroke:var(--ink)"), "not served"],
  ];
}
