// Recovery times as bars: how long agents take to recover each time a regime comes back.

import { h, s } from "../dom.js";
import { narrow } from "../narrow.js";
import { letter, paint } from "../regimes.js";
import { number, timeUnit } from "../words.js";

/** @import { Recovery, World } from "../messages.js" */
/**
 * Ticks to recover, whether it never came, and the block of the schedule.
 *
 * @typedef {{ ticks: number, never: boolean, i: number }} Bar
 */

const HIGH = 40,
  TOP = 8,
  LEFT = 38,
  RIGHT = 86;

/**
 * Bars in the order of the regimes, pass by pass; the mean of the last pass is told in words.
 *
 * @param {Recovery} recovery
 * @param {World} world
 */
export function recoveryBars({ bars, passes }, world) {
  const shown = bars.flatMap((pass) => barsOf(pass));
  const high = Math.max(...shown.map((bar) => bar.ticks), world.window_ticks),
    [unit, size, brief] = timeUnit(high, world.seconds_per_tick);
  const wide = narrow.matches ? 320 : 368,
    step = (wide - LEFT - RIGHT) / Math.max(shown.length, 6);
  const y = (/** @type {number} */ ticks) => TOP + HIGH * (1 - ticks / high);
  /** @param {Omit<Bar, "i">} bar */
  const told = ({ ticks, never }) => (never ? "not in time" : ticks ? `${number(ticks / size)} ${brief}` : "at once");
  const last = told(meanOf(barsOf(bars[bars.length - 1])));
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
        const { name, kind } = world.regimes[bar.i];
        return drawBar(bar, { x: LEFT + n * step + 1, top: y(bar.ticks), step, kind, said: `${name}: ${told(bar)}` });
      }),
      s("text", { x: wide - RIGHT + 8, y: TOP + HIGH / 2 + 4, class: "el-last" }, last),
    ),
  ];
}

/** @param {Recovery["bars"][number]} pass @returns {Bar[]} */
const barsOf = (pass) => pass.flatMap((bar, i) => (bar ? [{ ticks: bar[0], never: bar[1], i }] : []));

/** @param {Bar[]} bars */
const meanOf = (bars) => ({
  ticks: bars.reduce((sum, { ticks }) => sum + ticks, 0) / bars.length,
  never: bars.every(({ never }) => never),
});

/** @param {Bar} bar @param {{ x: number, top: number, step: number, kind: number, said: string }} place */
function drawBar({ never }, { x, top, step, kind, said }) {
  const width = Math.max(1, Math.min(step - 2, 24)),
    foot = TOP + HIGH,
    middle = x + width / 2;
  return s(
    "g",
    null,
    s("title", null, said),
    s("rect", {
      x,
      y: top,
      width,
      height: Math.max(0.5, foot - top),
      style: `fill:${paint(kind)};stroke:var(--edge)`,
    }),
    never && s("path", { d: `M${middle - 4} ${TOP + 7}l4 -6l4 6z`, style: "fill:var(--verm-fill)" }),
    step > 10 && s("text", { x: middle, y: foot + 14, "text-anchor": "middle" }, letter(kind)),
  );
}
