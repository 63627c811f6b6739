// Painter of route choice: roads as wide as their flow and coloured by delay, a sample of drivers as a stream of dots coloured
// and shaped by route (by pair where there are several), and what each route took on the last day.

import { dotsOf, drawDot, drive } from "./routes/dots.js";
import { layoutOf, originOf } from "./routes/layout.js";
import { legend, places, roads, times } from "./routes/roads.js";
import { carried, meanTime, minutes } from "./routes/times.js";
import { table } from "./routes/table.js";
import { middleOf, nearestSegment, nearestSpot, ring } from "./shared/lines.js";

/** @import { MakePainter } from "../page.js" */
/** @import { RoutesFrame, RoutesScene } from "../scenes.js" */

/** @type {MakePainter<"routes">} */
export function painter(scene, ink, width, height, { card = false }) {
  const layout = layoutOf(scene, ink, width, height, card);
  const { single, segments } = layout;
  const dots = dotsOf(layout);
  const switched = scene.switches.edges.map((link) => segments[link]);
  let before = /** @type {number | null} */ (null), // seconds
    widest = 1; // flow so far
  return {
    ground(c) {
      c.fillStyle = ink.ground;
      c.fillRect(0, 0, width, height);
    },
    moving(c, _from, frame, _part, selected, seconds) {
      const passed = seconds === null || before === null ? 0 : Math.min(seconds - before, 0.1);
      before = seconds;
      widest = single ? carried(frame) : Math.max(widest, ...frame.flow);
      roads(c, layout, frame, widest);
      const begun = frame.tick !== 0; // before that nobody has chosen
      const trip = meanTime(frame);
      if (begun) for (const dot of dots) drive(layout, dot, frame, passed, trip);
      if (begun) for (const dot of dots) drawDot(c, layout, dot);
      places(c, layout);
      if (!card) times(c, layout, frame);
      if (layout.rows) table(c, layout, frame);
      const chosen = dots.find(({ agent }) => agent === selected);
      if (chosen && begun) ring(c, ink, chosen.at, 10);
    },
    hit: (x, y) =>
      dots[
        nearestSpot(
          dots.map(({ at }) => at),
          x,
          y,
          9,
        )
      ]?.agent ?? -1,
    edge: (x, y) => nearestSegment(switched, x, y, layout.thick),
    middle: (edge) => middleOf(switched[edge]),
    at: (agent) => dots.find((dot) => dot.agent === agent)?.at ?? originOf(layout, 0),
    describe: (frame) => describe(scene, single, frame),
    legend: () => legend(scene, single),
  };
}

/** @param {RoutesScene} scene @param {boolean} single @param {RoutesFrame} frame */
function describe({ drivers, pairs, names, routes }, single, frame) {
  const many = `${drivers.toLocaleString("en")} drivers`;
  if (!single) return `${many} of ${pairs.length} pairs, mean trip ${minutes(meanTime(frame))}`;
  const told = names[0].map((name, k) =>
    routes[0][k].some((link) => frame.closed[link])
      ? `${name} closed`
      : `${name} ${Math.round(frame.route_flow[k])} vehicles, ${minutes(frame.route_time[k])}`,
  );
  return `${many}: ${told.join("; ")}`;
}
