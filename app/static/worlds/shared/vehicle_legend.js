// The key line of pictures with vehicles and signals.

import { s } from "../../dom.js";
import { lineMark, mark } from "./legend.js";
import { BARS, ROUTES } from "./vehicles.js";

/** @import { Marked } from "../../page.js" */

const WEDGE = "M1 3h7l5 3-5 3H1z",
  ARROW = "M1 6H17M4.2 2.6 1 6l3.2 3.4M13.8 2.6 17 6l-3.2 3.4";

/** Vehicles by how they fare. @type {() => Marked[]} */
export const byState = () => [
  [mark(14, s("path", { d: WEDGE, style: "fill:var(--blue-fill)" })), "moving"],
  [box("orange-fill", 3, 0.8), "waiting"],
  [box("verm-fill", 2.5, 1.6), "over 30 s"],
];

/** Vehicles by the routes that they know. @param {number} routes @returns {Marked[]} */
const byRoute = (routes) => [
  ...[[], [4.5], [3, 6]].slice(0, routes).map((bars, r) => onRoute(r + 1, bars)),
  [wedge(ROUTES[0], []), "off route"],
  [box("surface", 3, 0.8), "waiting"],
  [box("surface", 2.5, 1.8), "over 30 s"],
];

/** @param {number} route @param {number[]} bars @returns {Marked} */
const onRoute = (route, bars) => [wedge(ROUTES[route], bars), `route ${route}`];

/** Vehicles, queues and signals; `routes` that drivers know, or 0. @param {number} routes @returns {Marked[]} */
export const legend = (routes) => [
  ...(routes ? byRoute(routes) : byState()),
  [lineMark(18, "verm-line", 4), routes ? "queue" : "queue, vehicles"],
  [
    mark(18, s("path", { d: ARROW, style: "stroke:var(--green-line);fill:none", "stroke-width": 2 })),
    routes ? "green" : "green direction",
  ],
  [lineMark(18, "orange-line", 2.4, "4 2.5"), "changing", true],
];

/** @param {string} colour @param {number[]} bars where they cross it */
const wedge = (colour, bars) =>
  mark(
    14,
    s("path", { d: WEDGE, style: `fill:var(--${colour});stroke:var(--ink)`, "stroke-width": 0.6 }),
    ...bars.map((x) => s("path", { d: `M${x} 3v6`, style: `stroke:${BARS}`, "stroke-width": 1.2 })),
  );

/** @param {string} colour @param {number} inset @param {number} outline */
const box = (colour, inset, outline) =>
  mark(
    14,
    s("rect", {
      x: 1,
      y: inset,
      width: 12,
      height: 12 - 2 * inset,
      style: `fill:var(--${colour});stroke:var(--ink)`,
      "stroke-width": outline,
    }),
  );
