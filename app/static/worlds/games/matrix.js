// The payoff matrix, each cell shaded by how many pairs of neighbours meet there.

import { write } from "../shared/text.js";
import { payoffsInWords } from "./payoffs.js";

/** @import { Layer } from "../../page.js" */
/** @import { FrameOf, GamesScene } from "../../scenes.js" */
/** @import { Layout } from "../games.js" */
/** Pixels of the matrix. @typedef {{ left: number, top: number, cell: number }} Table */

const TRACE = 0.06; // weight of a new frame where there are too few pairs to count

/** Shares of pairs that meet in each cell, row by row; of a single pair, how often of late. @param {Pick<GamesScene, "nodes" | "edges" | "actions">} scene */
export function meetings({ nodes, edges, actions: { length: k } }) {
  const single = nodes.length <= 2;
  let shares = new Float64Array(k * k);
  return (/** @type {ArrayLike<number>} */ actions) => {
    const seen = new Float64Array(k * k);
    for (const [i, j] of edges) {
      seen[actions[i] * k + actions[j]] += (single ? 1 : 0.5) / edges.length;
      if (!single) seen[actions[j] * k + actions[i]] += 0.5 / edges.length; // no one is first on a graph
    }
    shares = single ? shares.map((share, i) => share + TRACE * (seen[i] - share)) : seen;
    return shares;
  };
}

/** @type {Layer<Layout, [frame: FrameOf<"games">, shares: Float64Array]>} */
export function matrix(c, layout, frame, shares) {
  const { scene, few, card } = layout,
    k = scene.actions.length,
    table = tableOf(layout);
  shares.forEach((share, i) => {
    const [row, column] = [Math.floor(i / k), i % k];
    const now = few && row === frame.actions[0] && column === frame.actions[1];
    cell(c, layout, table, row, column, share, frame.payoff, now);
  });
  if (!card) labels(c, layout, table, frame);
}

/** In the middle, as large as there is room. @param {Layout} layout @returns {Table} */
function tableOf({ scene, height, card, cx, cy, few, room, reach }) {
  const k = scene.actions.length;
  const cell = Math.min(
    card ? (k > 2 ? 34 : 42) : 84,
    (few ? reach * 1.1 : room * 1.15) / (k + 0.4),
    (height - (card ? 24 : 120)) / (k + 0.6),
  );
  return { left: cx - (k * cell) / 2, top: cy - (k * cell) / 2 + (card ? 0 : 8), cell };
}

/** @type {Layer<Layout, [table: Table, row: number, column: number, share: number, payoff: Float32Array, now: boolean]>} */
function cell(c, { scene, ink, card }, { left, top, cell: size }, row, column, share, payoff, now) {
  const [x, y] = [left + column * size, top + row * size];
  c.fillStyle = ink.surface;
  c.fillRect(x + 1, y + 1, size - 2, size - 2);
  c.globalAlpha = 0.75 * Math.sqrt(share);
  c.fillStyle = ink["sky-fill"];
  c.fillRect(x + 1, y + 1, size - 2, size - 2);
  c.globalAlpha = 1;
  if (size > 21) {
    const text = payoffsInWords(payoff, scene.actions.length, row, column, size > 38);
    const font = !card && size > 60 ? "16px" : "12px";
    write(c, ink, text, x + size / 2, y + size / 2 + 5, { colour: "ink", align: "center", font });
  }
  if (!now) return;
  c.strokeStyle = ink.ink;
  c.lineWidth = 2.2;
  c.strokeRect(x + 2, y + 2, size - 4, size - 4);
}

/** Names of rows and columns, and what the cells say. @type {Layer<Layout, [table: Table, frame: FrameOf<"games">]>} */
function labels(c, { scene, ink, cx, few }, { left, top, cell }, frame) {
  scene.actions.forEach((name, i) => {
    write(c, ink, name, left + (i + 0.5) * cell, top - 10, { align: "center" });
    write(c, ink, name, left - 10, top + (i + 0.5) * cell + 4, { align: "right" });
  });
  const hour = Math.max(0, (frame.tick ?? 0) - 1) % scene.hours, // of the last round
    at = scene.hours > 1 ? ` at hour ${hour}` : "";
  const [first, second] = scene.nodes;
  const text = few
    ? `Payoffs to ${first.name}, ${second.name}${at}; darker: played more of late`
    : `Payoffs${at}; darker: more pairs of neighbours`;
  write(c, ink, text, cx, top + scene.actions.length * cell + 24, { align: "center" });
}
