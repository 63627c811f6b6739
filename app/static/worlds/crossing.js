// Painter of the crossing from above: cars to scale, the lines of those who go, and the box, a dashed circle that turns
// vermilion when two collide. Every colour has a second channel: wedge, box, heavy outline, cross; fleets bear a mark.

import { s } from "../dom.js";
import { line } from "./shared/lines.js";
import { index, legend as marks } from "./shared/vehicles.js";

const AHEAD = [
  [0, 1],
  [-1, 0],
  [0, -1],
  [1, 0],
]; // headings of cars from the N, E, S, W; y points down
const LEAP_M = 40; // a car that is further from its last place than this is drawn where it is, not on its way there
const MARK_S = 5; // time for which a collision stays marked
const FILLS = ["blue-fill", "orange-fill", "verm-fill", "verm-fill"];
const WRECK = 3;
const BOX = [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ],
  WEDGE = [
    [1, 0],
    [0.35, 1],
    [-1, 1],
    [-1, -1],
    [0.35, -1],
  ]; // corners along and aside of a car, in half lengths and half widths

export function painter(scene, ink, width, height, { card = false }) {
  const scale = card ? width / 105 : Math.max(width / scene.width, height / scene.height);
  const X = (m) => width / 2 + (m - scene.width / 2) * scale,
    Y = (m) => height / 2 + (m - scene.height / 2) * scale;
  const [cx, cy] = [width / 2, height / 2];
  const half = 2 * scene.lane * scale,
    edge = scene.line * scale; // pixels from the middle to the kerb, and to the lines
  const long = (scene.car / 2) * scale,
    wide = long * 0.46;
  let last = null;

  function ground(c) {
    c.fillStyle = ink.ground;
    c.fillRect(0, 0, width, height);
    for (const [style, more] of [
      [ink["road-edge"], 1],
      [ink.road, 0],
    ]) {
      c.fillStyle = style;
      c.fillRect(cx - half - more, 0, 2 * (half + more), height);
      c.fillRect(0, cy - half - more, width, 2 * (half + more));
    }
    c.fillStyle = ink.road;
    c.fillRect(cx - half, cy - half, 2 * half, 2 * half);
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

  function box(c, frame) {
    const hurt = frame.blocked[0] || frame.collision[1] < MARK_S;
    c.strokeStyle = hurt ? ink["verm-line"] : ink["ink-3"];
    c.lineWidth = hurt ? 3.4 : 1.4;
    c.setLineDash(hurt ? [] : [5, 5]);
    c.beginPath();
    c.arc(cx, cy, edge * 0.97, 0, 7);
    c.stroke();
    c.setLineDash([]);
    if (!hurt || card) return;
    c.fillStyle = ink["verm-text"];
    c.font = `650 13px ${ink.font}`;
    c.textAlign = "left";
    c.fillText("collision", cx + half + 8, cy - edge - 6);
  }

  /** The way through the box of every car that goes. */
  function ways(c, cars) {
    c.strokeStyle = ink["blue-fill"];
    c.lineWidth = card ? 1.6 : 2.2;
    c.setLineDash([2, 4]);
    for (const { x, y, side, goes, look } of cars) {
      if (!goes || look === WRECK) continue;
      const [ax, ay] = AHEAD[side];
      line(c, x, y, ax ? cx + ax * 1.35 * edge : x, ay ? cy + ay * 1.35 * edge : y);
    }
    c.setLineDash([]);
  }

  /** Cars between two frames, in pixels. */
  function between(from, to, part) {
    const was = from === to || part >= 1 ? null : index(from);
    return Array.from(to.id, (id, i) => {
      const marks = to.state[i],
        car = { id, look: marks & 3, side: (marks >> 2) & 3, fleet: (marks >> 4) & 7, goes: marks > 127 };
      let [mx, my] = metres(to, i);
      const j = was ? was[id] - 1 : -1;
      if (j >= 0 && ((from.state[j] >> 2) & 3) === car.side) {
        const [fx, fy] = metres(from, j);
        if (Math.abs(fx - mx) + Math.abs(fy - my) < LEAP_M) [mx, my] = [fx + (mx - fx) * part, fy + (my - fy) * part];
      }
      return { ...car, x: X(mx), y: Y(my) };
    });
  }

  const metres = (frame, i) => [
    (frame.vehicles[2 * i] / 65535) * scene.width,
    (frame.vehicles[2 * i + 1] / 65535) * scene.height,
  ];

  function body(c, { x, y, side, look, fleet }) {
    const [ax, ay] = AHEAD[side];
    const at = (along, aside) => [x + ax * long * along - ay * wide * aside, y + ay * long * along + ax * wide * aside];
    c.beginPath();
    for (const corner of look ? BOX : WEDGE) c.lineTo(...at(...corner));
    c.closePath();
    c.fillStyle = ink[FILLS[look]];
    c.fill();
    c.strokeStyle = ink.ink;
    c.lineWidth = look >= 2 ? 2.2 : 1;
    c.stroke();
    if (look === WRECK) {
      c.lineWidth = 1.8;
      line(c, ...at(0.7, 0.7), ...at(-0.7, -0.7));
      line(c, ...at(0.7, -0.7), ...at(-0.7, 0.7));
    }
    if (!fleet) return;
    c.fillStyle = "#fff";
    c.lineWidth = 1;
    c.beginPath();
    c.arc(...at(-0.3, 0), wide * 0.55, 0, 7);
    c.fill();
    c.stroke();
  }

  function moving(c, from, to, part, selected) {
    const cars = between(from, to, part);
    last = { frame: to, cars };
    box(c, to);
    ways(c, cars);
    for (const car of cars) body(c, car);
    const chosen = cars.find(({ id }) => id === selected);
    if (chosen) {
      c.strokeStyle = ink.accent;
      c.lineWidth = 2.6;
      c.beginPath();
      c.arc(chosen.x, chosen.y, long + 5, 0, 7);
      c.stroke();
    }
    if (card) return;
    c.fillStyle = ink["ink-2"];
    c.font = `12px ${ink.font}`;
    c.textAlign = "right";
    c.fillText(`${Math.round(to.collision[0]).toLocaleString("en")} collisions so far`, width - 12, height - 12);
  }

  function hit(px, py) {
    let [best, reach] = [-1, Math.max(long, 14)];
    for (const { id, x, y } of last?.cars ?? []) {
      const far = Math.hypot(x - px, y - py);
      if (far < reach) [best, reach] = [id, far];
    }
    return best;
  }

  function at(agent) {
    const car = last?.cars.find(({ id }) => id === agent);
    return car ? [car.x, car.y] : [cx, cy];
  }

  function describe(frame) {
    const waiting = frame.queues.reduce((sum, number) => sum + number, 0);
    const hurt = frame.blocked[0] ? "; a collision blocks the box" : "";
    const total = `${Math.round(frame.collision[0])} collisions so far`;
    return `A crossing, ${frame.id.length} cars in sight, ${waiting} wait${hurt}; ${total}`;
  }

  function legend() {
    const mark = (...inside) => s("svg", { width: 18, height: 12 }, ...inside);
    const way = s("path", {
      d: "M1 6H17",
      style: "stroke:var(--blue-fill)",
      "stroke-width": 2.2,
      "stroke-dasharray": "2 3",
    });
    const ring = s("circle", { cx: 9, cy: 6, r: 4.6, style: "stroke:var(--verm-line);fill:none", "stroke-width": 2.4 });
    const roof = [
      s("rect", { x: 2, y: 2, width: 14, height: 8, style: "fill:var(--blue-fill);stroke:var(--ink)" }),
      s("circle", { cx: 8, cy: 6, r: 2.4, style: "fill:#fff;stroke:var(--ink)" }),
    ];
    return [
      ...marks().slice(0, 3),
      [mark(way), "goes"],
      [mark(ring), "collision"],
      ...(scene.fleets > 1 ? [[mark(...roof), "fleet 2"]] : []),
    ];
  }

  return { ground, moving, hit, edge: () => -1, middle: () => [cx, cy], describe, legend, at };
}
