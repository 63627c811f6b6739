// Painter of road networks: a schematic plan. Along a road positions are to scale between the edges of its crossings; across
// it lanes are drawn wider than they are, so that vehicles can be seen. Every colour has a second channel (shape, width, dash).

import { line, middleOf, nearestSegment } from "../shared/lines.js";
import { BARS, ROUTES, STATES, index, legend, routeOf, routesInWords } from "../shared/vehicles.js";
import { VEHICLE_M, nearest, plan } from "./plan.js";

const AHEAD = [
  [0, 1],
  [-1, 0],
  [0, -1],
  [1, 0],
]; // headings S, W, N, E; y points down
const SIDE_HEADING = [0, 1, 2, 3]; // vehicles on the N, E, S, W approach drive S, W, N, E
const LEAP_M = 120; // a vehicle that is further from its last place than this is drawn where it is, not on its way there
const FURTHEST_LANE_M = 20;
const BAR_STEP = 2.6; // pixels between the bars that number a vehicle's route

export function schematic(scene, ink, width, height, { card = false }) {
  const view = plan(scene, width, height, card);
  const { across, down, half, x: X, y: Y } = view;
  const lane = half / 2;
  let inner = Infinity,
    outer = 0; // metres from the middle of the road to the lanes seen so far, the nearest and the furthest

  /** Pixel place of a vehicle: to scale along its road; across it the lanes fill half of the road as drawn. */
  function put(px, py, heading, out) {
    const mx = (px / 65535) * scene.width,
      my = (py / 65535) * scene.height;
    const [ax, ay] = AHEAD[heading],
      middle = ax ? nearest(down, my) : nearest(across, mx);
    const off = Math.abs((ax ? my : mx) - middle);
    if (off > 0.3 && off < FURTHEST_LANE_M) {
      inner = Math.min(inner, off);
      outer = Math.max(outer, off);
    }
    const aside = off > 0.3 ? Math.min((half * off) / (inner + outer), half - 1.5) : lane;
    out[0] = ax ? X(mx) : X(middle) - ay * aside;
    out[1] = ax ? Y(middle) + ax * aside : Y(my);
  }

  /** Pixels of the middle line of a road, from crossing to crossing; a scene gives its lanes, which end at the stop lines. */
  function middle(x0, y0, x1, y1) {
    const snap = (nodes, at) => {
      const node = nearest(nodes, at);
      return Math.abs(node - at) <= view.margin + 1 ? node : at;
    };
    if (Math.abs(y1 - y0) < Math.abs(x1 - x0)) y0 = y1 = nearest(down, y0);
    else x0 = x1 = nearest(across, x0);
    return [X(snap(across, x0)), Y(snap(down, y0)), X(snap(across, x1)), Y(snap(down, y1))];
  }

  const roads = scene.roads.map(([x0, y0, x1, y1]) => middle(x0, y0, x1, y1));

  function ground(c) {
    c.fillStyle = ink.ground;
    c.fillRect(0, 0, width, height);
    for (const [style, more] of [
      [ink["road-edge"], 1],
      [ink.road, 0],
    ]) {
      c.fillStyle = style;
      for (const [x0, y0, x1, y1] of roads) {
        const level = Math.abs(y1 - y0) < Math.abs(x1 - x0),
          r = half + more;
        const [left, top] = [Math.min(x0, x1), Math.min(y0, y1)];
        if (level) c.fillRect(left, top - r, Math.abs(x1 - x0), 2 * r);
        else c.fillRect(left - r, top, 2 * r, Math.abs(y1 - y0));
      }
    }
    c.fillStyle = ink.road;
    for (const node of scene.nodes) c.fillRect(X(node.x) - half, Y(node.y) - half, 2 * half, 2 * half);
    c.strokeStyle = ink["road-edge"];
    c.setLineDash([5, 6]);
    c.beginPath();
    for (const [a, b, c2, d] of roads) {
      const [x0, y0, x1, y1] = a > c2 || b > d ? [c2, d, a, b] : [a, b, c2, d]; // both ways the same dashes
      const [ux, uy] = [Math.sign(x1 - x0) * (half + 4), Math.sign(y1 - y0) * (half + 4)];
      c.moveTo(x0 + ux, y0 + uy);
      c.lineTo(x1 - ux, y1 - uy);
    }
    c.stroke();
    c.setLineDash([]);
    if (card) return;
    c.fillStyle = ink["ink-2"];
    c.font = `12px ${ink.font}`;
    c.textAlign = "right";
    for (const node of scene.nodes) c.fillText(node.name, X(node.x) - half - 24, Y(node.y) - half - 7);
  }

  function signals(c, frame) {
    const arrow = half * 0.72;
    scene.nodes.forEach((node, i) => {
      const [x, y] = [X(node.x), Y(node.y)],
        phase = frame.signals[i] & 3,
        changing = frame.signals[i] > 3;
      node.sides.forEach((open, side) => {
        if (!open) return;
        const [ax, ay] = AHEAD[SIDE_HEADING[side]],
          green = phase < 2 === (side % 2 === 0);
        const [sx, sy] = [x - ax * (half + 2), y - ay * (half + 2)];
        c.strokeStyle = !green ? ink.ink : changing ? ink["orange-line"] : ink["green-line"];
        c.lineWidth = green ? (card ? 3 : 3.6) : 1.6;
        c.setLineDash(green && changing ? [3, 2] : []);
        line(c, sx, sy, sx - ay * half, sy + ax * half);
      });
      c.strokeStyle = changing ? ink["orange-line"] : ink["green-line"];
      c.lineWidth = 1.8;
      c.setLineDash([]);
      const [ux, uy] = phase < 2 ? [0, 1] : [1, 0];
      c.beginPath();
      if (phase % 2 === 0 || changing) for (const way of [-1, 1]) head(c, x, y, ux * way, uy * way, arrow);
      else for (const way of [-1, 1]) leftTurn(c, x, y, [ux * way, uy * way], arrow);
      c.stroke();
      if (phase % 2 && !changing) return;
      c.setLineDash(changing ? [3, 2] : []);
      line(c, x - ux * arrow, y - uy * arrow, x + ux * arrow, y + uy * arrow);
      c.setLineDash([]);
    });
  }

  function queues(c, frame) {
    c.strokeStyle = ink["verm-line"];
    c.fillStyle = ink["verm-text"];
    c.font = `650 12px ${ink.font}`;
    c.textAlign = "center";
    scene.nodes.forEach((node, i) => {
      for (let side = 0; side < 4; side++) {
        const count = frame.queues[4 * i + side];
        if (count < 4 || !node.sides[side]) continue;
        const [ax, ay] = AHEAD[SIDE_HEADING[side]];
        const off = half + 4.5,
          room = (ax ? view.gapX : view.gapY) - 2 * half - 10;
        const long = Math.min(count * VEHICLE_M * 1.2 * (ax ? view.sx : view.sy), room);
        const [x, y] = [X(node.x) - ax * (half + 2) - ay * off, Y(node.y) - ay * (half + 2) + ax * off];
        c.lineWidth = Math.min(2.2 + count / 8, 4.5);
        line(c, x, y, x - ax * long, y - ay * long);
        if (count > 4)
          c.fillText(count, x - (ax * long) / 2 - ay * 10, y - (ay * long) / 2 + (ax ? (ax > 0 ? 14 : -6) : 4));
      }
    });
  }

  function closures(c, frame) {
    c.strokeStyle = ink["verm-line"];
    for (const [i, [left, top, right, low]] of roads.entries()) {
      if (!frame.closed[scene.roads[i][4]]) continue;
      const [ux, uy] = [Math.sign(right - left), Math.sign(low - top)];
      const [ox, oy] = [-uy * lane, ux * lane];
      const from = [left + ux * half + ox, top + uy * half + oy],
        to = [right - ux * half + ox, low - uy * half + oy];
      c.lineWidth = half * 0.7;
      c.globalAlpha = 0.25;
      line(c, ...from, ...to);
      c.globalAlpha = 1;
      c.lineWidth = 2.4;
      for (const at of [0.08, 0.5, 0.92]) {
        const [x, y] = [from[0] + (to[0] - from[0]) * at, from[1] + (to[1] - from[1]) * at],
          r = half * 0.32;
        line(c, x - r, y - r, x + r, y + r);
        line(c, x - r, y + r, x + r, y - r);
      }
    }
  }

  function vehicles(c, from, to, part) {
    const was = from === to || part >= 1 ? null : index(from);
    const a = [0, 0],
      b = [0, 0],
      bars = new Path2D(),
      paths = STATES.map(() => (scene.routes ? ROUTES : [0]).map(() => new Path2D()));
    for (let i = 0; i < to.id.length; i++) {
      const state = to.state[i] & 3,
        heading = (to.state[i] >> 2) & 3,
        route = scene.routes ? routeOf(to.state[i]) : 0;
      put(to.vehicles[2 * i], to.vehicles[2 * i + 1], heading, b);
      const j = was ? was[to.id[i]] - 1 : -1;
      if (j >= 0 && near(from, j, to, i)) {
        put(from.vehicles[2 * j], from.vehicles[2 * j + 1], (from.state[j] >> 2) & 3, a);
        b[0] = a[0] + (b[0] - a[0]) * part;
        b[1] = a[1] + (b[1] - a[1]) * part;
      }
      shape(paths[state][route], b[0], b[1], heading, state);
      for (let n = 1; n < route; n++) bar(bars, b[0], b[1], heading, n - route / 2);
    }
    paths.forEach((byRoute, state) =>
      byRoute.forEach((path, route) => {
        c.fillStyle = ink[scene.routes ? ROUTES[route] : STATES[state]];
        c.fill(path);
        if (!state && (card || !scene.routes)) return;
        c.strokeStyle = ink.ink;
        c.lineWidth = (state === 2 ? 1.3 : 0.6) * Math.min(1, view.long / 7);
        c.stroke(path);
      }),
    );
    if (card) return; // too small for bars
    c.strokeStyle = BARS;
    c.lineWidth = 1.1;
    c.stroke(bars);
  }

  /** A bar across a vehicle, so many steps ahead of its middle. */
  function bar(path, x, y, heading, steps) {
    const [ax, ay] = AHEAD[heading],
      w = view.wide / 2,
      off = steps * BAR_STEP;
    path.moveTo(x + ax * off - ay * w, y + ay * off + ax * w);
    path.lineTo(x + ax * off + ay * w, y + ay * off - ax * w);
  }

  const near = (from, j, to, i) =>
    (Math.abs(from.vehicles[2 * j] - to.vehicles[2 * i]) / 65535) * scene.width +
      (Math.abs(from.vehicles[2 * j + 1] - to.vehicles[2 * i + 1]) / 65535) * scene.height <
    LEAP_M;

  function shape(path, x, y, heading, state) {
    const [ax, ay] = AHEAD[heading],
      w = view.wide / 2,
      long = ax ? view.longX : view.longY;
    const l = (state ? long : Math.max(long, 1.6 * view.wide)) / 2; // a queue is to scale, a wedge long enough to point
    if (state) return path.rect(x - (ax ? l : w), y - (ax ? w : l), 2 * (ax ? l : w), 2 * (ax ? w : l));
    path.moveTo(x + ax * l, y + ay * l);
    for (const [along, aside] of [
      [0.1, 1],
      [-1, 1],
      [-1, -1],
      [0.1, -1],
    ])
      path.lineTo(x + ax * l * along - ay * w * aside, y + ay * l * along + ax * w * aside);
    path.closePath();
  }

  function moving(c, from, to, part, selected) {
    if (!card) queues(c, to);
    closures(c, to);
    signals(c, to);
    vehicles(c, from, to, part);
    if (selected < 0) return;
    const node = scene.nodes[selected],
      r = half + 7;
    c.strokeStyle = ink.accent;
    c.lineWidth = 2.6;
    c.beginPath();
    c.roundRect(X(node.x) - r, Y(node.y) - r, 2 * r, 2 * r, 6);
    c.stroke();
  }

  function hit(px, py) {
    const far = scene.nodes.map((node) => Math.hypot(X(node.x) - px, Y(node.y) - py));
    const best = far.indexOf(Math.min(...far));
    return far[best] < Math.max(2.2 * half, 30) ? best : -1;
  }

  const edge = (px, py) => scene.roads[nearestSegment(roads, px, py, half + 3)]?.[5] ?? -1;

  const halfway = (edge) => middleOf(roads[scene.roads.findIndex((road) => road[5] === edge)]);

  function describe(frame) {
    const longest = frame.queues.indexOf(Math.max(...frame.queues));
    const some = frame.queues[longest]
      ? `; longest queue ${frame.queues[longest]} at ${scene.nodes[longest >> 2].name}`
      : "";
    const taken = scene.routes ? `: ${routesInWords(frame, scene.routes)}` : "";
    return `${scene.nodes.length} signals, ${frame.id.length} vehicles${taken}${some}`;
  }

  const at = (agent) => [X(scene.nodes[agent].x), Y(scene.nodes[agent].y)];

  return { ground, moving, hit, edge, middle: halfway, describe, legend: () => legend(scene.routes), at };
}

function head(c, x, y, ux, uy, long) {
  const [px, py] = [x + ux * long, y + uy * long];
  c.moveTo(px - ux * 4 - uy * 3.2, py - uy * 4 - ux * 3.2);
  c.lineTo(px, py);
  c.lineTo(px - ux * 4 + uy * 3.2, py - uy * 4 + ux * 3.2);
}

/** From one approach into the road at its left: keep right, so left means past the middle. */
function leftTurn(c, x, y, [ux, uy], long) {
  const [lx, ly] = [uy, -ux]; // left of a vehicle that drives along u, y down
  const [fx, fy] = [x - ux * long, y - uy * long];
  c.moveTo(fx, fy);
  c.quadraticCurveTo(x + lx * 1.5, y + ly * 1.5, x + lx * long, y + ly * long);
  head(c, x, y, lx, ly, long);
}
