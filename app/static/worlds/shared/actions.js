// A colour and a shape for each action: what agents do is told twice, so that it can be read without colours.

import { s } from "../../dom.js";

/** @import { Inks } from "../../page.js" */

export const HUES = ["blue", "orange", "green", "purple", "sky", "yellow"]; // as in the inspector
const OUTLINES = [
  [
    [0, -1],
    [0.87, 0.6],
    [-0.87, 0.6],
  ],
  [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ],
  [
    [0, 1],
    [0.87, -0.6],
    [-0.87, -0.6],
  ],
  [
    [-0.4, -1],
    [0.4, -1],
    [0.4, -0.4],
    [1, -0.4],
    [1, 0.4],
    [0.4, 0.4],
    [0.4, 1],
    [-0.4, 1],
    [-0.4, 0.4],
    [-1, 0.4],
    [-1, -0.4],
    [-0.4, -0.4],
  ],
]; // in radii: triangle, diamond, triangle on its tip, plus

/** @param {number} action */
export const hueOf = (action) => HUES[action % HUES.length];

/**
 * The mark of an action: circle, square, triangle, diamond, triangle on its tip, plus; filled and outlined.
 *
 * @param {CanvasRenderingContext2D} c
 * @param {Inks} ink
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {number} action
 * @param {number} outline
 */
export function mark(c, ink, x, y, r, action, outline) {
  const kind = action % HUES.length;
  c.beginPath();
  if (kind === 0) c.arc(x, y, r, 0, 7);
  else if (kind === 1) c.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
  else {
    for (const [dx, dy] of OUTLINES[kind - 2]) c.lineTo(x + r * 1.15 * dx, y + r * 1.15 * dy);
    c.closePath();
  }
  c.fillStyle = ink[`${HUES[kind]}-fill`];
  c.fill();
  c.strokeStyle = ink.ink;
  c.lineWidth = outline;
  c.stroke();
}

/** The mark of an action, for a legend. @param {number} action */
export function key(action) {
  const path = (/** @type {number[][]} */ corners) =>
    `M${corners.map(([dx, dy]) => `${7 + 5.5 * dx} ${6 + 5.5 * dy}`).join("L")}z`;
  const shapes = ["M7 1a5 5 0 1 1-.01 0z", "M2 1.5h9.5v9.5H2z", ...OUTLINES.map(path)];
  return s(
    "svg",
    { width: 14, height: 12 },
    s("path", {
      d: shapes[action % HUES.length],
      style: `fill:var(--${hueOf(action)}-fill);stroke:var(--ink)`,
      "stroke-width": 0.8,
    }),
  );
}
