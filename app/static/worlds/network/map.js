// Painter of road networks whose roads are not all level or upright: everything to one scale, as the world places it.
// Moving vehicles are discs and waiting ones squares, because a heading of four says little on a slanted road.

import { along, line, middleOf, nearestSegment, nearestSpot, polyline, ring } from "../shared/lines.js";
import { legend } from "../shared/vehicle_legend.js";
import { BARS, ROUTES, STATES, before, between, metres, routeOf, routesInWords } from "../shared/vehicles.js";
import { write } from "../shared/text.js";
import { BAR_STEP, LEAP_M } from "./plan.js";
import { stopLine } from "./signals.js";

/** @import { Inks, Layer, MakePainter, Place, Segment } from "../../page.js" */
/** @import { TrafficFrame, TrafficScene } from "../../scenes.js" */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

const LANE_M = 11; // drawn width of one direction of a road
const MOST_NAMES = 40, // of signals that are written on the picture
  LONG_NAME = 18;

/** @type {MakePainter<"traffic">} */
export function map(scene, ink, width, height, { card = false }) {
  const layout = layoutOf(scene, ink, width, height, card);
  const { spots, segments, owner, wide } = layout;
  return {
    ground(c) {
      roads(c, layout);
      if (!card && spots.length <= MOST_NAMES)
        scene.nodes.forEach(({ name }, i) =>
          write(c, ink, shortened(name), spots[i][0], spots[i][1] - wide * 1.25 - 8, { align: "center" }),
        );
    },
    moving(c, from, to, part, selected) {
      signals(c, layout, to);
      vehicles(c, layout, from, to, part);
      if (selected >= 0) ring(c, ink, spots[selected], wide * 1.25 + 6);
    },
    hit: (x, y) => nearestSpot(spots, x, y, Math.max(22, wide * 2)),
    edge: (x, y) => scene.roads[owner[nearestSegment(segments, x, y, Math.max(6, wide))]]?.[5] ?? -1,
    middle: (edge) => middleOf(segments[owner.indexOf(scene.roads.findIndex((road) => road[5] === edge))]),
    at: (agent) => spots[agent],
    describe: (frame) =>
      `${spots.length} signals, ${frame.id.length} vehicles${scene.routes ? `: ${routesInWords(frame, scene.routes)}` : ""}`,
    legend: () => legend(scene.routes),
  };
}

/**
 * Places of signals and roads, the drawn width of a direction of a road, and the size of a vehicle.
 *
 * @param {TrafficScene} scene
 * @param {Inks} ink
 * @param {number} width
 * @param {number} height
 * @param {boolean} card
 */
function layoutOf(scene, ink, width, height, card) {
  const scale = Math.min(width / scene.width, height / scene.height);
  const [left, top] = [(width - scale * scene.width) / 2, (height - scale * scene.height) / 2];
  /** @param {number} x @param {number} y @returns {Place} */
  const place = (x, y) => [left + x * scale, top + y * scale];
  const lines = scene.roads.map(([x0, y0, x1, y1], i) => {
    const shape = scene.shapes[i] ?? [x0, y0, x1, y1];
    return Array.from({ length: shape.length / 2 }, (_, n) => place(shape[2 * n], shape[2 * n + 1]));
  });
  return {
    ...{ scene, ink, width, height, card, place },
    spots: scene.nodes.map(({ x, y }) => place(x, y)),
    lines,
    segments: lines.flatMap((points) =>
      points.slice(1).map((end, i) => /** @type {Segment} */ ([...points[i], ...end])),
    ),
    owner: lines.flatMap((points, road) => points.slice(1).map(() => road)), // road of each segment
    wide: Math.max(scene.shapes.length ? 2.4 : 4, LANE_M * scale),
    size: Math.max(3.4, Math.min(8, 6 * scale)),
  };
}

/** A name as a picture has room for it. @param {string} name */
const shortened = (name) => (name.length > LONG_NAME ? `${name.slice(0, LONG_NAME - 1)}…` : name);

/** @type {Layer<Layout>} */
function roads(c, { ink, width, height, spots, lines, wide }) {
  c.fillStyle = ink.ground;
  c.fillRect(0, 0, width, height);
  c.lineCap = c.lineJoin = "round";
  for (const [colour, more] of /** @type {const} */ ([
    ["road-edge", 2],
    ["road", 0],
  ])) {
    c.strokeStyle = c.fillStyle = ink[colour];
    c.lineWidth = wide + more;
    for (const points of lines) polyline(c, points);
    for (const [x, y] of spots) {
      c.beginPath();
      c.arc(x, y, wide * 1.25 + more / 2, 0, 7);
      c.fill();
    }
  }
  c.lineCap = "butt";
}

/** Where vehicles may go, at the ends of roads, and roads that are closed. @type {Layer<Layout, [frame: TrafficFrame]>} */
function signals(c, { scene, ink, lines, wide }, frame) {
  lines.forEach((points, i) => {
    const link = scene.roads[i][4],
      look = frame.greens[link];
    const last = /** @type {Segment} */ (points.slice(-2).flat());
    const across = /** @type {Segment} */ ([...along(last, 1, -wide / 2), ...along(last, 1, wide / 2)]);
    if (look < 3) stopLine(c, ink, across, look > 0, look === 2, 3.6);
    if (!frame.closed[link]) return;
    c.strokeStyle = ink["verm-line"];
    c.lineWidth = Math.max(2, wide * 0.4);
    c.setLineDash([4, 6]);
    polyline(c, points);
    c.setLineDash([]);
  });
}

/** @type {Layer<Layout, [from: TrafficFrame, to: TrafficFrame, part: number]>} */
function vehicles(c, layout, from, to, part) {
  const { scene } = layout,
    slotBefore = before(scene, from, to, LEAP_M);
  to.state.forEach((state, i) => {
    const j = slotBefore(i),
      now = metres(scene, to, i);
    const [x, y] = j < 0 ? now : between(metres(scene, from, j), now, part);
    vehicle(c, layout, layout.place(x, y), state);
  });
}

/** @type {Layer<Layout, [place: Place, marks: number]>} */
function vehicle(c, { scene, ink, size }, [x, y], marks) {
  const state = marks & 3,
    route = scene.routes ? routeOf(marks) : 0;
  c.beginPath();
  if (state) c.rect(x - size / 2, y - size / 2, size, size);
  else c.arc(x, y, size / 2, 0, 7);
  c.fillStyle = ink[scene.routes ? ROUTES[route] : STATES[state]];
  c.fill();
  if (!state && !scene.routes) return;
  c.strokeStyle = ink.ink;
  c.lineWidth = state === 2 ? 1.3 : 0.6;
  c.stroke();
  c.strokeStyle = BARS;
  for (let n = 1; n < route; n++) {
    const at = x + (n - route / 2) * BAR_STEP;
    line(c, at, y - 2, at, y + 2);
  }
}
