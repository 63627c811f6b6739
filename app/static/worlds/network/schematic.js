// Painter of road networks: a schematic plan. Along a road positions are to scale between the edges of its crossings; across
// it lanes are drawn wider than they are, so that vehicles can be seen. Every colour has a second channel (shape, width, dash).

import { middleOf, nearestSegment, nearestSpot } from "../shared/lines.js";
import { legend } from "../shared/vehicle_legend.js";
import { routesInWords } from "../shared/vehicles.js";
import { write } from "../shared/text.js";
import { plan } from "./plan.js";
import { closures, queues, signals } from "./signals.js";
import { lanes, vehicles } from "./vehicles.js";

/** @import { Layer, MakePainter } from "../../page.js" */
/** @import { TrafficFrame, TrafficScene } from "../../scenes.js" */
/** @import { Plan } from "./plan.js" */

/** @type {MakePainter<"traffic">} */
export function schematic(scene, ink, width, height, { card = false }) {
  const layout = plan(scene, ink, width, height, card);
  const { spots, roads, half } = layout;
  const lanesSeen = lanes(layout);
  return {
    ground(c) {
      surface(c, layout);
      centreLines(c, layout);
      if (!card) names(c, layout);
    },
    moving(c, from, to, part, selected) {
      if (!card) queues(c, layout, to);
      closures(c, layout, to);
      signals(c, layout, to);
      vehicles(c, layout, lanesSeen, from, to, part);
      if (selected >= 0) selection(c, layout, selected);
    },
    hit: (x, y) => nearestSpot(spots, x, y, Math.max(2.2 * half, 30)),
    edge: (x, y) => scene.roads[nearestSegment(roads, x, y, half + 3)]?.[5] ?? -1,
    middle: (edge) => middleOf(roads[scene.roads.findIndex((road) => road[5] === edge)]),
    at: (agent) => spots[agent],
    describe: (now) => describe(scene, now),
    legend: () => legend(scene.routes),
  };
}

/** Roads with their edges, and crossings. @type {Layer<Plan>} */
function surface(c, { ink, width, height, spots, roads, half }) {
  c.fillStyle = ink.ground;
  c.fillRect(0, 0, width, height);
  for (const [colour, r] of /** @type {const} */ ([
    ["road-edge", half + 1],
    ["road", half],
  ])) {
    c.fillStyle = ink[colour];
    for (const [x0, y0, x1, y1] of roads) {
      const [left, top, wide, high] = [Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0)];
      if (high < wide) c.fillRect(left, top - r, wide, 2 * r);
      else c.fillRect(left - r, top, 2 * r, high);
    }
  }
  for (const [x, y] of spots) c.fillRect(x - half, y - half, 2 * half, 2 * half);
}

/** Between the directions of each road. @type {Layer<Plan>} */
function centreLines(c, { ink, roads, half }) {
  c.strokeStyle = ink["road-edge"];
  c.setLineDash([5, 6]);
  c.beginPath();
  for (const [a, b, p, q] of roads) {
    const [x0, y0, x1, y1] = a > p || b > q ? [p, q, a, b] : [a, b, p, q]; // both ways the same dashes
    const [ux, uy] = [Math.sign(x1 - x0) * (half + 4), Math.sign(y1 - y0) * (half + 4)];
    c.moveTo(x0 + ux, y0 + uy);
    c.lineTo(x1 - ux, y1 - uy);
  }
  c.stroke();
  c.setLineDash([]);
}

/** @type {Layer<Plan>} */
function names(c, { scene, ink, spots, half }) {
  scene.nodes.forEach(({ name }, i) => {
    const [x, y] = spots[i];
    write(c, ink, name, x - half - 24, y - half - 7, { align: "right" });
  });
}

/** Shows which signal is selected. @type {Layer<Plan, [agent: number]>} */
function selection(c, { ink, spots, half }, agent) {
  const [x, y] = spots[agent],
    r = half + 7;
  c.strokeStyle = ink.accent;
  c.lineWidth = 2.6;
  c.beginPath();
  c.roundRect(x - r, y - r, 2 * r, 2 * r, 6);
  c.stroke();
}

/** @param {TrafficScene} scene @param {TrafficFrame} now */
function describe({ nodes, routes }, now) {
  const longest = now.queues.indexOf(Math.max(...now.queues));
  const queue = now.queues[longest] ? `; longest queue ${now.queues[longest]} at ${nodes[longest >> 2].name}` : "";
  const taken = routes ? `: ${routesInWords(now, routes)}` : "";
  return `${nodes.length} signals, ${now.id.length} vehicles${taken}${queue}`;
}
