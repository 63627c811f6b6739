// World B minus world A over time: the mean of all pairs with its band, and this very pair up to now; zero is always shown.

import { fill, h, s } from "./dom.js";
import { blocks, letter, paint } from "./strip.js";
import { number, timeUnit, unitAfter } from "./words.js";

const LEFT = 54,
  RIGHT = 118,
  STRIP = 38, // top of the regime strip
  TOP = 88, // of the plot
  FOOT = 24;

export function difference() {
  const place = h("div", { class: "el-diff", role: "img" });
  let scale = null;

  function draw(world, pair, { tick, clock }) {
    const width = place.clientWidth,
      height = place.clientHeight;
    if (width < 200 || height < 120) return;
    const metric = world.metrics[world.headline[0]];
    const end = Math.max(pair.end, tick),
      from = pair.tick - 0.06 * (end - pair.tick);
    const right = width - RIGHT,
      bottom = height - FOOT;
    const x = (at) => LEFT + ((at - from) / (end - from)) * (right - LEFT);
    scale = (offset) => from + ((offset - LEFT) / (right - LEFT)) * (end - from);
    const own = pair.own.filter(([at, value]) => value !== null && at <= tick);
    const near = pair.numbers ? Math.abs(pair.numbers[0].values[0] ?? 0) * 0.05 : 0;
    const [low, high] = bounds([
      ...own.map(([, value]) => value),
      ...(pair.low ?? []),
      ...(pair.high ?? []),
      near,
      -near,
    ]);
    const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - TOP);
    const inside = (value) => Math.min(bottom, Math.max(TOP, y(value)));
    const ends = [];
    if (pair.mean)
      ends.push({
        text: `mean of ${pair.seeds.length} pairs`,
        ink: "--blue-text",
        strong: true,
        at: y(last(pair.mean)),
      });
    if (near) ends.push({ text: "within 5 % of A", ink: "--green-text", at: y(0) + (ends.length ? 0 : 4) });
    apart(ends, TOP, bottom);
    const band = pair.mean && points(pair.ticks, pair.low, x, y).concat(points(pair.ticks, pair.high, x, y).reverse());
    fill(
      place,
      s(
        "svg",
        { width, height, "aria-hidden": "true" },
        s("text", { x: 0, y: STRIP + 13 }, "World"),
        strip(world, from, end, x, right),
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
        band && s("polygon", { points: band.join(" "), style: "fill:var(--blue-line);opacity:.18" }),
        pair.mean &&
          s("polyline", { points: points(pair.ticks, pair.mean, x, y).join(" "), style: LINE("--blue-line", 2.25) }),
        s("polyline", {
          points: own.map(([at, value]) => `${x(at).toFixed(1)},${inside(value).toFixed(1)}`).join(" "),
          style: LINE("--ink-3", 1.3),
        }),
        hours(world, pair.tick, end, x).map(({ at, label }) => [
          s("line", { x1: at, x2: at, y1: bottom, y2: bottom + 4, style: "stroke:var(--edge)" }),
          s("text", { x: at, y: bottom + 18, "text-anchor": "middle" }, label),
        ]),
        changes(pair.events, x, right, bottom),
        title(metric, right, pair.mean !== undefined),
        recovered(world, pair, x, y, right),
        playhead(x(tick), `both worlds, ${clock}`, right, bottom),
        ends.map(({ text, ink, at, strong }) =>
          s("text", { x: right + 8, y: at + 4, style: `fill:var(${ink});${strong ? "font-weight:650" : ""}` }, text),
        ),
      ),
    );
    const value = pair.mean
      ? `mean difference now ${number(pair.mean.at(-1))} ${metric.unit}`
      : "no pair has been compared yet";
    place.setAttribute("aria-label", `World B minus world A, ${metric.title}: ${value}`);
  }

  return { place, draw, tickAt: (offset) => scale && scale(offset) };
}

const LINE = (colour, width) => `fill:none;stroke:var(${colour});stroke-width:${width};stroke-linejoin:round`;
const last = (values) => values.findLast((value) => value !== null) ?? 0;
const points = (ticks, values, x, y) =>
  ticks.flatMap((at, i) => (values[i] === null ? [] : [`${x(at).toFixed(1)},${y(values[i]).toFixed(1)}`]));

/** What the lines are; at the right, where the fork's own line does not cross it. */
function title(metric, right, known) {
  const what = `B − A, ${metric.title.toLowerCase()}${metric.unit ? `, ${metric.unit}` : ""}`;
  const mean = known ? right - 246 : right;
  const text = (x, label, anchor) => s("text", { x, y: TOP - 14, "text-anchor": anchor }, label);
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

/** A range with zero in it and some air. */
function bounds(values) {
  const known = values.filter(Number.isFinite);
  const low = Math.min(0, ...known),
    high = Math.max(0, ...known);
  const air = 0.08 * (high - low || 1);
  return [low - air, high + air];
}

function ticksOf(low, high) {
  const rough = (high - low) / 4,
    power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step)
    found.push(Math.round(value / step) * step);
  return found;
}

/** Names at the right ends, pushed apart. */
function apart(ends, top, bottom) {
  ends.sort((a, b) => a.at - b.at);
  ends.forEach((end, i) => (end.at = Math.max(end.at, i ? ends[i - 1].at + 15 : top)));
  [...ends].reverse().forEach((end, i, all) => (end.at = Math.min(end.at, i ? all[i - 1].at - 15 : bottom)));
}

function strip(world, from, end, x, right) {
  if (!world.regimes.length)
    return s("rect", { x: LEFT, y: STRIP, width: right - LEFT, height: 18, style: "fill:var(--reg-b)" });
  return blocks(world.regimes, world.repeat, Math.max(0, from), end).map((block) => {
    const left = x(block.from),
      wide = x(block.to) - left;
    const texts = [`${letter(block.kind)} ${block.name}`, letter(block.kind), ""];
    const text = texts.find((each) => each.length * 7 + 8 < wide) ?? "";
    return [
      s("rect", {
        x: left,
        y: STRIP,
        width: wide,
        height: 18,
        style: `fill:${paint(block.kind)};stroke:var(--surface)`,
      }),
      text &&
        s("text", { x: left + wide / 2, y: STRIP + 13, "text-anchor": "middle", style: "fill:var(--reg-ink)" }, text),
    ];
  });
}

/** Time since the fork. */
function hours(world, fork, end, x) {
  const [, size, brief] = timeUnit(end - fork, world.seconds_per_tick);
  const rough = (end - fork) / size / 6,
    power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough),
    size === 1 ? 1 : 0,
  );
  const found = [{ at: x(fork), label: "fork" }];
  for (let at = step; fork + at * size <= end; at += step)
    found.push({
      at: x(fork + at * size),
      label: `+${at >= 1000 ? at.toLocaleString("en") : Number(at.toPrecision(6))}${at === step ? ` ${unitAfter(at, brief)}` : ""}`,
    });
  return found;
}

function changes(events, x, right, bottom) {
  return events.map(([at, text], i) => {
    const left = x(at);
    return [
      s("line", { x1: left, x2: left, y1: STRIP - 6, y2: bottom, style: "stroke:var(--ink-2)" }),
      s("path", {
        d: `M${left - 5} ${STRIP - 14}h10l-5 9z`,
        style: "fill:var(--verm-fill);stroke:var(--ink)",
        "stroke-width": 0.8,
      }),
      i === events.length - 1 &&
        s("text", { x: left + 9, y: STRIP - 6, style: "fill:var(--ink);font-weight:650" }, `${text} in B`),
    ];
  });
}

/** Where the mean is back, with the time since the change in words. */
function recovered(world, pair, x, y, right) {
  if (!pair.recovered || pair.change_at + pair.recovered > pair.end) return null;
  const at = x(pair.change_at + pair.recovered);
  const [, size, brief] = timeUnit(pair.recovered, world.seconds_per_tick);
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
      `back after ${number(pair.recovered / size)} ${unitAfter(pair.recovered / size, brief)}`,
    ),
  ];
}

function playhead(at, text, right, bottom) {
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
