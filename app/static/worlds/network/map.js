// Painter of road networks whose roads are not all level or upright: everything to one scale, as the world places it.
// Moving vehicles are discs and waiting ones squares, because a heading of four says little on a slanted road.

import { nearest } from "./plan.js";
import { line, middleOf, nearestSegment } from "../shared/lines.js";
import { BARS, ROUTES, STATES, index, legend, routeOf, routesInWords } from "../shared/vehicles.js";

const LANE_M = 11; // drawn width of one direction of a road

export function map(scene, ink, width, height, { card = false }) {
  const scale = Math.min(width / scene.width, height / scene.height);
  const [left, top] = [(width - scale * scene.width) / 2, (height - scale * scene.height) / 2];
  const X = (at) => left + at * scale,
    Y = (at) => top + at * scale;
  const wide = Math.max(4, LANE_M * scale),
    size = Math.max(3.4, Math.min(8, 6 * scale));

  function ground(c) {
    c.fillStyle = ink.ground;
    c.fillRect(0, 0, width, height);
    c.lineCap = "round";
    for (const [colour, more] of [
      [ink["road-edge"], 2],
      [ink.road, 0],
    ]) {
      c.strokeStyle = c.fillStyle = colour;
      c.lineWidth = wide + more;
      for (const [x0, y0, x1, y1] of scene.roads) line(c, X(x0), Y(y0), X(x1), Y(y1));
      for (const node of scene.nodes) {
        c.beginPath();
        c.arc(X(node.x), Y(node.y), wide * 1.25 + more / 2, 0, 7);
        c.fill();
      }
    }
    c.lineCap = "butt";
    if (card) return;
    c.fillStyle = ink["ink-2"];
    c.font = `12px ${ink.font}`;
    c.textAlign = "center";
    for (const node of scene.nodes) c.fillText(node.name, X(node.x), Y(node.y) + 4);
  }

  function moving(c, from, to, part, selected) {
    for (const [x0, y0, x1, y1, link] of scene.roads) {
      const signal = to.signals[link >> 2],
        green = (signal & 3) < 2 === (link % 2 === 0);
      const far = Math.hypot(x1 - x0, y1 - y0) || 1,
        [px, py] = [((y0 - y1) / far) * (wide / 2), ((x1 - x0) / far) * (wide / 2)];
      c.strokeStyle = !green ? ink.ink : signal > 3 ? ink["orange-line"] : ink["green-line"];
      c.lineWidth = green ? 3.6 : 1.6;
      c.setLineDash(green && signal > 3 ? [3, 2] : []);
      line(c, X(x1) - px, Y(y1) - py, X(x1) + px, Y(y1) + py);
      c.setLineDash([]);
      if (!to.closed[link]) continue;
      c.strokeStyle = ink["verm-line"];
      c.lineWidth = wide * 0.4;
      c.setLineDash([4, 6]);
      line(c, X(x0), Y(y0), X(x1), Y(y1));
      c.setLineDash([]);
    }
    vehicles(c, from, to, part);
    if (selected < 0) return;
    c.strokeStyle = ink.accent;
    c.lineWidth = 2.6;
    c.beginPath();
    c.arc(...at(selected), wide * 1.25 + 6, 0, 7);
    c.stroke();
  }

  function vehicles(c, from, to, part) {
    const slots = index(from);
    to.id.forEach((id, i) => {
      const j = slots[id] - 1,
        state = to.state[i] & 3;
      const [x, y] = [0, 1].map((axis) => {
        const now = to.vehicles[2 * i + axis],
          was = j < 0 ? now : from.vehicles[2 * j + axis];
        return (Math.abs(now - was) < 8000 ? was + (now - was) * part : now) / 65535;
      });
      const [px, py] = [X(x * scene.width), Y(y * scene.height)];
      c.beginPath();
      if (state) c.rect(px - size / 2, py - size / 2, size, size);
      else c.arc(px, py, size / 2, 0, 7);
      const route = scene.routes ? routeOf(to.state[i]) : 0;
      c.fillStyle = ink[scene.routes ? ROUTES[route] : STATES[state]];
      c.fill();
      if (!state && !scene.routes) return;
      c.strokeStyle = ink.ink;
      c.lineWidth = state === 2 ? 1.3 : 0.6;
      c.stroke();
      c.strokeStyle = BARS;
      for (let n = 1; n < route; n++) line(c, px + (n - route / 2) * 2.6, py - 2, px + (n - route / 2) * 2.6, py + 2);
    });
  }

  const at = (agent) => [X(scene.nodes[agent].x), Y(scene.nodes[agent].y)];

  function hit(px, py) {
    const far = scene.nodes.map((node, i) => Math.hypot(at(i)[0] - px, at(i)[1] - py)),
      best = far.indexOf(nearest(far, 0));
    return far[best] < Math.max(22, wide * 2) ? best : -1;
  }

  const segments = scene.roads.map(([x0, y0, x1, y1]) => [X(x0), Y(y0), X(x1), Y(y1)]);
  const edge = (px, py) => scene.roads[nearestSegment(segments, px, py, Math.max(6, wide))]?.[5] ?? -1;

  const middle = (edge) => middleOf(segments[scene.roads.findIndex((road) => road[5] === edge)]);

  const describe = (frame) =>
    `${scene.nodes.length} signals, ${frame.id.length} vehicles${scene.routes ? `: ${routesInWords(frame, scene.routes)}` : ""}`;

  return { ground, moving, hit, edge, middle, describe, legend: () => legend(scene.routes), at };
}
