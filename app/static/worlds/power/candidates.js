// Where things may stand in a picture of a power network, the best spots first.

import { around } from "./packing.js";

/** @import { Segment } from "../../page.js" */
/** @import { Rectangle } from "./packing.js" */
/** @import { Size } from "./plan.js" */

const PLATE_WIDE = 150;
export const PLATE_HIGH = 30;

const CHARACTER = 6.7; // pixels of a 12 px character, about
/** @param {string} text */
export const wideOf = (text) => CHARACTER * text.length;

/** Spots of a disc around a box: near ones first, then further out. @param {number} x @param {number} y @param {Size} size */
export const discs = (x, y, { w, h, r }) =>
  [6, 14, 26].flatMap((gap) =>
    Array.from({ length: 24 }, (_, k) => {
      const [ux, uy] = [Math.cos((k * Math.PI) / 12), Math.sin((k * Math.PI) / 12)];
      const edge = Math.min(w / 2 / Math.max(Math.abs(ux), 1e-9), h / 2 / Math.max(Math.abs(uy), 1e-9));
      const far = edge + r + gap;
      return around(x + ux * far, y + uy * far, 2 * r + 4, 2 * r + 4);
    }),
  );

/** Spots at the edges of the picture, for a plate that belongs to no bus. @param {number} width @param {number} height @returns {Rectangle[]} */
export const edges = (width, height) =>
  [10, height - PLATE_HIGH - 10].flatMap((y) =>
    [0.5, 0, 1, 0.25, 0.75].map(
      (part) => /** @type {Rectangle} */ ([10 + part * (width - PLATE_WIDE - 20), y, PLATE_WIDE, PLATE_HIGH]),
    ),
  );

/** Spots of words beside a mark: right, left, above, below. @param {{ x: number, y: number }} mark @param {number} far @param {number} w @param {number} h @returns {Rectangle[]} */
export const beside = ({ x, y }, far, w, h) => [
  [x + far + 2, y - h / 2, w, h],
  [x - far - 2 - w, y - h / 2, w, h],
  around(x, y - far - h / 2 - 1, w, h),
  around(x, y + far + h / 2 + 1, w, h),
];

/** Spots of a bus's name: at the corners of its box, above and below. @param {number} x @param {number} y @param {Size} size @param {number} wide */
export const corners = (x, y, { w, h }, wide) => [
  ...[
    [1, -1],
    [-1, -1],
    [1, 1],
    [-1, 1],
  ].map(([sx, sy]) => around(x + sx * (w / 2 + wide / 2 + 1), y + sy * (h / 2 + 2), wide, 13)),
  ...[-1, 1].map((side) => around(x, y + side * (h / 2 + 9), wide, 13)),
];

/** Spots of a load, which hangs below its box. @param {number} x @param {number} y @param {Size} size @param {number} half @returns {Rectangle[]} */
export const hanging = (x, y, { w, h }, half) =>
  [0.3, -0.3, 0].map((part) => /** @type {Rectangle} */ ([x + part * w - half, y + h / 2, 2 * half, 5 + 1.5 * half]));

/** Spots of a label on either side of a line. @param {Segment} segment */
export function alongside([x0, y0, x1, y1]) {
  const far = Math.hypot(x1 - x0, y1 - y0) || 1,
    [ax, ay] = [((y0 - y1) / far) * 17, ((x1 - x0) / far) * 13];
  return [0.5, 0.38, 0.62].flatMap((part) =>
    [1, -1].map((side) => around(x0 + (x1 - x0) * part + side * ax, y0 + (y1 - y0) * part + side * ay, 34, 14)),
  );
}
