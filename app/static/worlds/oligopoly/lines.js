// Lines of levels: those of firms, told apart by colour and dashes, and those of theory.

import { line, polyline } from "../shared/lines.js";
import { write } from "../shared/text.js";

/** @import { Layer, Place } from "../../page.js" */
/** @import { OligopolyFrame } from "../../scenes.js" */
/** @import { Layout, Plot } from "../oligopoly.js" */

export const HUES = ["blue-fill", "orange-line", "purple-fill", "sky-fill", "verm-line", "green-fill"];
export const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [1, 2]];

/** @type {[hue: string, name: string][]} */
export const THEORY = [
  ["green-line", "competitive"],
  ["verm-line", "joint optimum"],
];

/** @type {Layer<Layout, [text: string, plot: Plot]>} */
export const heading = (c, { ink, left }, text, [top]) =>
  write(c, ink, text, left, top - 16, { colour: "ink", font: "550 12px" });

/** Levels of theory, named where they are the same for all firms. @type {Layer<Layout, [frame: OligopolyFrame, plot: Plot]>} */
export function theory(c, { ink, card, firms, left, right, y }, frame, plot) {
  THEORY.forEach(([hue, name], n) => {
    const values = new Set(frame.lines.slice(n * firms, (n + 1) * firms));
    for (const value of values) {
      const height = y(value, plot);
      c.strokeStyle = ink[hue];
      c.lineWidth = 1.6;
      c.setLineDash([8, 4]);
      line(c, left, height, right, height);
      c.setLineDash([]);
      if (card) continue;
      write(c, ink, value.toFixed(2), left - 8, height + 4, { align: "right" });
      if (values.size === 1) write(c, ink, name, left + 4, height - 5);
    }
  });
}

/** @type {Layer<Layout, [points: Place[], firm: number, chosen: boolean]>} */
export function trace(c, { ink }, points, firm, chosen) {
  c.strokeStyle = ink[HUES[firm % HUES.length]];
  c.lineWidth = chosen ? 3 : 2;
  c.setLineDash(DASHES[firm % DASHES.length]);
  polyline(c, points);
  c.setLineDash([]);
}
