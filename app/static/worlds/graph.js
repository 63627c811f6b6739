// Painter of every world that has none of its own: agents as the nodes of their graph, with a colour and a shape for what each
// one does, and a size for what it earns. It needs no more than the scene and the frame that every world gives.

import { s } from "../dom.js";
import { HUES, key, mark } from "./shared/actions.js";
import { line, nearestSpot } from "./shared/lines.js";

/** @import { Inks, MakePainter } from "../page.js" */
/** @import { GraphFrame, GraphScene } from "../scenes.js" */
/** Places and sizes in pixels. @typedef {{ spots: [number, number][], radius: number, named: boolean }} Layout */

const FORGET = 0.02; // of the range of rewards, with each frame
const FEWEST = 0.6, // radius of who earns least, and what is added for who earns most, as shares of the middle one
  MORE = 0.8;
const NAMED = 40; // agents; more leave no room for names

/** @type {MakePainter<"graph">} */
export function painter(scene, ink, width, height, { card = false }) {
  const { spots, radius, named } = layout(scene, width, height, card);
  const share = scale();
  return {
    ground(c) {
      c.fillStyle = ink.ground;
      c.fillRect(0, 0, width, height);
      c.strokeStyle = ink.edge;
      c.lineWidth = card ? 1 : 1.4;
      for (const [i, j] of scene.edges) line(c, ...spots[i], ...spots[j]);
    },
    moving(c, _from, frame, _part, selected) {
      const earned = share(frame.rewards);
      spots.forEach(([x, y], i) => {
        const r = radius * (FEWEST + MORE * earned(frame.rewards[i]));
        mark(c, ink, x, y, r, frame.actions[i], 1);
        if (i === selected) ring(c, ink, x, y, r + 6);
        if (named) name(c, ink, scene.nodes[i].name, x, y, 1.6 * radius + 12, width, height);
      });
    },
    hit: (x, y) => nearestSpot(spots, x, y, Math.max(22, radius + 8)),
    at: (agent) => spots[agent],
    describe: (frame) => `${spots.length} agents: ${counts(scene, frame)}`,
    legend: () => [
      ...scene.actions.slice(0, HUES.length).map((text, action) => /** @type {[Node, string]} */ ([key(action), text])),
      [sizes(), "reward"],
    ],
  };
}

/** Agents at their places, as large as their number allows. @param {GraphScene} scene @param {number} width @param {number} height @param {boolean} card @returns {Layout} */
function layout({ nodes }, width, height, card) {
  const margin = card ? 16 : 56,
    [wide, high] = [width - 2 * margin, height - 2 * margin];
  const stretch = Math.min(1.5, Math.max(wide / high, 1)), // a graph may be so much wider than it is high
    side = Math.min(wide / stretch, high);
  const spots = nodes.map(
    ({ x, y }) =>
      /** @type {[number, number]} */ ([width / 2 + (x - 0.5) * side * stretch, height / 2 + (y - 0.5) * side]),
  );
  const radius = Math.max(card ? 4 : 5, Math.min(card ? 9 : 18, (0.3 * side) / Math.sqrt(nodes.length)));
  return { spots, radius, named: !card && nodes.length <= NAMED };
}

/** Rewards as shares of the range in which they were of late. */
function scale() {
  let low = Infinity,
    high = -Infinity;
  return (/** @type {Float32Array} */ rewards) => {
    const now = [Math.min(...rewards), Math.max(...rewards)],
      away = FORGET * (high - low || 0);
    low = Math.min(now[0], Number.isFinite(low) ? low + away : now[0]);
    high = Math.max(now[1], Number.isFinite(high) ? high - away : now[1]);
    return (/** @type {number} */ reward) => (high > low ? (reward - low) / (high - low) : 0.5);
  };
}

/** @param {CanvasRenderingContext2D} c @param {Inks} ink @param {number} x @param {number} y @param {number} r */
function ring(c, ink, x, y, r) {
  c.strokeStyle = ink.accent;
  c.lineWidth = 2.8;
  c.beginPath();
  c.arc(x, y, r, 0, 7);
  c.stroke();
}

/** A name on the far side of the middle. @param {CanvasRenderingContext2D} c @param {Inks} ink @param {string} text @param {number} x @param {number} y @param {number} off @param {number} width @param {number} height */
function name(c, ink, text, x, y, off, width, height) {
  const [dx, dy] = [x - width / 2, y - height / 2],
    far = Math.hypot(dx, dy);
  c.fillStyle = ink.ink;
  c.font = `12px ${ink.font}`;
  c.textAlign = "center";
  c.fillText(text, x + (far ? (dx / far) * off : 0), y + (far ? (dy / far) * off : -off) + 4);
}

/** How many hold each action. @param {GraphScene} scene @param {GraphFrame} frame */
function counts({ actions }, frame) {
  const all = Array.from(frame.actions);
  const held = actions.map((_, action) => all.filter((mine) => mine === action).length);
  return actions.map((text, action) => `${held[action]} ${text}`).join(", ");
}

const sizes = () =>
  s(
    "svg",
    { width: 24, height: 12 },
    ...[
      [4, 2.4],
      [15, 5],
    ].map(([cx, r]) => s("circle", { cx, cy: 6, r, style: "fill:none;stroke:var(--ink)" })),
  );
