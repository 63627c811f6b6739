// What road networks show besides vehicles: who has green, how long queues are, and which roads are closed.

import { along, cross, line } from "../shared/lines.js";
import { AHEAD } from "../shared/vehicles.js";
import { write } from "../shared/text.js";
import { VEHICLE_M } from "./plan.js";

/** @import { Brush, Inks, Layer, Place, Segment } from "../../page.js" */
/** @import { TrafficFrame } from "../../scenes.js" */
/** @import { Plan } from "./plan.js" */

const SHORT = 4; // vehicles; shorter queues are not marked, and this one is not counted

/**
 * The line where vehicles stop: thin where it is red, dashed while it changes.
 *
 * @param {Brush} c
 * @param {Inks} ink
 * @param {Segment} segment
 * @param {boolean} green
 * @param {boolean} changing
 * @param {number} thickness where it is green
 */
export function stopLine(c, ink, segment, green, changing, thickness) {
  c.strokeStyle = !green ? ink.ink : ink[changing ? "orange-line" : "green-line"];
  c.lineWidth = green ? thickness : 1.6;
  c.setLineDash(green && changing ? [3, 2] : []);
  line(c, ...segment);
  c.setLineDash([]);
}

/** Phases of the signals: 0 and 1 along N and S, straight on and to the left; 2 and 3 along E and W. @type {Layer<Plan, [frame: TrafficFrame]>} */
export function signals(c, layout, frame) {
  const { scene, ink, spots, card, half } = layout;
  scene.nodes.forEach(({ sides }, i) => {
    const [x, y] = spots[i],
      phase = frame.signals[i] & 3,
      changing = frame.signals[i] > 3;
    sides.forEach((open, side) => {
      if (!open) return;
      const [ax, ay] = AHEAD[side],
        green = phase < 2 === (side % 2 === 0);
      const [sx, sy] = [x - ax * (half + 2), y - ay * (half + 2)];
      stopLine(c, ink, [sx, sy, sx - ay * half, sy + ax * half], green, changing, card ? 3 : 3.6);
    });
    c.strokeStyle = ink[changing ? "orange-line" : "green-line"];
    c.lineWidth = 1.8;
    directions(c, [x, y], phase, changing, half * 0.72);
  });
}

/**
 * Arrows in the crossing: where those who have green may go.
 *
 * @param {Brush} c
 * @param {Place} place
 * @param {number} phase
 * @param {boolean} changing
 * @param {number} long
 */
function directions(c, [x, y], phase, changing, long) {
  const [ux, uy] = phase < 2 ? [0, 1] : [1, 0],
    straight = phase % 2 === 0 || changing;
  c.beginPath();
  for (const way of [-1, 1]) (straight ? head : leftTurn)(c, x, y, ux * way, uy * way, long);
  c.stroke();
  if (!straight) return;
  c.setLineDash(changing ? [3, 2] : []);
  line(c, x - ux * long, y - uy * long, x + ux * long, y + uy * long);
  c.setLineDash([]);
}

/** @param {Brush} c @param {number} x @param {number} y @param {number} ux @param {number} uy @param {number} long */
function head(c, x, y, ux, uy, long) {
  const [px, py] = [x + ux * long, y + uy * long];
  c.moveTo(px - ux * 4 - uy * 3.2, py - uy * 4 - ux * 3.2);
  c.lineTo(px, py);
  c.lineTo(px - ux * 4 + uy * 3.2, py - uy * 4 + ux * 3.2);
}

/** From one approach into the road at its left: keep right, so left means past the middle. @param {Brush} c @param {number} x @param {number} y @param {number} ux @param {number} uy @param {number} long */
function leftTurn(c, x, y, ux, uy, long) {
  const [lx, ly] = [uy, -ux]; // left of a vehicle that drives along u, y down
  c.moveTo(x - ux * long, y - uy * long);
  c.quadraticCurveTo(x + lx * 1.5, y + ly * 1.5, x + lx * long, y + ly * long);
  head(c, x, y, lx, ly, long);
}

/** Beside each approach how many wait there. @type {Layer<Plan, [frame: TrafficFrame]>} */
export function queues(c, layout, frame) {
  const { scene, ink, spots, half } = layout;
  c.strokeStyle = ink["verm-line"];
  frame.queues.forEach((count, approach) => {
    const node = approach >> 2,
      side = approach & 3;
    if (count < SHORT || !scene.nodes[node].sides[side]) return;
    const [[x, y], [ax, ay]] = [spots[node], AHEAD[side]];
    const aside = half + 4.5;
    const [qx, qy] = [x - ax * (half + 2) - ay * aside, y - ay * (half + 2) + ax * aside];
    const long = queueLength(layout, count, ax !== 0);
    c.lineWidth = Math.min(2.2 + count / 8, 4.5);
    line(c, qx, qy, qx - ax * long, qy - ay * long);
    if (count === SHORT) return;
    const below = ax ? (ax > 0 ? 14 : -6) : 4;
    const [tx, ty] = [qx - (ax * long) / 2 - ay * 10, qy - (ay * long) / 2 + below];
    write(c, ink, String(count), tx, ty, { colour: "verm-text", align: "center", font: "650 12px" });
  });
}

/** Pixels of a queue, to scale as far as the road has room. @param {Plan} layout @param {number} count @param {boolean} level */
const queueLength = ({ sx, sy, gapX, gapY, half }, count, level) =>
  Math.min(count * VEHICLE_M * 1.2 * (level ? sx : sy), (level ? gapX : gapY) - 2 * half - 10);

/** Roads that are closed, each in its direction. @type {Layer<Plan, [frame: TrafficFrame]>} */
export function closures(c, { scene, ink, roads, half }, frame) {
  c.strokeStyle = ink["verm-line"];
  roads.forEach(([x0, y0, x1, y1], i) => {
    if (!frame.closed[scene.roads[i][4]]) return;
    const [ux, uy] = [Math.sign(x1 - x0) * half, Math.sign(y1 - y0) * half];
    const [ox, oy] = [-uy / 2, ux / 2]; // to the lane
    const segment = /** @type {Segment} */ ([x0 + ux + ox, y0 + uy + oy, x1 - ux + ox, y1 - uy + oy]);
    c.lineWidth = half * 0.7;
    c.globalAlpha = 0.25;
    line(c, ...segment);
    c.globalAlpha = 1;
    c.lineWidth = 2.4;
    for (const share of [0.08, 0.5, 0.92]) cross(c, ...along(segment, share), half * 0.32);
  });
}
