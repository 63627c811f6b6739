// Marks of the key line above a picture.

import { s } from "../../dom.js";

/** @import { Child } from "../../page.js" */

/** A mark, 12 px high. @param {number} width @param {Child[]} inside */
export const mark = (width, ...inside) => s("svg", { width, height: 12 }, ...inside);

/**
 * A piece of a line; `colour` is a token of the theme.
 *
 * @param {number} width
 * @param {string} colour
 * @param {number} thickness
 * @param {string} [dashes]
 */
export const lineMark = (width, colour, thickness, dashes) => mark(width, stroke(width, colour, thickness, dashes));

/** The same, to lie with others in one mark. @param {number} width @param {string} colour @param {number} thickness @param {string} [dashes] */
export const stroke = (width, colour, thickness, dashes) =>
  s("path", {
    d: `M1 6H${width - 1}`,
    style: `stroke:var(--${colour})`,
    "stroke-width": thickness,
    "stroke-dasharray": dashes,
  });
