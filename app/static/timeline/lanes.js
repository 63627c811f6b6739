// The layers of the timeline: the lane of the world, that of memory, what people changed, marks of time, and now.

import { s } from "../dom.js";
import { active, diamond, fillOf } from "./lane.js";
import { blocks, letter } from "../regimes.js";
import { timeMarks } from "../words.js";

/** @import { Happening, Lane, World } from "../messages.js" */
/** @import { Stretch } from "./lane.js" */
/** @import { Block } from "../regimes.js" */
/** @import { Axis } from "./timeline.js" */
/**
 * A bar in a lane; `coming`: not lived through yet.
 *
 * @typedef {{ from: number, to: number, style: string, name: string, said: string, coming?: boolean }} Part
 */

export const LEFT = 54,
  TOP = 24,
  HIGH = 22,
  BELOW = TOP + HIGH + 2; // the Memory lane

const CHARACTER = 6.5, // pixels
  COMING = "fill:none;stroke:var(--edge);stroke-dasharray:3 3";

/** Which regime holds, and which comes. @param {Axis} axis @param {World} world */
export function worldLane(axis, { regimes, repeat }) {
  const { from, to, tick, now, width, x } = axis;
  const parts = blocks(regimes, repeat, from, to).flatMap((block) => cut(block, tick));
  return [
    s("text", { x: 0, y: TOP + 15 }, "World"),
    regimes.length
      ? parts.map((part) => bar(part, x, TOP))
      : [
          s("rect", { x: LEFT, y: TOP, width: Math.max(0, now - LEFT), height: HIGH, style: "fill:var(--reg-b)" }),
          s("rect", { x: now, y: TOP + 0.5, width: Math.max(0, width - now), height: HIGH - 1, style: COMING }),
        ],
  ];
}

/** What agents recall. @param {Axis} axis @param {Stretch[]} recalled */
export const memoryLane = ({ x }, recalled) => [
  s("text", { x: 0, y: BELOW + 15 }, "Memory"),
  s("g", { class: "el-recalled" }, ...recalled.map((part) => bar(part, x, BELOW))),
];

/**
 * What people changed; labels that would lie over the one before are left out, marks stay.
 *
 * @param {Axis} axis
 * @param {Happening[]} events
 */
export function changes({ x, width, foot }, events) {
  let free = 0;
  return events.map(([tick, text]) => {
    const left = x(tick),
      wide = text.length * CHARACTER,
      room = left >= free && left + wide < width;
    if (room) free = left + 20 + wide;
    return s(
      "g",
      null,
      s("title", null, text),
      s("line", { x1: left, x2: left, y1: TOP - 4, y2: foot, style: "stroke:var(--ink-2)" }),
      wedge(left - 5, TOP - 13),
      room && s("text", { x: left + 9, y: TOP - 5 }, text),
    );
  });
}

/** The mark of a change. @param {number} left @param {number} top */
export const wedge = (left, top) =>
  s("path", {
    d: `M${left} ${top}h10l-5 9z`,
    style: "fill:var(--verm-fill);stroke:var(--ink)",
    "stroke-width": 0.8,
  });

/** Where agents noticed something. @param {Axis} axis @param {{ tick: number, right: boolean }[]} marks */
export const alarms = ({ x }, marks) =>
  s("g", { class: "el-noticed" }, ...marks.map(({ tick, right }) => diamond(x(tick), BELOW - 1, right)));

/** Marks of time. @param {Axis} axis @param {World} world */
export const times = ({ from, to, x, width, foot }, world) =>
  timeMarks(from, to, world.seconds_per_tick, 7)
    .map(({ tick, label }) => ({ at: x(tick), label }))
    .filter(({ at, label }) => at + 4 + 7 * label.length < width)
    .map(({ at, label }) =>
      s(
        "g",
        null,
        s("line", { x1: at, x2: at, y1: foot, y2: foot + 5, style: "stroke:var(--edge)" }),
        s("text", { x: at + 3, y: foot + 16 }, label),
      ),
    );

/** The moment that the picture shows, and the present where that is another. @param {Axis} axis */
export const playhead = ({ now, at, looking, foot }) => [
  looking &&
    s("line", { x1: now, x2: now, y1: TOP - 4, y2: foot + 2, style: "stroke:var(--ink-2);stroke-dasharray:2 2" }),
  looking && now - at > 40 && s("text", { x: now - 4, y: TOP - 8, "text-anchor": "end" }, "live"),
  s("line", {
    class: "el-now",
    x1: at,
    x2: at,
    y1: TOP - 6,
    y2: foot + 4,
    style: "stroke:var(--accent)",
    "stroke-width": 2.5,
  }),
  s("circle", { cx: at, cy: TOP - 10, r: 4.5, style: "fill:var(--surface);stroke:var(--accent)", "stroke-width": 2.5 }),
];

/** Which regime holds, in words. @param {Pick<World, "regimes" | "repeat">} world @param {number} tick */
export function holds({ regimes, repeat }, tick) {
  const [block] = blocks(regimes, repeat, tick, tick + 1);
  return block ? `regime ${letter(block.kind)}, ${block.name}` : "one regime";
}

/** What agents recall, in words. @param {Lane | null} lane */
export function recalls(lane) {
  if (!lane) return "";
  return `; memory: ${active(lane)?.name ?? "searching"}`;
}

/**
 * A block of the World lane, in two where it is going on.
 *
 * @param {Block} block
 * @param {number} tick
 * @returns {Part[]}
 */
function cut(block, tick) {
  const { from, to, kind, name } = block,
    common = { name: letter(kind), said: name };
  const lived = { ...common, from, to: Math.min(to, tick), style: fillOf(kind) },
    coming = { ...common, from: Math.max(from, tick), to, style: COMING, coming: true };
  if (tick <= from) return [coming];
  return tick < to ? [lived, coming] : [lived];
}

/** @param {Part} part @param {(tick: number) => number} x @param {number} top */
function bar({ from, to, style, name, said, coming }, x, top) {
  const left = x(from),
    width = Math.max(0, x(to) - left),
    ink = coming ? "" : "fill:var(--reg-ink)";
  return s(
    "g",
    null,
    s("title", null, said),
    s("rect", { x: left + 0.5, y: top + 0.5, width: Math.max(0, width - 1), height: HIGH - 1, style }),
    width > 8 + 8 * name.length &&
      s("text", { x: left + width / 2, y: top + 15, "text-anchor": "middle", style: ink }, name),
  );
}

/** How a bar looks, beside its meaning. @param {string} style */
export const swatch = (style) =>
  s(
    "svg",
    { width: 18, height: 12, "aria-hidden": "true" },
    s("rect", { x: 0.5, y: 0.5, width: 17, height: 11, rx: 2, style: `${style};stroke:var(--edge)` }),
  );
