// Painter of games on a graph: players as nodes, coloured and shaped by what they do; the payoff matrix where the graph leaves
// room for it, each cell shaded by how many pairs of neighbours meet there; in congestion games, how many chose each action.

import { counts } from "./games/counts.js";
import { matrix, meetings } from "./games/matrix.js";
import { number } from "./games/payoffs.js";
import { key, mark } from "./shared/actions.js";
import { lineMark } from "./shared/legend.js";
import { nearestSpot, ring } from "./shared/lines.js";
import { write } from "./shared/text.js";

/** @import { Inks, Layer, MakePainter, Marked, Place } from "../page.js" */
/** @import { GamesFrame, GamesScene } from "../scenes.js" */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

const NAMED = 40; // players; more leave no room for names

/** @type {MakePainter<"games">} */
export function painter(scene, ink, width, height, { card = false }) {
  const layout = layoutOf(scene, ink, width, height, card);
  const { spots, few, hollow, radius } = layout;
  const met = meetings(scene);
  return {
    ground(c) {
      c.fillStyle = ink.ground;
      c.fillRect(0, 0, width, height);
    },
    moving(c, _from, frame, _part, selected) {
      if (!few) for (const same of [false, true]) links(c, layout, frame, same);
      if (hollow && frame.payoff.length) matrix(c, layout, frame, met(frame.actions));
      else if (hollow) counts(c, layout, frame.actions);
      spots.forEach((_, i) => player(c, layout, frame, i, i === selected));
    },
    hit: (x, y) => nearestSpot(spots, x, y, Math.max(22, few ? 34 : radius + 8)),
    at: (agent) => spots[agent],
    describe: (frame) => describe(scene, frame),
    legend: () => legend(scene, few),
  };
}

/**
 * Places and sizes: two players face each other; of more, a graph that is `hollow` leaves room in its middle.
 *
 * @param {GamesScene} scene
 * @param {Inks} ink
 * @param {number} width
 * @param {number} height
 * @param {boolean} card
 */
function layoutOf(scene, ink, width, height, card) {
  const players = scene.nodes.length,
    few = players <= 2;
  const room = Math.min(width, height) / 2 - (card ? 16 : 46),
    reach = few ? (width * (card ? 0.34 : 0.36) * room) / Math.max(room, 1) : room; // from the middle, to the sides
  const [cx, cy] = [width / 2, height / 2];
  const spots = scene.nodes.map(({ x, y }, i) => {
    const place = few
      ? [cx + (i ? reach : -reach), cy]
      : [cx + (x - 0.5) * 2 * room * Math.min(1.5, width / height), cy + (y - 0.5) * 2 * room];
    return /** @type {Place} */ (place);
  });
  const many = Math.max(5, Math.min(15, 330 / Math.sqrt(players) / 4));
  const radius = few ? (card ? 13 : 26) : card ? (players > 12 ? 4.5 : 8) : many;
  const hollow = few || spots.every(([x, y]) => Math.hypot(x - cx, y - cy) > room * 0.75);
  return { scene, ink, width, height, card, cx, cy, players, few, room, reach, spots, radius, hollow };
}

/** Between neighbours who do the same, or do not. @type {Layer<Layout, [frame: GamesFrame, same: boolean]>} */
function links(c, { scene, ink, card, spots }, { actions }, same) {
  c.strokeStyle = same ? ink["ink-3"] : ink.edge;
  c.lineWidth = same && !card ? 1.6 : 1;
  c.setLineDash(same ? [] : [3, 4]);
  c.beginPath();
  for (const [i, j] of scene.edges) {
    if ((actions[i] === actions[j]) !== same) continue;
    c.moveTo(...spots[i]);
    c.lineTo(...spots[j]);
  }
  c.stroke();
  c.setLineDash([]);
}

/** @type {Layer<Layout, [frame: GamesFrame, agent: number, chosen: boolean]>} */
function player(c, layout, { actions, rewards }, agent, chosen) {
  const { scene, ink, card, players, few, spots, radius } = layout;
  const [x, y] = spots[agent];
  mark(c, ink, x, y, radius, actions[agent], few ? 1.6 : 1);
  if (chosen) ring(c, ink, [x, y], radius + 6, 2.8);
  if (card || (!few && players > NAMED)) return;
  name(c, layout, agent);
  if (!few) return;
  const how = /** @type {const} */ ({ align: "center", font: "13px" });
  write(c, ink, scene.actions[actions[agent]], x, y + radius + 22, how);
  write(c, ink, `reward ${number(rewards[agent])}`, x, y + radius + 40, how);
}

/** @type {Layer<Layout, [agent: number]>} */
function name(c, { scene, ink, cx, cy, few, spots, radius, hollow }, agent) {
  const [x, y] = spots[agent],
    text = scene.nodes[agent].name;
  const far = Math.hypot(x - cx, y - cy) || 1,
    [ux, uy] = [(x - cx) / far, (y - cy) / far];
  const outside = [x + ux * (radius + 14), y + uy * (radius + 14) + 4],
    beside = [x + radius + 12, y - radius - 2]; // the lines of a grid
  const [px, py] = few ? [x, y - radius - 14] : hollow ? outside : beside;
  write(c, ink, text, px, py, { colour: "ink", align: "center", font: few ? "650 15px" : "12px" });
}

/** @param {GamesScene} scene @param {GamesFrame} frame */
function describe({ nodes, actions }, frame) {
  const all = Array.from(frame.actions);
  const counts = actions.map((name, action) => `${all.filter((mine) => mine === action).length} ${name}`);
  return `${nodes.length} players: ${counts.join(", ")}`;
}

/** @param {GamesScene} scene @param {boolean} few @returns {Marked[]} */
function legend({ actions }, few) {
  const links = /** @type {Marked[]} */ ([
    [lineMark(18, "ink-3", 1.8), "same action"],
    [lineMark(18, "edge", 1, "3 3"), "different"],
  ]);
  return [...actions.map((name, action) => /** @type {Marked} */ ([key(action), name])), ...(few ? [] : links)];
}
