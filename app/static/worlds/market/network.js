// Who may trade with whom: agents by kind, those who are there in full colour, and the edges that are open.

import { s } from "../../dom.js";
import { lineMark, mark } from "../shared/legend.js";
import { ring } from "../shared/lines.js";
import { write } from "../shared/text.js";
import { shown } from "./prices.js";

/** @import { Brush, Layer, Marked, Place } from "../../page.js" */
/** @import { MarketFrame, MarketScene } from "../../scenes.js" */
/** @import { Layout } from "../market.js" */
/** @typedef {MarketScene["nodes"][number]["kind"]} Kind */

/** @type {Record<Kind, string>} */
const FILLS = { maker: "blue-fill", trader: "surface", buyer: "sky-fill", seller: "orange-fill" };
const MANY = 70; // agents

/** @param {Kind} kind */
const isSquare = (kind) => kind === "maker" || kind === "seller";

/** Half the width of an agent's mark. @param {Layout} layout @param {number} agent */
export function sizeOf({ scene: { nodes }, card }, agent) {
  if (nodes[agent].kind === "maker") return card ? 4.5 : 10;
  return card ? 2.2 : nodes.length > MANY ? 4 : 6;
}

/** @type {Layer<Layout, [frame: MarketFrame, selected: number]>} */
export function network(c, layout, { open, looks, gains, half_spread }, selected) {
  const { scene, ink, card } = layout;
  const edges = scene.edges.filter((_, e) => (open[e >> 3] >> (7 - (e & 7))) & 1);
  c.globalAlpha = Math.min(1, 60 / Math.sqrt(scene.edges.length) / 8);
  links(c, layout, edges, ink["ink-3"], card ? 0.5 : 0.8);
  c.globalAlpha = 1;
  const own = edges.filter((edge) => edge.includes(selected));
  links(c, layout, own, ink.accent, 1.6);
  scene.nodes.forEach(({ kind }, i) => {
    agent(c, layout, i, looks[i] > 0, gains[i] < 0);
    if (i === selected) ring(c, ink, layout.spots[i], sizeOf(layout, i) + 6, 2.8);
    if (kind === "maker" && !card) names(c, layout, i, half_spread[i]);
  });
}

/** @type {Layer<Layout, [edges: [number, number][], colour: string, thickness: number]>} */
function links(c, { spots }, edges, colour, thickness) {
  c.strokeStyle = colour;
  c.lineWidth = thickness;
  c.beginPath();
  for (const [i, j] of edges) {
    c.moveTo(...spots[i]);
    c.lineTo(...spots[j]);
  }
  c.stroke();
}

/** @type {Layer<Layout, [agent: number, here: boolean, lost: boolean]>} */
function agent(c, layout, agent, here, lost) {
  const { scene, ink, card, spots } = layout,
    { kind } = scene.nodes[agent];
  outline(c, kind, spots[agent], sizeOf(layout, agent));
  c.fillStyle = ink.surface;
  c.fill();
  c.fillStyle = ink[lost ? "verm-fill" : FILLS[kind]];
  c.globalAlpha = here ? 1 : 0.3;
  c.fill();
  c.globalAlpha = 1;
  c.strokeStyle = ink[here ? "ink" : "edge"];
  c.lineWidth = card ? 0.5 : 1;
  c.setLineDash(here ? [] : [2, 2]);
  c.stroke();
  c.setLineDash([]);
}

/** @param {Brush} c @param {Kind} kind @param {Place} place @param {number} r */
function outline(c, kind, [x, y], r) {
  c.beginPath();
  if (isSquare(kind)) c.rect(x - r, y - r, 2 * r, 2 * r);
  else c.arc(x, y, r, 0, 7);
}

/** Who a maker is, and half its spread. @type {Layer<Layout, [agent: number, halfSpread: number]>} */
function names(c, layout, agent, halfSpread) {
  const { scene, ink, spots } = layout,
    [x, y] = spots[agent],
    r = sizeOf(layout, agent);
  write(c, ink, scene.nodes[agent].name, x, y - r - 5, { colour: "ink", align: "center", font: "650 12px" });
  if (Number.isFinite(halfSpread)) write(c, ink, `±${shown(halfSpread)}`, x, y + r + 14, { align: "center" });
}

/** @param {MarketScene} scene @returns {Marked[]} */
export const legend = ({ nodes, reference }) => [
  ...[...new Set(nodes.map(({ kind }) => kind))].map((kind) => marked(FILLS[kind], isSquare(kind), kind)),
  [...marked("verm-fill", false, "lost in the last tick"), true],
  [lineMark(18, "ink-3", 1, "5 3"), reference, true],
];

/** @param {string} fill @param {boolean} square @param {string} text @returns {[Node, string]} */
const marked = (fill, square, text) => [
  mark(
    14,
    s("path", {
      d: square ? "M2 1h10v10H2z" : "M7 1a5 5 0 1 1-.01 0z",
      style: `fill:var(--${fill});stroke:var(--ink)`,
      "stroke-width": 0.8,
    }),
  ),
  text,
];
