// Painter of route choice: roads as wide as their flow and coloured by delay, a sample of drivers as a stream of dots coloured
// and shaped by route (by pair where there are several), and what each route took on the last day.
//
// A dot goes round its driver's route again and again, slower where the trip takes longer; it takes up a new route when it
// is back at the origin, so that nobody jumps. Where a road has no time of its own its delay is told against half a trip.

import { s } from "../dom.js";
import { HUES, key, mark } from "./shared/actions.js";
import { line, middleOf, nearestSegment } from "./shared/lines.js";
import { number } from "../words.js";

const NEAR = 0.15,
  SLOW = 0.8; // delay as a share of the empty time
const FEW = 12; // links up to which each is told its time, not only that it is closed
const CARD_DOTS = 60;
const LAP_S = 6; // of a mean trip
const ROW = 21; // height of a line of the table

export function painter(scene, ink, width, height, { card = false }) {
  const single = scene.pairs.length === 1 && scene.routes[0].length <= HUES.length;
  const table = single && !card ? scene.names[0].length + 1 : 0;
  const most = Math.max(...scene.routes.map((ways) => ways.length)); // routes of a pair, as frames count them
  const box = { left: card ? 40 : 90, right: width - (card ? 40 : 90), top: card ? 22 : 50 };
  box.low = height - (card ? 26 : 44 + table * ROW);
  const [wide, tall] = [box.right - box.left, box.low - box.top];
  const flat = scene.span[1] > 0 ? scene.span[0] / scene.span[1] : 1;
  const [w, hgt] = [Math.min(wide, tall * Math.max(2.4, flat)), Math.min(tall, wide)];
  const spots = scene.nodes.map((node) => [
    box.left + (wide - w) / 2 + node.x * w,
    box.top + (tall - hgt) / 2 + node.y * hgt,
  ]);
  const returns = new Set(scene.links.map(([i, j]) => `${i}-${j}`));
  const thick = card ? 8 : scene.links.length > FEW ? 9 : 15;
  const segments = scene.links.map(([i, j]) => {
    const [[x0, y0], [x1, y1]] = [spots[i], spots[j]];
    const far = Math.hypot(x1 - x0, y1 - y0) || 1;
    const aside = returns.has(`${j}-${i}`) ? thick * 0.6 : 0; // two ways lie side by side, on the right
    const [dx, dy] = [(-(y1 - y0) / far) * aside, ((x1 - x0) / far) * aside];
    return [x0 + dx, y0 + dy, x1 + dx, y1 + dy];
  });
  const long = segments.map(([x0, y0, x1, y1]) => Math.hypot(x1 - x0, y1 - y0));
  const skip = card ? Math.ceil(scene.sample.length / CARD_DOTS) : 1; // on a card the roads must be seen too
  const dots = scene.sample.map((agent, n) => ({
    agent,
    pair: scene.pair_of[n],
    route: -1,
    along: (n * 0.618034) % 1,
    aside: ((n * 0.754878) % 1) - 0.5,
    x: 0,
    y: 0,
  }));
  let before = null,
    widest = 1;

  function ground(c) {
    c.fillStyle = ink.ground;
    c.fillRect(0, 0, width, height);
  }

  function moving(c, _from, frame, _part, selected, seconds = null) {
    const passed = seconds === null || before === null ? 0 : Math.min(seconds - before, 0.1);
    before = seconds;
    const trip = mean(frame);
    widest = single ? total(frame) : Math.max(widest, ...frame.flow);
    segments.forEach((segment, i) => road(c, segment, frame, i, trip));
    dots.forEach((dot, n) => n % skip || drive(c, dot, frame, n, passed, trip));
    for (const [n, spot] of spots.entries()) place(c, spot, scene.nodes[n].name);
    const few = scene.links.length <= FEW;
    if (!card) segments.forEach((segment, i) => (few || frame.closed[i]) && told(c, segment, frame, i));
    if (table) ways(c, frame);
    const chosen = dots.find((dot) => dot.agent === selected);
    if (!chosen || frame.tick === 0) return;
    c.strokeStyle = ink.accent;
    c.lineWidth = 2.6;
    c.beginPath();
    c.arc(chosen.x, chosen.y, 10, 0, 7);
    c.stroke();
  }

  const total = (frame) => frame.route_flow.reduce((sum, flow) => sum + flow, 0) || 1;
  const mean = (frame) =>
    frame.route_flow.reduce((sum, flow, k) => sum + flow * frame.route_time[k], 0) / total(frame) || 1;

  function road(c, [x0, y0, x1, y1], frame, i, trip) {
    const closed = frame.closed[i];
    c.lineCap = "round";
    for (const [colour, more] of closed
      ? []
      : [
          ["road-edge", 4],
          ["road", 2],
        ]) {
      c.strokeStyle = ink[colour];
      c.lineWidth = thick * (single ? 1 : 0.9) + more - 2;
      line(c, x0, y0, x1, y1);
    }
    c.lineCap = "butt";
    c.strokeStyle = closed ? ink["orange-line"] : ink[hueOf(frame, i, trip)];
    c.lineWidth = closed ? (card ? 2.5 : 3.5) : 1.5 + (thick - 2.5) * Math.min(1, frame.flow[i] / widest);
    c.setLineDash(closed ? [7, 6] : []);
    if (closed || frame.flow[i] > 0) line(c, x0, y0, x1, y1);
    c.setLineDash([]);
  }

  function hueOf(frame, i, trip) {
    const delay = (frame.time[i] - frame.free[i]) / (frame.free[i] || trip / 2);
    return delay >= SLOW ? "verm-line" : delay >= NEAR ? "orange-line" : "grey-line";
  }

  /** Move a dot along its route and draw it. */
  function drive(c, dot, frame, n, passed, trip) {
    if (frame.tick === 0) return;
    if (dot.route < 0) dot.route = frame.drivers[n];
    const time = frame.route_time[dot.pair * most + dot.route] || trip;
    dot.along += (passed * trip) / (LAP_S * Math.max(time, trip / 4));
    if (dot.along >= 1 || !passed) dot.route = frame.drivers[n];
    dot.along %= 1;
    const links = scene.routes[dot.pair][dot.route];
    const way = links.reduce((sum, link) => sum + long[link], 0);
    let left = dot.along * way;
    for (const link of links) {
      if (left > long[link]) {
        left -= long[link];
        continue;
      }
      const [x0, y0, x1, y1] = segments[link],
        off = (dot.aside * thick * 0.75) / long[link];
      dot.x = x0 + ((x1 - x0) * left) / long[link] - (y1 - y0) * off;
      dot.y = y0 + ((y1 - y0) * left) / long[link] + (x1 - x0) * off;
      break;
    }
    const kind = single ? dot.route : dot.pair % HUES.length;
    mark(c, ink, dot.x, dot.y, card ? 2.4 : 3.8, kind, 0.7);
  }

  function place(c, [x, y], name) {
    const small = spots.length > 6;
    c.beginPath();
    c.arc(x, y, card || small ? 6 : 11, 0, 7);
    c.fillStyle = ink.surface;
    c.fill();
    c.strokeStyle = ink.ink;
    c.lineWidth = card || small ? 1.4 : 2;
    c.stroke();
    if (card) return;
    if (small) return text(c, name, x + 9, y - 9, ink["ink-2"], "left");
    const side = x < width * 0.4 ? "right" : x > width * 0.6 ? "left" : "center";
    const [dx, dy] = { right: [-20, 5], left: [20, 5], center: [0, y < (box.top + box.low) / 2 ? -20 : 30] }[side];
    text(c, name, x + dx, y + dy, ink.ink, side, "650 14px");
  }

  /** Time of a link, beside its middle. */
  function told(c, segment, frame, i) {
    const [x, y] = middleOf(segment),
      [x0, y0, x1, y1] = segment;
    const words = frame.closed[i] ? "closed" : minutes(frame.time[i]);
    c.font = `550 13px ${ink.font}`;
    const [room, far] = [c.measureText(words).width / 2, long[i] || 1];
    let [nx, ny] = [(y1 - y0) / far, (x0 - x1) / far]; // away from the road, and from the middle of the picture
    if (nx * (x - width / 2) + ny * (y - (box.top + box.low) / 2) < -1) [nx, ny] = [-nx, -ny];
    const off = thick / 2 + 8 + Math.abs(nx) * room + Math.abs(ny) * 8;
    text(
      c,
      words,
      x + nx * off,
      y + ny * off + 4,
      frame.closed[i] ? ink["orange-text"] : ink.ink,
      "center",
      "550 13px",
    );
  }

  /** What each route of the single pair took, and how many drove it. */
  function ways(c, frame) {
    const names = scene.names[0],
      left = Math.max(20, width / 2 - 270),
      top = height - 14 - names.length * ROW;
    const columns = [left + 250, left + 350, left + 450, left + 540];
    ["vehicles", "time", "toll", "together"].forEach((head, n) =>
      text(c, head, columns[n], top - 4, ink["ink-2"], "right"),
    );
    text(c, "Route", left + 22, top - 4, ink["ink-2"], "left");
    names.forEach((name, k) => {
      const y = top + (k + 1) * ROW - 5;
      mark(c, ink, left + 7, y - 4, 5, k, 0.8);
      const barred = scene.routes[0][k].some((link) => frame.closed[link]);
      text(c, name, left + 22, y, barred ? ink["ink-3"] : ink.ink, "left", "550 13px");
      if (barred) return text(c, "closed", columns[1], y, ink["orange-text"], "right", "550 13px");
      const [flow, time, toll] = [frame.route_flow[k], frame.route_time[k], frame.route_toll[k]];
      [Math.round(flow).toLocaleString("en"), minutes(time), toll ? minutes(toll) : "–", minutes(time + toll)].forEach(
        (value, n) => text(c, value, columns[n], y, ink.ink, "right", "13px"),
      );
    });
  }

  function text(c, words, x, y, colour, align, font = "12px") {
    c.fillStyle = colour;
    c.font = `${font} ${ink.font}`;
    c.textAlign = align;
    c.fillText(words, x, y);
  }

  function hit(px, py) {
    const far = dots.map(({ x, y }) => Math.hypot(x - px, y - py)),
      best = far.indexOf(Math.min(...far));
    return far[best] < 9 ? dots[best].agent : -1;
  }

  const switched = scene.switches.edges.map((link) => segments[link]);
  const edge = (px, py) => nearestSegment(switched, px, py, thick);
  const middle = (which) => middleOf(switched[which]);

  function describe(frame) {
    const many = scene.drivers.toLocaleString("en");
    if (!single) return `${many} drivers of ${scene.pairs.length} pairs, mean trip ${minutes(mean(frame))}`;
    const told = scene.names[0].map((name, k) =>
      scene.routes[0][k].some((link) => frame.closed[link])
        ? `${name} closed`
        : `${name} ${Math.round(frame.route_flow[k])} vehicles, ${minutes(frame.route_time[k])}`,
    );
    return `${many} drivers: ${told.join("; ")}`;
  }

  const legend = () => [
    [bar("grey-line", 4), `delay < ${NEAR * 100} %`],
    [bar("orange-line", 5), `< ${SLOW * 100} %`],
    [bar("verm-line", 6), "more"],
    ...(single
      ? [[bar("orange-line", 2.5, "4 3"), "closed"]]
      : scene.pairs.slice(0, HUES.length).map((ends, k) => [key(k), ends.join("–"), true])),
  ];

  const at = (agent) => {
    const dot = dots.find((each) => each.agent === agent);
    return dot ? [dot.x, dot.y] : spots[scene.links[scene.routes[0][0][0]][0]];
  };

  return { ground, moving, hit, edge, middle, describe, legend, at };
}

const minutes = (value) => `${number(value)} min`;

const bar = (hue, thick, dash = "none") =>
  s(
    "svg",
    { width: 20, height: 12 },
    s("path", { d: "M1 6H19", style: `stroke:var(--${hue})`, "stroke-width": thick, "stroke-dasharray": dash }),
  );
