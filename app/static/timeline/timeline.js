// The timeline under the picture: which regime holds, what agents with a memory recall, what comes, where people changed
// something, and now. Places follow from an axis; lanes.js draws on it layer by layer.

import { fill, h, s } from "../dom.js";
import { noticed, stretches } from "./lane.js";
import {
  BELOW,
  HIGH,
  LEFT,
  TOP,
  alarms,
  changes,
  holds,
  memoryLane,
  playhead,
  recalls,
  times,
  worldLane,
} from "./lanes.js";
import { timeLegend } from "./legend.js";

/** @import { FrameMessage, Happening, Lane, Past, World } from "../messages.js" */
/**
 * Places on the timeline.
 *
 * @typedef {object} Axis
 * @property {number} width
 * @property {number} from tick at the left end
 * @property {number} to tick at the right end
 * @property {number} tick up to which it is drawn
 * @property {number} now place of that tick
 * @property {number} at place of the tick that the picture shows
 * @property {boolean} looking whether these are two
 * @property {number} foot below the lanes
 * @property {(tick: number) => number} x
 * @property {(offset: number) => number} tickAt
 */

const BLOCKS = 24,
  STALE = 0.01; // share of the span by which a lane may lag before the whole timeline is drawn as of its tick

export function timeline() {
  const place = h("div", { class: "el-tl" });
  const legend = h("div", { class: "el-legend" });
  let drawn = "",
    last = /** @type {Axis | null} */ (null);

  /**
   * Draw what is known.
   *
   * @param {World} world
   * @param {FrameMessage} frame
   * @param {Happening[]} events
   * @param {Lane | null} lane
   * @param {Past | null} past
   */
  function draw(world, frame, events, lane, past) {
    const width = place.clientWidth - 40;
    if (width <= 0) return;
    const axis = axisOf(world, frame, lane, width);
    last = axis;
    const key = [keyOf(axis), past?.moments, events.length, world.name, lane && laneKey(lane)].join();
    if (key === drawn) return;
    drawn = key;
    const recalled = lane ? stretches(lane, axis.from, axis.tick, world) : [],
      marks = lane ? noticed(lane, axis.from, axis.tick, axis.x) : [],
      shown = events.filter(([at]) => at >= axis.from);
    const told = `Timeline: ${holds(world, axis.tick)}${recalls(lane)}`;
    fill(
      place,
      s(
        "svg",
        { width, height: axis.foot + 20, role: "img", "aria-label": told },
        worldLane(axis, world),
        lane && memoryLane(axis, recalled),
        changes(axis, shown),
        lane && alarms(axis, marks),
        times(axis, world),
        playhead(axis),
      ),
      legend,
    );
    fill(legend, timeLegend(world, { recalled, marks, changed: shown.length > 0, past, x: axis.x }));
  }

  return { place, draw, tickAt: (/** @type {number} */ offset) => last && last.tickAt(offset) };
}

/**
 * The stretch of ticks to show: the whole suggested run, or the last blocks of a long one.
 *
 * @param {World} world
 * @param {number} tick
 * @returns {[number, number]}
 */
function span(world, tick) {
  const cycle = world.regimes.reduce((sum, regime) => sum + regime.ticks, 0);
  const whole =
    cycle && world.repeat ? Math.min(world.ticks, cycle * Math.ceil(BLOCKS / world.regimes.length / 2)) : world.ticks;
  if (tick < whole * 0.85) return [0, whole];
  return cycle && world.repeat ? [tick - whole * 0.85, tick + whole * 0.15] : [0, tick / 0.85];
}

/**
 * The axis; a run at full speed is drawn as of its last lane, so that both lanes agree.
 *
 * @param {World} world
 * @param {Pick<FrameMessage, "tick" | "live" | "looking">} frame
 * @param {Lane | null} lane
 * @param {number} width
 * @returns {Axis}
 */
export function axisOf(world, { live, tick: looked, looking }, lane, width) {
  const [begin, end] = span(world, live);
  const tick = lane && Math.abs(live - lane.tick) > STALE * (end - begin) ? lane.tick : live;
  const [from, to] = span(world, tick);
  const x = (/** @type {number} */ at) => LEFT + ((at - from) / (to - from)) * (width - LEFT);
  const now = x(tick),
    at = looking ? x(Math.max(looked, from)) : now,
    foot = lane ? BELOW + HIGH : TOP + HIGH;
  const tickAt = (/** @type {number} */ offset) => from + ((offset - LEFT) / (width - LEFT)) * (to - from);
  return { width, from, to, tick, now, at, looking, foot, x, tickAt };
}

/** What must differ for a timeline to be drawn anew: half a pixel. @param {Axis} axis */
const keyOf = ({ width, now, at, looking, from, to }) => [
  width,
  Math.round(now * 2),
  Math.round(at * 2),
  looking,
  Math.round((from / (to - from)) * width),
  Math.round(100 * Math.log(to)),
];

/** @param {Lane} lane */
const laneKey = (lane) => [lane.stretches.at(-1), Object.values(lane.fits), lane.marks.at(-1)];
