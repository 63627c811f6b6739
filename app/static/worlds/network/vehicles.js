// Vehicles on a plan: to scale along their road, and across it in lanes as wide as the road is drawn.

import {
  AHEAD,
  BARS,
  BOX,
  ROUTES,
  STATES,
  before,
  between,
  headingOf,
  metres,
  outline,
  routeOf,
  wedge,
} from "../shared/vehicles.js";
import { BAR_STEP, LEAP_M, nearest } from "./plan.js";

/** @import { Layer, Place } from "../../page.js" */
/** @import { TrafficFrame } from "../../scenes.js" */
/** @import { Plan } from "./plan.js" */
/** @typedef {ReturnType<typeof lanes>} Lanes */

const FURTHEST_LANE_M = 20,
  CENTRED_M = 0.3; // a vehicle so near the middle of a road is in no lane of its own
const WEDGE = wedge(0.1);

/** Places vehicles in lanes, which fill half of a road as drawn; it learns how far the lanes are from the middle. @param {Plan} layout */
export function lanes({ scene, across, down, half, x, y }) {
  let inner = Infinity, // metres from the middle of the road to the lanes seen so far
    outer = 0;

  /** @param {number} off metres */
  function aside(off) {
    if (off <= CENTRED_M) return half / 2;
    if (off < FURTHEST_LANE_M) [inner, outer] = [Math.min(inner, off), Math.max(outer, off)];
    return Math.min((half * off) / (inner + outer), half - 1.5);
  }

  /** Where a vehicle is drawn. @param {TrafficFrame} frame @param {number} slot @returns {Place} */
  return (frame, slot) => {
    const [mx, my] = metres(scene, frame, slot),
      [ax, ay] = AHEAD[headingOf(frame.state[slot])];
    const middle = ax ? nearest(down, my) : nearest(across, mx),
      off = aside(Math.abs((ax ? my : mx) - middle));
    return ax ? [x(mx), y(middle) + ax * off] : [x(middle) - ay * off, y(my)];
  };
}

/** @type {Layer<Plan, [placeOf: Lanes, from: TrafficFrame, to: TrafficFrame, part: number]>} */
export function vehicles(c, layout, placeOf, from, to, part) {
  const { scene, ink, card, long } = layout;
  const { bodies, bars } = outlines(layout, placeOf, from, to, part);
  bodies.forEach((byRoute, state) =>
    byRoute.forEach((path, route) => {
      c.fillStyle = ink[scene.routes ? ROUTES[route] : STATES[state]];
      c.fill(path);
      if (!state && (card || !scene.routes)) return;
      c.strokeStyle = ink.ink;
      c.lineWidth = (state === 2 ? 1.3 : 0.6) * Math.min(1, long / 7);
      c.stroke(path);
    }),
  );
  if (card) return; // too small for bars
  c.strokeStyle = BARS;
  c.lineWidth = 1.1;
  c.stroke(bars);
}

/**
 * All vehicles as a few paths, by state and route, because thousands are drawn sixty times a second; and their bars.
 *
 * @param {Plan} layout
 * @param {Lanes} placeOf
 * @param {TrafficFrame} from
 * @param {TrafficFrame} to
 * @param {number} part
 */
function outlines(layout, placeOf, from, to, part) {
  const { scene, longX, longY, wide } = layout,
    slotBefore = before(scene, from, to, LEAP_M);
  const bodies = STATES.map(() => (scene.routes ? ROUTES : [0]).map(() => new Path2D())),
    bars = new Path2D();
  to.state.forEach((marks, i) => {
    const state = marks & 3,
      heading = headingOf(marks),
      route = scene.routes ? routeOf(marks) : 0;
    const now = placeOf(to, i),
      j = slotBefore(i);
    const place = j < 0 ? now : between(placeOf(from, j), now, part);
    const long = heading % 2 ? longX : longY;
    const drawn = state ? long : Math.max(long, 1.6 * wide); // a queue is to scale, a wedge long enough to point
    outline(bodies[state][route], place, heading, state ? BOX : WEDGE, drawn / 2, wide / 2);
    for (let n = 1; n < route; n++) bar(bars, place, heading, (n - route / 2) * BAR_STEP, wide / 2);
  });
  return { bodies, bars };
}

/** A bar across a vehicle, so far ahead of its middle. @param {Path2D} path @param {Place} place @param {number} heading @param {number} off @param {number} wide */
function bar(path, [x, y], heading, off, wide) {
  const [ax, ay] = AHEAD[heading];
  path.moveTo(x + ax * off - ay * wide, y + ay * off + ax * wide);
  path.lineTo(x + ax * off + ay * wide, y + ay * off - ax * wide);
}
