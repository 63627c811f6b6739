// What painters of vehicles share: vehicles across frames, and the key of the marks.

import { s } from "../../dom.js";

/** Slot of each vehicle of a frame, plus one; kept with the frame. */
export function index(frame) {
  if (!frame.slots) {
    frame.slots = new Uint16Array(65536);
    frame.id.forEach((id, i) => {
      frame.slots[id] = i + 1;
    });
  }
  return frame.slots;
}

/** Colours of vehicles that move, wait, and wait for long, where no routes are shown. */
export const STATES = ["blue-fill", "orange-fill", "verm-fill"];

/** Colour of each route that drivers know; 0 is that of vehicles off their route. Bars across a vehicle say the same. */
export const ROUTES = ["grey-line", "blue-fill", "purple-fill", "yellow-fill"];
export const BARS = "#13201b"; // on fills, which are light in both themes
export const routeOf = (state) => Math.min(state >> 4, ROUTES.length - 1);

/** How many vehicles take each route, in words. */
export function routesInWords(frame, routes) {
  const counts = new Array(ROUTES.length).fill(0);
  for (const state of frame.state) counts[routeOf(state)]++;
  const taken = counts.slice(1, routes + 1).map((count, r) => `${count} on route ${r + 1}`);
  return `${taken.join(", ")}, ${counts[0]} off their route`;
}

/** Marks and what they mean; those that are marked are left out of a narrow window. */
export function legend(routes = 0) {
  const mark = (width, ...inside) => s("svg", { width, height: 12 }, ...inside);
  const arrow = "M1 6H17M4.2 2.6 1 6l3.2 3.4M13.8 2.6 17 6l-3.2 3.4";
  const wedge = (colour, bars) =>
    mark(
      14,
      s("path", { d: "M1 3h7l5 3-5 3H1z", style: `fill:var(--${colour});stroke:var(--ink)`, "stroke-width": 0.6 }),
      ...bars.map((x) => s("path", { d: `M${x} 3v6`, style: `stroke:${BARS}`, "stroke-width": 1.2 })),
    );
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
  const vehicles = routes
    ? [
        ...[[], [4.5], [3, 6]].slice(0, routes).map((bars, r) => [wedge(ROUTES[r + 1], bars), `route ${r + 1}`]),
        [wedge(ROUTES[0], []), "off route"],
        [box("surface", 3, 0.8), "waiting"],
        [box("surface", 2.5, 1.8), "over 30 s"],
      ]
    : [
        [mark(14, s("path", { d: "M1 3h7l5 3-5 3H1z", style: "fill:var(--blue-fill)" })), "moving"],
        [box("orange-fill", 3, 0.8), "waiting"],
        [box("verm-fill", 2.5, 1.6), "over 30 s"],
      ];
  return [
    ...vehicles,
    [
      mark(18, s("path", { d: "M1 6H17", style: "stroke:var(--verm-line)", "stroke-width": 4 })),
      routes ? "queue" : "queue, vehicles",
    ],
    [
      mark(18, s("path", { d: arrow, style: "stroke:var(--green-line);fill:none", "stroke-width": 2 })),
      routes ? "green" : "green direction",
    ],
    [
      mark(
        18,
        s("path", {
          d: "M1 6H17",
          style: "stroke:var(--orange-line);fill:none",
          "stroke-width": 2.4,
          "stroke-dasharray": "4 2.5",
        }),
      ),
      "changing",
      true,
    ],
  ];
}
