// Headline numbers: what it is, which way is good, its value now, how that compares, and where it has been.

import { fill, h, s } from "../dom.js";
import { called, number, verdict } from "../words.js";

/** @import { Metric, Status, World } from "../messages.js" */
/** @import { Curve } from "../page.js" */

const MOST = 6,
  POINTS = 24;

export function headlines() {
  const place = h("section", { class: "el-headlines", "aria-label": "Headline numbers" });

  /**
   * @param {World} world
   * @param {Status} status
   * @param {number} regime
   * @param {Curve["columns"]} columns
   * @param {Curve["now"]} now
   */
  function update(world, status, regime, columns, now) {
    const spare = Object.keys(status.changed).some((name) => name !== "cooperation"); // baselines know the schedule only
    fill(
      place,
      world.headline.slice(0, MOST).map((name, i) => {
        const metric = world.metrics[name],
          lines = status.lines[name] ?? {},
          has = Number.isFinite(now[i]);
        const against = world.compared.find((known) => lines[known] && known !== status.learner);
        const values = (against && lines[against]) || [];
        const found =
          against && verdict(now[i], values[regime] ?? values[0], called(world, against), metric.good, metric.unit);
        return h(
          "div",
          { class: `el-headline ${i === MOST - 1 ? "el-opt" : ""}`, title: metric.meaning },
          h(
            "div",
            { class: "el-lab" },
            h("span", null, metric.title),
            h("span", { class: "el-way" }, way(metric.good)),
          ),
          h(
            "div",
            { class: "el-val" },
            has ? number(now[i]) : h("span", { class: "el-faint" }, "not yet"),
            has && h("span", null, metric.unit),
          ),
          h(
            "div",
            { class: "el-note" },
            spare
              ? i === 0 && "changed by you, so not compared"
              : found && h("span", { class: found.good === null ? "" : found.good ? "el-good" : "el-bad" }, found.text),
          ),
          spark(columns[i + 1]),
        );
      }),
    );
  }

  return { place, update };
}

/** @param {Metric["good"]} good */
const way = (good) => (good === "low" ? "↓ is good" : good === "high" ? "↑ is good" : "");

/** Where a number has been of late. @param {number[] | undefined} column */
function spark(column) {
  const values = [...(column ?? [])].filter(Number.isFinite).slice(-POINTS);
  if (values.length < 2) return null;
  const low = Math.min(...values),
    high = Math.max(...values);
  const points = values.map((value, i) => [
    1 + (i * 52) / (values.length - 1),
    high > low ? 16 - (14 * (value - low)) / (high - low) : 9,
  ]);
  const [x, y] = points[points.length - 1];
  return s(
    "svg",
    { class: "el-spark", width: 56, height: 18, "aria-hidden": "true" },
    s("polyline", {
      points: points.map((point) => point.map((at) => at.toFixed(1)).join()).join(" "),
      style: "fill:none;stroke:var(--blue-line);stroke-width:1.5;stroke-linejoin:round",
    }),
    s("circle", { cx: x, cy: y, r: 2.2, style: "fill:var(--blue-line)" }),
  );
}
