// Words on canvases.

/** @import { Brush, Inks } from "../../page.js" */

/**
 * Words at a place; `colour` is a token of the theme.
 *
 * @param {Brush} c
 * @param {Inks} ink
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {{ colour?: string, align?: CanvasTextAlign, font?: string }} [how]
 */
export function write(c, ink, text, x, y, { colour = "ink-2", align = "left", font = "12px" } = {}) {
  c.fillStyle = ink[colour];
  c.font = `${font} ${ink.font}`;
  c.textAlign = align;
  c.fillText(text, x, y);
}
