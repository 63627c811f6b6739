// A small chart of one headline metric over the whole run, beside a dial.

import { roundUp } from "../axes.js";
import { s } from "../dom.js";
import { narrow } from "../narrow.js";
import { large, timeMarks } from "../words.js";

/** @import { Context } from "./panels.js" */

const LEFT = 34,
  TOP = 24,
  FLOOR = 90;

/** @param {string} name @param {Context} context */
export function trend(name, { world, columns }) {
  const metric = world.metrics[name],
    values = columns[1 + world.headline.indexOf(name)] ?? [];
  const known = columns[0].map((tick, i) => [tick, values[i]]).filter(([, value]) => Number.isFinite(value));
  const wide = narrow.matches ? 118 : 162;
  const last = Math.max(...known.map(([tick]) => tick), 6 * world.window_ticks),
    high = roundUp(0.999 * Math.max(...known.map(([, value]) => value), 1e-9));
  const x = (/** @type {number} */ tick) => LEFT + ((wide - LEFT - 4) * tick) / last,
    y = (/** @type {number} */ value) => FLOOR - ((FLOOR - TOP) * Math.max(0, value)) / high;
  const ticks = timeMarks(0, last, world.seconds_per_tick, 2).filter(({ tick }) => x(tick) < wide - 18);
  return s(
    "svg",
    { width: wide, height: 120, role: "img", "aria-label": `${metric.title} over time`, class: "el-trend" },
    s("text", { x: 0, y: 12 }, `${metric.title}, ${metric.unit}`),
    [0, high].map((at) => [
      s("line", { x1: LEFT, x2: wide - 4, y1: y(at), y2: y(at), style: `stroke:var(--${at ? "grid" : "edge"})` }),
      s("text", { x: LEFT - 6, y: y(at) + 4, "text-anchor": "end" }, large(at)),
    ]),
    ticks.map(({ tick, label }) => s("text", { x: x(tick), y: FLOOR + 17 }, label)),
    s("polyline", {
      points: known.map(([tick, value]) => `${x(tick).toFixed(1)},${y(value).toFixed(1)}`).join(" "),
      style: "fill:none;stroke:var(--blue-line);stroke-width:2;stroke-linejoin:round",
    }),
  );
}
