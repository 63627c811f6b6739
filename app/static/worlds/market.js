// Painter of markets: the path of prices between the best quotes, the depth of the book, and who may trade with whom.

import { depth } from "./market/depth.js";
import { legend, network, sizeOf } from "./market/network.js";
import { path } from "./market/path.js";
import { shown } from "./market/prices.js";
import { nearestSpot } from "./shared/lines.js";
import { write } from "./shared/text.js";

/** @import { Inks, Layer, MakePainter, Place } from "../page.js" */
/** @import { MarketFrame, MarketScene } from "../scenes.js" */
/** @typedef {{ x: number, y: number, w: number, h: number }} Box */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

/** @type {MakePainter<"market">} */
export function painter(scene, ink, width, height, { card = false }) {
  const layout = layoutOf(scene, ink, width, height, card);
  const { spots } = layout;
  return {
    ground(c) {
      c.fillStyle = ink[card ? "ground" : "surface"];
      c.fillRect(0, 0, width, height);
      if (!card) headings(c, layout);
    },
    moving(c, _from, frame, _part, selected) {
      path(c, layout, frame.path);
      network(c, layout, frame, selected);
      if (!card) depth(c, layout, frame);
    },
    hit(x, y) {
      const agent = nearestSpot(spots, x, y, Infinity);
      return nearestSpot(spots, x, y, sizeOf(layout, agent) + 9);
    },
    at: (agent) => spots[agent],
    describe: (frame) => describe(scene, frame),
    legend: () => legend(scene),
  };
}

/**
 * Three plots: prices above, the depth of the book and the network below; on a card prices and network side by side.
 *
 * @param {MarketScene} scene
 * @param {Inks} ink
 * @param {number} width
 * @param {number} height
 * @param {boolean} card
 */
function layoutOf(scene, ink, width, height, card) {
  const pad = card ? 8 : 46,
    divide = Math.round(height * 0.5);
  /** @type {Box} */
  const prices = card
    ? { x: pad, y: 12, w: width * 0.58, h: height - 24 }
    : { x: pad + 14, y: 40, w: width - 2 * pad - 74, h: divide - 62 };
  /** @type {Box} */
  const book = { x: pad + 14, y: divide + 44, w: width * 0.42 - pad, h: height - divide - 84 };
  /** @type {Box} */
  const web = card
    ? { x: width * 0.64, y: 10, w: width * 0.34, h: height - 20 }
    : { x: width * 0.52, y: divide + 40, w: width * 0.48 - pad, h: height - divide - 66 };
  return { scene, ink, card, prices, book, web, spots: places(scene, web, card ? 4 : 14) };
}

/** Agents in a box, which they may fill in width. @param {MarketScene} scene @param {Box} box @param {number} margin @returns {Place[]} */
function places({ nodes }, { x, y, w, h }, margin) {
  const side = Math.min(w, h) - 2 * margin,
    stretch = Math.max(1, Math.min(1.5, w / h));
  return nodes.map((node) => [x + w / 2 + (node.x - 0.5) * side * stretch, y + h / 2 + (node.y - 0.5) * side]);
}

/** @type {Layer<Layout>} */
function headings(c, { scene, ink, prices, book, web }) {
  const quotes = scene.market === "double_auction" ? "the best bid and ask" : "makers’ best bid and ask";
  write(c, ink, `Price, and ${quotes}`, prices.x, 22);
  write(c, ink, "Shares waiting, by price", book.x, book.y - 18);
  write(c, ink, "Who may trade with whom", web.x, web.y - 14);
}

/** @param {MarketScene} scene @param {MarketFrame} frame */
function describe({ nodes, path_ticks: n }, { path: rows }) {
  const [price, bid, ask] = [2, 3, 4].map((row) => rows[row * n - 1]);
  const last = Number.isFinite(price) ? `last price ${shown(price)}` : "no trade yet";
  const quotes = Number.isFinite(bid) && Number.isFinite(ask) ? `, bid ${shown(bid)}, ask ${shown(ask)}` : "";
  return `${nodes.length} agents; ${last}${quotes}`;
}
