// How many shares wait in the book, by price.

import { line } from "../shared/lines.js";
import { write } from "../shared/text.js";
import { shown } from "./prices.js";

/** @import { Layer } from "../../page.js" */
/** @import { MarketFrame } from "../../scenes.js" */
/** @import { Layout } from "../market.js" */

const BUCKETS = 40; // of prices

/** @type {Layer<Layout, [frame: MarketFrame]>} */
export function depth(c, { ink, book: { x, y, w, h } }, frame) {
  const [low, step] = frame.scale,
    most = Math.max(1, ...frame.depth),
    foot = y + h,
    bar = (w / BUCKETS) * 0.45; // one each for bids and asks
  frame.depth.forEach((shares, i) => {
    const asks = i >= BUCKETS,
      tall = (shares / most) * h;
    c.fillStyle = ink[asks ? "orange-fill" : "blue-fill"];
    if (tall > 0) c.fillRect(x + ((i % BUCKETS) * w) / BUCKETS + (asks ? bar : 0), foot - tall, bar, tall);
  });
  c.strokeStyle = ink.edge;
  c.lineWidth = 1;
  line(c, x, foot, x + w, foot);
  for (const share of [0, 0.5, 1])
    write(c, ink, shown(low + share * BUCKETS * step), x + share * w, foot + 16, { align: "center" });
  write(c, ink, `at most ${shown(most)}`, x + w, y - 18, { align: "right" });
}
