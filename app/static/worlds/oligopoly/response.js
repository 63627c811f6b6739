// How all firms would answer if firm 1 were forced to cut once.

import { line } from "../shared/lines.js";
import { write } from "../shared/text.js";
import { HUES, heading, theory, trace } from "./lines.js";

/** @import { Brush, Layer, Place } from "../../page.js" */
/** @import { OligopolyFrame } from "../../scenes.js" */
/** @import { Layout } from "../oligopoly.js" */

const BEFORE_CUT = 2, // periods shown before the cut
  EVERY = 4; // periods between two marks of time

/** @type {Layer<Layout, [frame: OligopolyFrame]>} */
export function response(c, layout, frame) {
  const { scene, ink, firms, left, right, lower, y } = layout;
  heading(c, layout, "If firm 1 were forced to cut once, and nobody explored", lower);
  const periods = frame.cut.length / firms;
  if (!periods) return write(c, ink, "Only for firms with tables that see one past period.", left, lower[0] + 26);
  theory(c, layout, frame, lower);
  /** @param {number} period */
  const x = (period) => left + (period / (periods - 1)) * (right - left);
  c.strokeStyle = ink.edge;
  c.lineWidth = 1;
  line(c, x(BEFORE_CUT), lower[0], x(BEFORE_CUT), lower[1]);
  scene.levels.forEach((levels, firm) => {
    const points = Array.from({ length: periods }, (_, t) => {
      return /** @type {Place} */ ([x(t), y(levels[frame.cut[t * firms + firm]], lower)]);
    });
    trace(c, layout, points, firm, false);
    c.fillStyle = ink[HUES[firm % HUES.length]];
    for (const point of points) dot(c, point, firm);
  });
  times(c, layout, periods, x);
}

/** @type {Layer<Layout, [periods: number, x: (period: number) => number]>} */
function times(c, { ink, right, lower: [, bottom] }, periods, x) {
  for (let t = BEFORE_CUT; t < periods; t += EVERY)
    write(c, ink, t === BEFORE_CUT ? "cut" : String(t - BEFORE_CUT), x(t), bottom + 17, { align: "center" });
  write(c, ink, "periods after the cut", right, bottom + 34, { align: "right" });
}

/** A circle for firm 1, squares for the others. @param {Brush} c @param {Place} place @param {number} firm */
function dot(c, [x, y], firm) {
  c.beginPath();
  if (firm === 0) c.arc(x, y, 3.5, 0, 7);
  else c.rect(x - 3, y - 3, 6, 6);
  c.fill();
}
