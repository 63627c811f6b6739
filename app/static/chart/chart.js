// The learning curve: what agents achieve over time, with baselines and theory, under the bands of regimes.

import { drawLines, names } from "./lines.js";
import { fill, h } from "../dom.js";
import { bounds, guideLines } from "./guides.js";
import { plotOf } from "./plot.js";
import { bands } from "../regimes.js";
import { called, number, timeMarks } from "../words.js";

/** @import { Metric, Status, World } from "../messages.js" */
/** @import { Guide } from "./guides.js" */
/** @import { Plot } from "./plot.js" */
/**
 * What is drawn.
 *
 * @typedef {object} Drawn
 * @property {World} world
 * @property {number} tick
 * @property {string} learner
 * @property {[xs: number[], ys: (number | null)[]]} data
 * @property {Guide[]} guides
 */

/** Which way learners want it to go; what is neither good nor bad for all, they want for themselves. */
const AIM = { low: "↓ is good", high: "↑ is good", own: "↑ is what they learn for" };

export function chart() {
  const plot = h("div", { class: "el-plot" }),
    top = roof(),
    ends = h("div"),
    title = h("p", { class: "el-xs el-mute" }),
    way = h("span", { class: "el-aside" });
  const box = h("div", { class: "el-chart", role: "img" }, plot, top.place, ends);
  const head = h("div", { class: "el-sec" }, h("h2", null, "Are they learning?"), way);
  const chart = { shown: /** @type {Drawn | null} */ (null) };

  const drawing = plotOf(box, plot, ends, {
    last: () => lastTick(chart.shown),
    bounds: () => bounds(chart.shown?.data[1] ?? [], chart.shown?.guides ?? []),
    marks: () =>
      timeMarks(0, lastTick(chart.shown), chart.shown?.world.seconds_per_tick ?? null, box.clientWidth > 340 ? 6 : 4),
    below: (u) => drawLines(u, box, chart.shown?.guides ?? [], lastTick(chart.shown)),
    above(u) {
      if (!chart.shown) return;
      fill(ends, names(u, chart.shown, lastTick(chart.shown)));
      top.draw(u, chart.shown);
    },
  });

  return {
    place: h("section", { class: "el-block" }, head, title, box),
    /**
     * Show a curve.
     *
     * @param {World} world
     * @param {Status} status
     * @param {number} tick
     * @param {number[]} xs
     * @param {(number | null)[]} ys
     */
    update(world, status, tick, xs, ys) {
      const name = world.headline[0],
        metric = world.metrics[name];
      const guides = guideLines(world, status.lines[name] ?? {}, status.theory);
      chart.shown = {
        world,
        tick,
        learner: status.learner ? called(world, status.learner) : "learners",
        data: [xs, ys],
        guides,
      };
      title.textContent = metric.unit ? `${metric.title}, ${metric.unit}` : metric.title;
      title.title = metric.meaning;
      way.textContent = AIM[metric.good ?? "own"];
      box.setAttribute("aria-label", told(metric, ys));
      drawing.show(chart.shown.data);
    },
    redraw() {
      top.forget();
      drawing.redraw();
    },
    end: drawing.end,
  };
}

/** The tick at the right end. @param {Drawn | null} shown */
const lastTick = (shown) => Math.max(shown?.tick ?? 0, (shown?.world.window_ticks ?? 1) * 6);

/** Bands of regimes over the plot; drawn anew when they differ. */
function roof() {
  const place = h("div", { class: "el-band" });
  let drawn = "";
  return {
    place,
    forget() {
      drawn = "";
    },
    /** @param {Plot} u @param {Drawn} shown */
    draw(u, shown) {
      const [left, wide] = [u.bbox.left, u.bbox.width].map((at) => at / (devicePixelRatio || 1));
      const key = [shown.world.name, wide, lastTick(shown)].join();
      if (key === drawn) return;
      drawn = key;
      Object.assign(place.style, { left: `${left}px`, width: `${wide}px` });
      fill(place, bandsOf(shown, wide));
    },
  };
}

/** Bands of regimes, where these are wide enough to be seen. @param {Drawn} shown @param {number} wide */
function bandsOf(shown, wide) {
  const { regimes, repeat } = shown.world,
    last = lastTick(shown);
  const narrow = (wide * Math.min(...regimes.map((regime) => regime.ticks))) / last < 3;
  return regimes.length && !narrow ? bands(regimes, repeat, 0, last, wide, 6) : null;
}

/** The curve in words. @param {Metric} metric @param {(number | null)[]} ys */
function told(metric, ys) {
  const known = ys.filter((value) => value !== null);
  if (!known.length) return `${metric.title}: nothing measured yet`;
  return `${metric.title} went from ${number(known[0])} to ${number(known.at(-1))} ${metric.unit}`;
}
