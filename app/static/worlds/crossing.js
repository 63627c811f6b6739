// Painter of the crossing from above: cars to scale, the lines of those who go, and the box, a dashed circle that turns
// vermilion when two collide. Every colour has a second channel: wedge, box, heavy outline, cross; fleets bear a mark.

import { s } from "../dom.js";
import { body, carsOf, ways } from "./crossing/cars.js";
import { lineMark, mark } from "./shared/legend.js";
import { line, nearestSpot, ring } from "./shared/lines.js";
import { byState } from "./shared/vehicle_legend.js";
import { AHEAD } from "./shared/vehicles.js";
import { write } from "./shared/text.js";

/** @import { Inks, Layer, MakePainter, Marked } from "../page.js" */
/** @import { Car } from "./crossing/cars.js" */
/** @import { CrossingFrame, CrossingScene } from "../scenes.js" */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

const MARK_S = 5; // time for which a collision stays marked

/** @type {MakePainter<"crossing">} */
export function painter(scene, ink, width, height, { card = false }) {
  const layout = layoutOf(scene, ink, width, height, card);
  let cars = /** @type {Car[]} */ ([]); // as drawn last
  return {
    ground(c) {
      roads(c, layout);
      lines(c, layout);
    },
    moving(c, from, to, part, selected) {
      cars = carsOf(layout, from, to, part);
      box(c, layout, to);
      ways(c, layout, cars);
      for (const car of cars) body(c, layout, car);
      const chosen = cars.find(({ id }) => id === selected);
      if (chosen) ring(c, ink, chosen.at, layout.long + 5);
      if (!card) write(c, ink, `${total(to)} collisions so far`, width - 12, height - 12, { align: "right" });
    },
    hit: (x, y) => cars[nearestSpot(places(cars), x, y, Math.max(layout.long, 14))]?.id ?? -1,
    at: (agent) => cars.find(({ id }) => id === agent)?.at ?? [layout.cx, layout.cy],
    describe,
    legend: () => legend(scene.fleets),
  };
}

/** @param {Car[]} cars */
const places = (cars) => cars.map(({ at }) => at);

/** @param {CrossingFrame} frame */
const total = ({ collision: [number] }) => Math.round(number).toLocaleString("en");

/**
 * Sizes in pixels: from the middle to the kerb (`half`) and to the lines (`edge`), half the length and width of a car.
 *
 * @param {CrossingScene} scene
 * @param {Inks} ink
 * @param {number} width
 * @param {number} height
 * @param {boolean} card
 */
export function layoutOf(scene, ink, width, height, card) {
  const scale = card ? width / 105 : Math.max(width / scene.width, height / scene.height);
  const long = (scene.car / 2) * scale;
  const [cx, cy] = [width / 2, height / 2];
  return {
    ...{ scene, ink, width, height, card, cx, cy, long, wide: long * 0.46 },
    half: 2 * scene.lane * scale,
    edge: scene.line * scale,
    x: (/** @type {number} */ m) => cx + (m - scene.width / 2) * scale,
    y: (/** @type {number} */ m) => cy + (m - scene.height / 2) * scale,
  };
}

/** @type {Layer<Layout>} */
function roads(c, { ink, width, height, cx, cy, half }) {
  c.fillStyle = ink.ground;
  c.fillRect(0, 0, width, height);
  for (const [colour, reach] of /** @type {const} */ ([
    ["road-edge", half + 1],
    ["road", half],
  ])) {
    c.fillStyle = ink[colour];
    c.fillRect(cx - reach, 0, 2 * reach, height);
    c.fillRect(0, cy - reach, width, 2 * reach);
  }
}

/** Between the directions of a road, and where cars stop. @type {Layer<Layout>} */
function lines(c, { ink, width, card, cx, cy, half, edge }) {
  c.strokeStyle = ink["road-edge"];
  c.setLineDash([7, 8]);
  for (const [ax, ay] of AHEAD) line(c, cx - ax * edge, cy - ay * edge, cx - ax * width, cy - ay * width);
  c.setLineDash([]);
  c.strokeStyle = ink["ink-3"];
  c.lineWidth = card ? 1.2 : 2;
  for (const [ax, ay] of AHEAD) {
    const [x, y] = [cx - ax * edge, cy - ay * edge];
    line(c, x, y, x - ay * half, y + ax * half);
  }
}

/** @type {Layer<Layout, [frame: CrossingFrame]>} */
function box(c, { ink, card, cx, cy, half, edge }, frame) {
  const hurt = frame.blocked[0] || frame.collision[1] < MARK_S;
  c.strokeStyle = ink[hurt ? "verm-line" : "ink-3"];
  c.lineWidth = hurt ? 3.4 : 1.4;
  c.setLineDash(hurt ? [] : [5, 5]);
  c.beginPath();
  c.arc(cx, cy, edge * 0.97, 0, 7);
  c.stroke();
  c.setLineDash([]);
  if (hurt && !card)
    write(c, ink, "collision", cx + half + 8, cy - edge - 6, { colour: "verm-text", font: "650 13px" });
}

/** @param {CrossingFrame} frame */
function describe(frame) {
  const waiting = frame.queues.reduce((sum, number) => sum + number, 0);
  const hurt = frame.blocked[0] ? "; a collision blocks the box" : "";
  const collisions = `${Math.round(frame.collision[0])} collisions so far`;
  return `A crossing, ${frame.id.length} cars in sight, ${waiting} wait${hurt}; ${collisions}`;
}

/** @param {number} fleets @returns {Marked[]} */
function legend(fleets) {
  const circle = s("circle", { cx: 9, cy: 6, r: 4.6, style: "stroke:var(--verm-line);fill:none", "stroke-width": 2.4 });
  const roof = [
    s("rect", { x: 2, y: 2, width: 14, height: 8, style: "fill:var(--blue-fill);stroke:var(--ink)" }),
    s("circle", { cx: 8, cy: 6, r: 2.4, style: "fill:#fff;stroke:var(--ink)" }),
  ];
  const second = /** @type {Marked[]} */ ([[mark(18, ...roof), "fleet 2"]]);
  return [
    ...byState(),
    [lineMark(18, "blue-fill", 2.2, "2 3"), "goes"],
    [mark(18, circle), "collision"],
    ...(fleets > 1 ? second : []),
  ];
}
