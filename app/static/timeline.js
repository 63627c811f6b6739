// The timeline under the picture: which regime holds, what comes, where people changed something, and now.

import { fill, h, s } from "./dom.js";
import { blocks, letter, paint } from "./strip.js";
import { timeMarks } from "./words.js";

const LEFT = 54,
  TOP = 24,
  HIGH = 22,
  BLOCKS = 24;

/** The stretch of ticks to show: the whole suggested run, or the last blocks of a long one. */
function span(world, tick) {
  const cycle = world.regimes.reduce((sum, regime) => sum + regime.ticks, 0);
  const whole =
    cycle && world.repeat ? Math.min(world.ticks, cycle * Math.ceil(BLOCKS / world.regimes.length / 2)) : world.ticks;
  if (tick < whole * 0.85) return [0, whole];
  return cycle && world.repeat ? [tick - whole * 0.85, tick + whole * 0.15] : [0, tick / 0.85];
}

export function timeline() {
  const place = h("div", { class: "el-tl" });
  const legend = h("div", { class: "el-legend" });
  let drawn = "";

  function draw(world, tick, events) {
    const width = place.clientWidth - 40;
    if (width <= 0) return;
    const [from, to] = span(world, tick);
    const x = (at) => LEFT + ((at - from) / (to - from)) * (width - LEFT);
    const now = x(tick);
    const key = [
      width,
      Math.round(now * 2),
      Math.round((from / (to - from)) * width),
      Math.round(100 * Math.log(to)),
      events.length,
      world.name,
    ].join();
    if (key === drawn) return;
    drawn = key;
    const lane = world.regimes.length
      ? blocks(world.regimes, world.repeat, from, to).flatMap((block) => cut(block, tick).map((part) => bar(part, x)))
      : [
          s("rect", { x: LEFT, y: TOP, width: Math.max(0, now - LEFT), height: HIGH, style: "fill:var(--reg-b)" }),
          s("rect", {
            x: now,
            y: TOP + 0.5,
            width: Math.max(0, width - now),
            height: HIGH - 1,
            style: "fill:none;stroke:var(--edge);stroke-dasharray:3 3",
          }),
        ];
    const shown = events.filter(([at]) => at >= from);
    let free = 0; // labels that would lie over the one before are left out; the mark stays
    const marks = shown.map(([at, text]) => {
      const left = x(at),
        room = left >= free && left + text.length * 6.5 < width;
      if (room) free = left + 20 + text.length * 6.5;
      return s(
        "g",
        null,
        s("title", null, text),
        s("line", { x1: left, x2: left, y1: TOP - 4, y2: TOP + HIGH, style: "stroke:var(--ink-2)" }),
        s("path", {
          d: `M${left - 5} ${TOP - 13}h10l-5 9z`,
          style: "fill:var(--verm-fill);stroke:var(--ink)",
          "stroke-width": 0.8,
        }),
        room && s("text", { x: left + 9, y: TOP - 5 }, text),
      );
    });
    const days = timeMarks(from, to, world.seconds_per_tick, 7).filter((mark) => x(mark.tick) < width - 24);
    fill(
      place,
      s(
        "svg",
        { width: width, height: TOP + HIGH + 20, role: "img", "aria-label": `Timeline: ${holds(world, tick)}` },
        s("text", { x: 0, y: TOP + 15 }, "World"),
        lane,
        marks,
        days.map((mark) =>
          s(
            "g",
            null,
            s("line", {
              x1: x(mark.tick),
              x2: x(mark.tick),
              y1: TOP + HIGH,
              y2: TOP + HIGH + 5,
              style: "stroke:var(--edge)",
            }),
            s("text", { x: x(mark.tick) + 3, y: TOP + HIGH + 16 }, mark.label),
          ),
        ),
        s("line", {
          x1: now,
          x2: now,
          y1: TOP - 6,
          y2: TOP + HIGH + 4,
          style: "stroke:var(--accent)",
          "stroke-width": 2.5,
        }),
        s("circle", {
          cx: now,
          cy: TOP - 10,
          r: 4.5,
          style: "fill:var(--surface);stroke:var(--accent)",
          "stroke-width": 2.5,
        }),
      ),
      legend,
    );
    const kinds = [...new Map(world.regimes.map((regime) => [regime.kind, regime])).values()];
    fill(
      legend,
      kinds.map((regime) => h("span", null, swatch(regime.kind), `${letter(regime.kind)} ${regime.name}`)),
      kinds.length ? null : h("span", null, "One regime: this world stays as it is until you change it."),
      shown.length > 0 &&
        h(
          "span",
          null,
          s(
            "svg",
            { width: 11, height: 10 },
            s("path", {
              d: "M0.5 0.5h10l-5 9z",
              style: "fill:var(--verm-fill);stroke:var(--ink)",
              "stroke-width": 0.8,
            }),
          ),
          "you change",
        ),
    );
  }

  return { place, draw };
}

/** Which regime holds, in words. */
export function holds(world, tick) {
  const [block] = blocks(world.regimes, world.repeat, tick, tick + 1);
  return block ? `regime ${letter(block.kind)}, ${block.name}` : "one regime";
}

function cut(block, tick) {
  if (tick <= block.from) return [{ ...block, coming: true }];
  return tick < block.to
    ? [
        { ...block, to: tick },
        { ...block, from: tick, coming: true },
      ]
    : [block];
}

function bar(block, x) {
  const left = x(block.from),
    width = Math.max(0, x(block.to) - left);
  const style = block.coming
    ? "fill:none;stroke:var(--edge);stroke-dasharray:3 3"
    : `fill:${paint(block.kind)};stroke:var(--surface)`;
  return s(
    "g",
    null,
    s("title", null, block.name),
    s("rect", { x: left + 0.5, y: TOP + 0.5, width: Math.max(0, width - 1), height: HIGH - 1, style }),
    width > 16 &&
      s(
        "text",
        { x: left + width / 2, y: TOP + 15, "text-anchor": "middle", style: block.coming ? "" : "fill:var(--reg-ink)" },
        letter(block.kind),
      ),
  );
}

function swatch(kind) {
  return s(
    "svg",
    { width: 18, height: 12, "aria-hidden": "true" },
    s("rect", { x: 0.5, y: 0.5, width: 17, height: 11, rx: 2, style: `fill:${paint(kind)};stroke:var(--edge)` }),
  );
}
