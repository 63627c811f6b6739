// What each route of the single pair took on the last day, and how many drove it.

import { mark } from "../shared/actions.js";
import { write } from "../shared/text.js";
import { ROW } from "./layout.js";
import { minutes } from "./times.js";

/** @import { Layer } from "../../page.js" */
/** @import { RoutesFrame } from "../../scenes.js" */
/** @import { Layout } from "./layout.js" */

const COLUMNS = /** @type {const} */ ([
  ["vehicles", 250],
  ["time", 350],
  ["toll", 450],
  ["together", 540],
]);

/** @type {Layer<Layout, [frame: RoutesFrame]>} */
export function table(c, layout, frame) {
  const { scene, ink, width, height } = layout,
    names = scene.names[0];
  const left = Math.max(20, width / 2 - 270),
    top = height - 14 - names.length * ROW;
  for (const [title, right] of COLUMNS) write(c, ink, title, left + right, top - 4, { align: "right" });
  write(c, ink, "Route", left + 22, top - 4);
  names.forEach((_, k) => row(c, layout, frame, k, left, top + (k + 1) * ROW - 5));
}

/** @type {Layer<Layout, [frame: RoutesFrame, k: number, left: number, y: number]>} */
function row(c, { scene, ink }, frame, k, left, y) {
  const closed = scene.routes[0][k].some((link) => frame.closed[link]);
  const [flow, time, toll] = [frame.route_flow[k], frame.route_time[k], frame.route_toll[k]];
  mark(c, ink, left + 7, y - 4, 5, k, 0.8);
  write(c, ink, scene.names[0][k], left + 22, y, { colour: closed ? "ink-3" : "ink", font: "550 13px" });
  if (closed) {
    const right = left + COLUMNS[1][1];
    return write(c, ink, "closed", right, y, { colour: "orange-text", align: "right", font: "550 13px" });
  }
  const values = [
    Math.round(flow).toLocaleString("en"),
    minutes(time),
    toll ? minutes(toll) : "–",
    minutes(time + toll),
  ];
  values.forEach((value, n) =>
    write(c, ink, value, left + COLUMNS[n][1], y, { colour: "ink", align: "right", font: "13px" }),
  );
}
