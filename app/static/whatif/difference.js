// World B minus world A over time: the mean of all pairs with its band, and this very pair up to now; zero is always shown.
// Places follow from axes; layers.js draws on them layer by layer.

import * as layers from "./layers.js";
import { LEFT, TOP } from "./layers.js";
import { fill, h, s } from "../dom.js";
import { number } from "../words.js";

/** @import { World } from "../messages.js" */
/** @import { Compared } from "../page.js" */
/**
 * Places of the plot, and what it has to hold.
 *
 * @typedef {object} Axes
 * @property {number} from tick at the left end
 * @property {number} end tick at the right end
 * @property {number} right
 * @property {number} bottom
 * @property {number} low value at the bottom
 * @property {number} high value at the top
 * @property {number} near differences that are nearly none
 * @property {[tick: number, value: number][]} own this pair up to now
 * @property {(tick: number) => number} x
 * @property {(value: number) => number} y
 * @property {(value: number) => number} inside the same, within the plot
 * @property {(offset: number) => number} tickAt
 */
/** The moment that is shown. @typedef {{ tick: number, clock: string }} Moment */

const RIGHT = 118,
  FOOT = 24;

export function difference() {
  const place = h("div", { class: "el-diff", role: "img" });
  let last = /** @type {Axes | null} */ (null);

  /** @param {World} world @param {Compared} pair @param {Moment} moment */
  function draw(world, pair, { tick, clock }) {
    const { clientWidth: width, clientHeight: height } = place;
    if (width < 200 || height < 120) return;
    const metric = world.metrics[world.headline[0]],
      axes = axesOf(pair, tick, width, height);
    last = axes;
    fill(
      place,
      s(
        "svg",
        { width, height, "aria-hidden": "true" },
        layers.regimes(world, axes),
        layers.grid(axes),
        layers.lines(pair, axes),
        layers.times(world, pair.tick, axes),
        layers.changes(pair.events, axes),
        layers.title(metric, axes, pair.mean !== undefined),
        layers.recovered(world, pair, axes),
        layers.playhead(axes.x(tick), `both worlds, ${clock}`, axes),
        layers.names(pair, axes),
      ),
    );
    const value = pair.mean
      ? `mean difference now ${number(pair.mean.at(-1))} ${metric.unit}`
      : "no pair has been compared yet";
    place.setAttribute("aria-label", `World B minus world A, ${metric.title}: ${value}`);
  }

  return { place, draw, tickAt: (/** @type {number} */ offset) => last && last.tickAt(offset) };
}

/** @param {Compared} pair @param {number} tick @param {number} width @param {number} height @returns {Axes} */
export function axesOf(pair, tick, width, height) {
  const end = Math.max(pair.end, tick),
    from = pair.tick - 0.06 * (end - pair.tick),
    right = width - RIGHT,
    bottom = height - FOOT;
  const own = /** @type {[number, number][]} */ (pair.own.filter(([at, value]) => value !== null && at <= tick));
  const near = Math.abs(pair.numbers?.[0].values[0] ?? 0) * 0.05;
  const band = [...(pair.low ?? []), ...(pair.high ?? [])].filter((value) => value !== null);
  const [low, high] = bounds([...own.map(([, value]) => value), ...band, near, -near]);
  const y = (/** @type {number} */ value) => bottom - ((value - low) / (high - low)) * (bottom - TOP);
  return {
    from,
    end,
    right,
    bottom,
    low,
    high,
    near,
    own,
    y,
    x: (at) => LEFT + ((at - from) / (end - from)) * (right - LEFT),
    inside: (value) => Math.min(bottom, Math.max(TOP, y(value))),
    tickAt: (offset) => from + ((offset - LEFT) / (right - LEFT)) * (end - from),
  };
}

/** A range with zero in it and some air. @param {number[]} values @returns {[low: number, high: number]} */
function bounds(values) {
  const low = Math.min(0, ...values),
    high = Math.max(0, ...values);
  const air = 0.08 * (high - low || 1);
  return [low - air, high + air];
}
