// A sample of drivers as dots. A dot goes round its driver's route again and again, slower where the trip takes longer; it
// takes up a new route when it is back at the origin, so that nobody jumps.

import { HUES, mark } from "../shared/actions.js";
import { along } from "../shared/lines.js";
import { originOf } from "./layout.js";

/** @import { Layer, Place } from "../../page.js" */
/** @import { RoutesFrame } from "../../scenes.js" */
/** @import { Layout } from "./layout.js" */
/**
 * `driver`: its number in the sample; `route`: -1 before its first; `share` of the route behind it; `aside`: its place across
 * the road, from -0.5 to 0.5.
 *
 * @typedef {{ agent: number, driver: number, pair: number, route: number, share: number, aside: number, at: Place }} Dot
 */

const CARD_DOTS = 60; // on a card the roads must be seen too
const LAP_S = 6; // of a mean trip

/** Dots of a sample, spread evenly along and across their routes whatever their number. @param {Layout} layout @returns {Dot[]} */
export function dotsOf(layout) {
  const { sample, pair_of } = layout.scene;
  const every = layout.card ? Math.ceil(sample.length / CARD_DOTS) : 1;
  const dots = sample.map((agent, n) => ({
    ...{ agent, driver: n, pair: pair_of[n], route: -1 },
    share: (n * 0.618034) % 1,
    aside: ((n * 0.754878) % 1) - 0.5,
    at: originOf(layout, pair_of[n]),
  }));
  return dots.filter((_, n) => n % every === 0);
}

/** Move a dot along its route. @param {Layout} layout @param {Dot} dot @param {RoutesFrame} frame @param {number} passed seconds @param {number} trip minutes of a mean trip */
export function drive(layout, dot, frame, passed, trip) {
  const { scene, segments, lengths, thick, most } = layout;
  const chosen = frame.drivers[dot.driver];
  if (dot.route < 0) dot.route = chosen;
  const time = frame.route_time[dot.pair * most + dot.route] || trip;
  dot.share += (passed * trip) / (LAP_S * Math.max(time, trip / 4));
  if (dot.share >= 1 || !passed) dot.route = chosen;
  dot.share %= 1;
  const { link, share } = placeOn(scene.routes[dot.pair][dot.route], lengths, dot.share);
  dot.at = along(segments[link], share, dot.aside * thick * 0.75);
}

/** The link of a route at a share of its length, and the share of that link. @param {number[]} route @param {number[]} lengths @param {number} share */
export function placeOn(route, lengths, share) {
  let left = share * route.reduce((sum, link) => sum + lengths[link], 0),
    n = 0;
  while (n < route.length - 1 && left > lengths[route[n]]) left -= lengths[route[n++]];
  return { link: route[n], share: Math.min(1, left / (lengths[route[n]] || 1)) };
}

/** By its route, or by its pair where there are several. @type {Layer<Layout, [dot: Dot]>} */
export const drawDot = (c, { ink, card, single }, { route, pair, at }) =>
  mark(c, ink, ...at, card ? 2.4 : 3.8, single ? route : pair % HUES.length, 0.7);
