// What is remembered: how long agents take to recover when a regime comes back, and what a memory is worth here.

import { fill, h, s } from "./dom.js";
import { letter, paint } from "./strip.js";
import { number, timeUnit } from "./words.js";

const narrow = matchMedia("(max-width: 1100px)"); // drawn at its size on screen, so that text keeps its 12 px
const HIGH = 40,
  TOP = 8,
  LEFT = 38,
  RIGHT = 86,
  CELL = 36,
  ROW = 21;

export function remember() {
  const bars = h("div", { class: "el-bars" });
  const worth = h("section", { class: "el-block el-worth", "aria-label": "Is a memory worth it?" });
  const drawn = ["", ""];
  let shown = [];

  /** Show recovery times and what is kept, where there are regimes that come back. */
  function update(world, memory) {
    shown = [world, memory];
    draw(0, bars, memory.recovery, world, recoveryBars);
    draw(1, worth, memory.keeping, world, worthOf); // an opened table stays open while the bars grow
  }

  function draw(part, place, told, world, build) {
    const key = JSON.stringify([told, narrow.matches, world.name]);
    if (key === drawn[part]) return;
    drawn[part] = key;
    place.hidden = !told;
    fill(place, told && build(told, world));
  }

  const resized = () => shown.length && update(...shown);
  narrow.addEventListener("change", resized);
  return { bars, worth, update, end: () => narrow.removeEventListener("change", resized) };
}

/** Bars in the order of the regimes, pass by pass; the mean of the last pass is told in words. */
function recoveryBars({ bars, passes }, world) {
  const shown = bars.flatMap((pass) => pass.flatMap((bar, i) => (bar ? [{ ticks: bar[0], never: bar[1], i }] : [])));
  const high = Math.max(...shown.map((bar) => bar.ticks), world.window_ticks),
    [unit, size, brief] = timeUnit(high, world.seconds_per_tick);
  const wide = narrow.matches ? 320 : 368,
    step = (wide - LEFT - RIGHT) / Math.max(shown.length, 6);
  const y = (ticks) => TOP + HIGH * (1 - ticks / high),
    kind = (bar) => world.regimes[bar.i].kind;
  const told = (bar) => (bar.never ? "not in time" : bar.ticks ? `${number(bar.ticks / size)} ${brief}` : "at once");
  const latest = bars.at(-1).filter(Boolean);
  const last = told({
    ticks: latest.reduce((sum, [ticks]) => sum + ticks, 0) / latest.length,
    never: latest.every(([, never]) => never),
  });
  return [
    h(
      "p",
      { class: "el-sec el-xs el-mute" },
      `${unit} to recover after each return`,
      h("span", { class: "el-aside" }, passes > 1 && `${passes} passes a bar`),
    ),
    s(
      "svg",
      {
        width: wide,
        height: TOP + HIGH + 18,
        role: "img",
        "aria-label": `Time to recover, mean of the last bars: ${last}`,
      },
      [0, high].map((at) => [
        s("line", { x1: LEFT, x2: wide - RIGHT, y1: y(at), y2: y(at), style: `stroke:var(--${at ? "grid" : "edge"})` }),
        s("text", { x: LEFT - 6, y: y(at) + 4, "text-anchor": "end" }, number(at / size)),
      ]),
      shown.map((bar, n) => {
        const [x, w] = [LEFT + n * step + 1, Math.max(1, Math.min(step - 2, 24))];
        return s(
          "g",
          null,
          s("title", null, `${world.regimes[bar.i].name}: ${told(bar)}`),
          s("rect", {
            x,
            y: y(bar.ticks),
            width: w,
            height: Math.max(0.5, TOP + HIGH - y(bar.ticks)),
            style: `fill:${paint(kind(bar))};stroke:var(--edge)`,
          }),
          bar.never && s("path", { d: `M${x + w / 2 - 4} ${TOP + 7}l4 -6l4 6z`, style: "fill:var(--verm-fill)" }),
          step > 10 && s("text", { x: x + w / 2, y: TOP + HIGH + 14, "text-anchor": "middle" }, letter(kind(bar))),
        );
      }),
      s("text", { x: wide - RIGHT + 8, y: TOP + HIGH / 2 + 4, class: "el-last" }, last),
    ),
  ];
}

/** The advice, and what a frozen learner keeps of each regime. */
function worthOf({ advice, kept }) {
  const [verdict, reason] = advice.split(": ");
  return [
    h("div", { class: "el-sec" }, h("h2", null, "Is a memory worth it?")),
    h("p", { class: "el-words" }, h("b", null, `${verdict}: `), reason),
    h(
      "details",
      { class: "el-more" },
      h("summary", null, "What is kept of each regime"),
      h(
        "div",
        { class: "el-kept" },
        Object.entries(kept).map(([which, table]) => keptTable(which, table)),
      ),
      h(
        "p",
        { class: "el-xs el-mute" },
        "Per cent of its gain over random play that a frozen learner keeps in the regime of a column, after learning ",
        "that of the row.",
      ),
    ),
  ];
}

function keptTable(which, table) {
  const text = (value) => (value === null ? "–" : number(Math.round(100 * value)));
  const told = table.map((row, r) => `after ${letter(r)}, ${row.map(text).join(" ")}`).join("; "),
    side = table.length;
  return s(
    "svg",
    {
      width: 20 + side * CELL,
      height: 34 + side * ROW,
      role: "img",
      "aria-label": `Kept ${which} memory: ${told}`,
    },
    s("text", { x: 20, y: 11 }, `${which} memory`),
    table.map((row, r) => [
      s("text", { x: 20 + (r + 0.5) * CELL, y: 28, "text-anchor": "middle" }, letter(r)),
      s("text", { x: 6, y: 34 + (r + 0.5) * ROW + 4, "text-anchor": "middle" }, letter(r)),
      row.map((value, c) => [
        s("rect", { x: 20 + c * CELL, y: 34 + r * ROW, width: CELL - 2, height: ROW - 2, rx: 2, style: tint(value) }),
        s(
          "text",
          { x: 19 + (c + 0.5) * CELL, y: 33 + (r + 0.5) * ROW + 4, "text-anchor": "middle", style: "fill:var(--ink)" },
          text(value),
        ),
      ]),
    ]),
  );
}

/** The more is lost, the more vermilion. */
function tint(value) {
  const lost = value === null ? 0 : Math.max(0, Math.min(1, 1 - value));
  return `fill:color-mix(in oklab, var(--verm-fill) ${Math.round(50 * lost)}%, var(--heat-mid))`;
}
