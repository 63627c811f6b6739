// Cars at a crossing: where they are between two frames, the lines of those who go, and their bodies.

import { line } from "../shared/lines.js";
import { AHEAD, BOX, STATES, before, between, headingOf, metres, outline, wedge } from "../shared/vehicles.js";

/** @import { Layer, Place } from "../../page.js" */
/** @import { CrossingFrame } from "../../scenes.js" */
/** @import { Layout } from "../crossing.js" */
/** A car in pixels; `look` is how it fares, as in STATES, or WRECK. @typedef {{ id: number, side: number, look: number, fleet: number, goes: boolean, at: Place }} Car */

const LEAP_M = 40; // a car that is further from its last place than this is drawn where it is, not on its way there
const WRECK = 3;
const WEDGE = wedge(0.35);

/**
 * Cars between two frames.
 *
 * @param {Layout} layout
 * @param {CrossingFrame} from
 * @param {CrossingFrame} to
 * @param {number} part
 * @returns {Car[]}
 */
export function carsOf({ scene, x, y }, from, to, part) {
  const slotBefore = before(scene, from, to, LEAP_M);
  return Array.from(to.id, (id, i) => {
    const state = to.state[i],
      side = headingOf(state),
      j = slotBefore(i),
      now = metres(scene, to, i);
    const turned = j < 0 || headingOf(from.state[j]) !== side; // it came back from another side
    const [mx, my] = turned ? now : between(metres(scene, from, j), now, part);
    return { id, side, look: state & 3, fleet: (state >> 4) & 7, goes: state > 127, at: [x(mx), y(my)] };
  });
}

/** The way through the box of every car that goes. @type {Layer<Layout, [cars: Car[]]>} */
export function ways(c, { ink, card, cx, cy, edge }, cars) {
  c.strokeStyle = ink["blue-fill"];
  c.lineWidth = card ? 1.6 : 2.2;
  c.setLineDash([2, 4]);
  for (const { at, side, goes, look } of cars) {
    if (!goes || look === WRECK) continue;
    const [x, y] = at,
      [ax, ay] = AHEAD[side];
    line(c, x, y, ax ? cx + ax * 1.35 * edge : x, ay ? cy + ay * 1.35 * edge : y);
  }
  c.setLineDash([]);
}

/** @type {Layer<Layout, [car: Car]>} */
export function body(c, { ink, long, wide }, { at, side, look, fleet }) {
  const [x, y] = at,
    [ax, ay] = AHEAD[side];
  /** @param {number} along @param {number} aside @returns {Place} */
  const on = (along, aside) => [x + ax * long * along - ay * wide * aside, y + ay * long * along + ax * wide * aside];
  c.beginPath();
  outline(c, at, side, look ? BOX : WEDGE, long, wide);
  c.fillStyle = ink[STATES[Math.min(look, STATES.length - 1)]];
  c.fill();
  c.strokeStyle = ink.ink;
  c.lineWidth = look >= 2 ? 2.2 : 1;
  c.stroke();
  if (look === WRECK) {
    c.lineWidth = 1.8;
    line(c, ...on(0.7, 0.7), ...on(-0.7, -0.7));
    line(c, ...on(0.7, -0.7), ...on(-0.7, 0.7));
  }
  if (!fleet) return;
  c.fillStyle = "#fff";
  c.lineWidth = 1;
  c.beginPath();
  c.arc(...on(-0.3, 0), wide * 0.55, 0, 7);
  c.fill();
  c.stroke();
}
