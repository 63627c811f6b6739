// The path of prices between the best quotes, beside a line to compare with.

import { apart, ticksOf } from "../../axes.js";
import { line } from "../shared/lines.js";
import { write } from "../shared/text.js";
import { range, shown } from "./prices.js";

/** @import { Layer } from "../../page.js" */
/** @import { Layout } from "../market.js" */
/** Pixels of a tick and of a price; `step` from one tick to the next. @typedef {{ x: (i: number) => number, y: (price: number) => number, step: number }} Axes */
/** What is drawn, by tick, oldest first. @typedef {{ reference: Float32Array, price: Float32Array, bid: Float32Array, ask: Float32Array }} Rows */

const CARD_TICKS = 80;

/** @type {Layer<Layout, [values: Float32Array]>} */
export function path(c, layout, values) {
  const { scene, card, prices: box } = layout,
    n = card ? CARD_TICKS : scene.path_ticks;
  const [reference, price, bid, ask] = [1, 2, 3, 4].map((row) =>
    values.subarray(row * scene.path_ticks - n, row * scene.path_ticks),
  );
  const known = [reference, price, bid, ask].flatMap((row) => Array.from(row)).filter(Number.isFinite);
  if (!known.length) return;
  const [low, high] = range(known);
  const axes = {
    x: (/** @type {number} */ i) => box.x + (i / (n - 1)) * box.w,
    y: (/** @type {number} */ at) => box.y + box.h - ((at - low) / (high - low)) * box.h,
    step: box.w / n,
  };
  if (!card) grid(c, layout, axes, ticksOf(low, high));
  spread(c, layout, axes, bid, ask);
  trace(c, layout, axes, ask, "orange-line", 1);
  trace(c, layout, axes, bid, "blue-fill", 1);
  trace(c, layout, axes, reference, "ink-3", 1.2, [7, 4]);
  trace(c, layout, axes, price, "ink", card ? 1.2 : 1.6);
  if (!card) names(c, layout, axes, [ask[n - 1], price[n - 1], bid[n - 1]]);
}

/** @type {Layer<Layout, [axes: Axes, marks: number[]]>} */
function grid(c, { ink, prices: { x, w } }, axes, marks) {
  c.strokeStyle = ink.hair;
  c.lineWidth = 1;
  for (const price of marks) {
    line(c, x, axes.y(price), x + w, axes.y(price));
    write(c, ink, shown(price), x - 8, axes.y(price) + 4, { align: "right" });
  }
}

/** Between bid and ask. @type {Layer<Layout, [axes: Axes, bid: Float32Array, ask: Float32Array]>} */
function spread(c, { ink }, { x, y, step }, bid, ask) {
  c.globalAlpha = 0.28;
  c.fillStyle = ink["sky-fill"];
  bid.forEach((low, i) => {
    if (low <= ask[i]) c.fillRect(x(i), y(ask[i]), step + 0.6, Math.max(y(low) - y(ask[i]), 1));
  });
  c.globalAlpha = 1;
}

/** A line with gaps where nothing is known. @type {Layer<Layout, [axes: Axes, values: Float32Array, colour: string, thickness: number, dashes?: number[]]>} */
function trace(c, { ink }, { x, y }, values, colour, thickness, dashes = []) {
  c.strokeStyle = ink[colour];
  c.lineWidth = thickness;
  c.setLineDash(dashes);
  c.beginPath();
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    if (Number.isFinite(values[i - 1])) c.lineTo(x(i), y(value));
    else c.moveTo(x(i), y(value));
  });
  c.stroke();
  c.setLineDash([]);
}

/** What the lines are and where they stand, at their right ends. @type {Layer<Layout, [axes: Axes, last: number[]]>} */
function names(c, { ink, prices: { x, w } }, { y }, [ask, price, bid]) {
  const ends = [
    { at: y(ask) + 4, text: `ask ${shown(ask)}`, colour: "orange-line", font: "12px" },
    { at: y(price) + 4, text: `last ${shown(price)}`, colour: "ink", font: "650 12px" },
    { at: y(bid) + 4, text: `bid ${shown(bid)}`, colour: "blue-fill", font: "12px" },
  ].filter(({ at }) => Number.isFinite(at));
  apart(ends, 15, -Infinity, Infinity);
  for (const { at, text, ...how } of ends) write(c, ink, text, x + w + 8, at, how);
}
