// The layers of the difference between two worlds: its grid, the lines with their band, what they are, regimes, changes, time.

import { apart, roundUp, ticksOf } from "../axes.js";
import { s } from "../dom.js";
import { blocks, letter, paint } from "../regimes.js";
import { number, timeUnit, unitAfter } from "../words.js";

/** @import { Happening, Metric, World } from "../messages.js" */
/** @import { Axes } from "./difference.js" */
/** @import { Compared } from "../page.js" */
/** @typedef {number | null} Num */

export const LEFT = 54,
  TOP = 88; // of the plot

const BANDS = 38, // top of the bands of regimes
  GAP = 15; // pixels between two names

/** Lines at round values, and where A and B are nearly the same. @param {Axes} axes */
export const grid = ({ low, high, near, right, y, inside }) => [
  near > 0 &&
    s("rect", {
      x: LEFT,
      width: right - LEFT,
      y: inside(near),
      height: inside(-near) - inside(near),
      style: "fill:var(--green-line);opacity:.14",
    }),
  ticksOf(low, high).map((value) => [
    s("line", {
      x1: LEFT,
      x2: right,
      y1: y(value),
      y2: y(value),
      style: `stroke:var(--${value === 0 ? "edge" : "grid"})`,
    }),
    s("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, number(value)),
  ]),
];

/** The mean of all pairs with its band, and this very pair. @param {Compared} pair @param {Axes} axes */
export function lines({ ticks = [], mean, low = [], high = [] }, axes) {
  const own = axes.own.map(([at, value]) => `${axes.x(at).toFixed(1)},${axes.inside(value).toFixed(1)}`);
  const band = mean && points(ticks, low, axes).concat(points(ticks, high, axes).reverse());
  return [
    band && s("polygon", { points: band.join(" "), style: "fill:var(--blue-line);opacity:.18" }),
    mean && s("polyline", { points: points(ticks, mean, axes).join(" "), style: LINE("--blue-line", 2.25) }),
    s("polyline", { points: own.join(" "), style: LINE("--ink-3", 1.3) }),
  ];
}

/** Names at the right ends. @param {Compared} pair @param {Axes} axes */
export function names({ mean, seeds = [] }, { near, right, bottom, y }) {
  const ends = /** @type {{ text: string, ink: string, strong?: boolean, at: number }[]} */ ([]);
  const last = mean?.findLast((value) => value !== null) ?? 0;
  if (mean) ends.push({ text: `mean of ${seeds.length} pairs`, ink: "--blue-text", strong: true, at: y(last) });
  if (near) ends.push({ text: "within 5 % of A", ink: "--green-text", at: y(0) + (ends.length ? 0 : 4) });
  apart(ends, GAP, TOP, bottom);
  return ends.map(({ text, ink, at, strong }) => {
    const style = `fill:var(${ink});${strong ? "font-weight:650" : ""}`;
    return s("text", { x: right + 8, y: at + 4, style }, text);
  });
}

/** @param {string} colour @param {number} width */
const LINE = (colour, width) => `fill:none;stroke:var(${colour});stroke-width:${width};stroke-linejoin:round`;
/** Where values are known. @param {number[]} ticks @param {Num[]} values @param {Axes} axes */
const points = (ticks, values, { x, y }) => ticks.flatMap((at, i) => place(x(at), values[i], y));

/** @param {number} x @param {Num} value @param {(value: number) => number} y */
const place = (x, value, y) => (value === null ? [] : [`${x.toFixed(1)},${y(value).toFixed(1)}`]);

/**
 * What the lines are; at the right, where the fork's own line does not cross it.
 *
 * @param {Metric} metric
 * @param {Axes} axes
 * @param {boolean} known
 */
export function title(metric, { right }, known) {
  const what = `B − A, ${metric.title.toLowerCase()}${metric.unit ? `, ${metric.unit}` : ""}`;
  const mean = known ? right - 246 : right;
  /** @param {number} x @param {string} label @param {string} [anchor] */
  const text = (x, label, anchor) => s("text", { x, y: TOP - 14, "text-anchor": anchor }, label);
  /** @param {number} x @param {string} style */
  const mark = (x, style) => s("line", { x1: x, x2: x + 18, y1: TOP - 18, y2: TOP - 18, style });
  return s(
    "g",
    { class: "el-over" },
    known && [mark(mean + 6, LINE("--blue-line", 2.25)), text(mean + 30, "mean of all pairs, with its 95 % band")],
    mark(mean - 94, LINE("--ink-3", 1.3)),
    text(mean - 70, "this pair"),
    text(mean - 112, what, "end"),
  );
}

/** Regimes, by name where there is room. @param {World} world @param {Axes} axes */
export const regimes = (world, axes) => [s("text", { x: 0, y: BANDS + 13 }, "World"), bands(world, axes)];

/** @param {World} world @param {Axes} axes */
function bands(world, { from, end, x, right }) {
  if (!world.regimes.length)
    return s("rect", { x: LEFT, y: BANDS, width: right - LEFT, height: 18, style: "fill:var(--reg-b)" });
  return blocks(world.regimes, world.repeat, Math.max(0, from), end).map((block) => {
    const left = x(block.from),
      wide = x(block.to) - left;
    const texts = [`${letter(block.kind)} ${block.name}`, letter(block.kind), ""];
    const text = texts.find((each) => each.length * 7 + 8 < wide) ?? "";
    return [
      s("rect", {
        x: left,
        y: BANDS,
        width: wide,
        height: 18,
        style: `fill:${paint(block.kind)};stroke:var(--surface)`,
      }),
      text &&
        s("text", { x: left + wide / 2, y: BANDS + 13, "text-anchor": "middle", style: "fill:var(--reg-ink)" }, text),
    ];
  });
}

/** Time since the fork. @param {World} world @param {number} fork @param {Axes} axes */
export function times(world, fork, { end, x, bottom }) {
  return since(world, fork, end).map(({ tick, label }) => [
    s("line", { x1: x(tick), x2: x(tick), y1: bottom, y2: bottom + 4, style: "stroke:var(--edge)" }),
    s("text", { x: x(tick), y: bottom + 18, "text-anchor": "middle" }, label),
  ]);
}

/**
 * Marks of the time since the fork.
 *
 * @param {Pick<World, "seconds_per_tick">} world
 * @param {number} fork
 * @param {number} end
 */
export function since(world, fork, end) {
  const [, size, brief] = timeUnit(end - fork, world.seconds_per_tick);
  const step = Math.max(roundUp((end - fork) / size / 6), size === 1 ? 1 : 0);
  const found = [{ tick: fork, label: "fork" }];
  for (let at = step; fork + at * size <= end; at += step) {
    const text = at >= 1000 ? at.toLocaleString("en") : Number(at.toPrecision(6));
    found.push({ tick: fork + at * size, label: `+${text}${at === step ? ` ${unitAfter(at, brief)}` : ""}` });
  }
  return found;
}

/** What was changed in B. @param {Happening[]} events @param {Axes} axes */
export function changes(events, { x, bottom }) {
  return events.map(([at, text], i) => {
    const left = x(at);
    return [
      s("line", { x1: left, x2: left, y1: BANDS - 6, y2: bottom, style: "stroke:var(--ink-2)" }),
      s("path", {
        d: `M${left - 5} ${BANDS - 14}h10l-5 9z`,
        style: "fill:var(--verm-fill);stroke:var(--ink)",
        "stroke-width": 0.8,
      }),
      i === events.length - 1 &&
        s("text", { x: left + 9, y: BANDS - 6, style: "fill:var(--ink);font-weight:650" }, `${text} in B`),
    ];
  });
}

/**
 * Where the mean is back, with the time since the change in words.
 *
 * @param {World} world
 * @param {Compared} pair
 * @param {Axes} axes
 */
export function recovered(world, { recovered, change_at = 0, end }, { x, y, right }) {
  if (!recovered || change_at + recovered > end) return null;
  const at = x(change_at + recovered);
  const [, size, brief] = timeUnit(recovered, world.seconds_per_tick);
  const flip = at > right - 120;
  return [
    s("line", { x1: at, x2: at, y1: y(0), y2: y(0) - 22, style: LINE("--green-line", 1.5) }),
    s("circle", { cx: at, cy: y(0), r: 4.5, style: "fill:var(--surface);stroke:var(--green-line);stroke-width:2" }),
    s(
      "text",
      {
        x: at + (flip ? -6 : 6),
        y: y(0) - 14,
        "text-anchor": flip ? "end" : "start",
        style: "fill:var(--green-text);font-weight:650",
      },
      `back after ${number(recovered / size)} ${unitAfter(recovered / size, brief)}`,
    ),
  ];
}

/** The moment that is shown. @param {number} at @param {string} text @param {Axes} axes */
export function playhead(at, text, { right, bottom }) {
  const flip = at > right - 8 * text.length;
  return [
    s("line", { class: "el-now", x1: at, x2: at, y1: 12, y2: bottom, style: LINE("--accent", 2.5) }),
    s("circle", { cx: at, cy: 8, r: 4.5, style: "fill:var(--surface);stroke:var(--accent)", "stroke-width": 2.5 }),
    s(
      "text",
      {
        x: at + (flip ? -10 : 10),
        y: 12,
        "text-anchor": flip ? "end" : "start",
        style: "fill:var(--accent);font-weight:650",
      },
      text,
    ),
  ];
}
