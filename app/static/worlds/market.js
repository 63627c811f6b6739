// Painter of markets: the path of prices between the best quotes, the depth of the book, and who may trade with whom.

import { s } from "../dom.js";

const BUCKETS = 40; // of prices in the depth
const FILLS = { maker: "blue-fill", trader: "surface", buyer: "sky-fill", seller: "orange-fill" };

export function painter(scene, ink, width, height, { card = false }) {
  const nodes = scene.nodes,
    auction = scene.market === "double_auction",
    pad = card ? 8 : 46;
  const upper = card ? height : Math.round(height * 0.5);
  const pathBox = card
    ? { x: pad, y: 12, w: width * 0.58, h: height - 24 }
    : { x: pad + 14, y: 40, w: width - 2 * pad - 74, h: upper - 62 };
  const depthBox = { x: pad + 14, y: upper + 44, w: width * 0.42 - pad, h: height - upper - 84 };
  const netBox = card
    ? { x: width * 0.64, y: 10, w: width * 0.34, h: height - 20 }
    : { x: width * 0.52, y: upper + 40, w: width * 0.48 - pad, h: height - upper - 66 };
  const side = Math.min(netBox.w, netBox.h) / 2 - (card ? 4 : 14);
  const X = (node) =>
    netBox.x + netBox.w / 2 + (node.x - 0.5) * 2 * side * Math.max(1, Math.min(1.5, netBox.w / netBox.h));
  const Y = (node) => netBox.y + netBox.h / 2 + (node.y - 0.5) * 2 * side;
  const size = (node) => (node.kind === "maker" ? (card ? 4.5 : 10) : card ? 2.2 : nodes.length > 70 ? 4 : 6);

  function ground(c) {
    c.fillStyle = ink[card ? "ground" : "surface"];
    c.fillRect(0, 0, width, height);
    if (card) return;
    text(c, auction ? "Price, and the best bid and ask" : "Price, and makers’ best bid and ask", pathBox.x, 22);
    text(c, "Shares waiting, by price", depthBox.x, depthBox.y - 18);
    text(c, "Who may trade with whom", netBox.x, netBox.y - 14);
  }

  function text(c, words, x, y, { color = "ink-2", align = "left", bold = false } = {}) {
    c.fillStyle = ink[color];
    c.textAlign = align;
    c.font = `${bold ? "650 " : ""}12px ${ink.font}`;
    c.fillText(words, x, y);
  }

  function moving(c, _from, frame, _part, selected) {
    path(c, frame.path);
    network(c, frame, selected);
    if (!card) depth(c, frame);
  }

  function path(c, values) {
    const n = card ? 80 : scene.path_ticks,
      rows = [1, 2, 3, 4].map((row) => values.subarray(row * scene.path_ticks - n, row * scene.path_ticks)),
      found = rows.flatMap((row) => [...row]).filter(Number.isFinite);
    if (!found.length) return;
    const [low, high] = range(found);
    const at = (i) => pathBox.x + (i / (n - 1)) * pathBox.w,
      up = (value) => pathBox.y + pathBox.h - ((value - low) / (high - low)) * pathBox.h;
    if (!card)
      for (const value of steps(low, high)) {
        stroke(c, "hair", 1, [], () => (c.moveTo(pathBox.x, up(value)), c.lineTo(pathBox.x + pathBox.w, up(value))));
        text(c, number(value), pathBox.x - 8, up(value) + 4, { align: "right" });
      }
    const [reference, price, bid, ask] = rows;
    c.globalAlpha = 0.28;
    c.fillStyle = ink["sky-fill"];
    for (let i = 0; i < n; i++)
      if (bid[i] <= ask[i]) c.fillRect(at(i), up(ask[i]), pathBox.w / n + 0.6, Math.max(up(bid[i]) - up(ask[i]), 1));
    c.globalAlpha = 1;
    line(c, ask, at, up, "orange-line", 1);
    line(c, bid, at, up, "blue-fill", 1);
    line(c, reference, at, up, "ink-3", 1.2, [7, 4]);
    line(c, price, at, up, "ink", card ? 1.2 : 1.6);
    if (card) return;
    const ends = [
      ["ask", ask[n - 1], "orange-line"],
      ["last", price[n - 1], "ink"],
      ["bid", bid[n - 1], "blue-fill"],
    ].filter(([, value]) => Number.isFinite(value));
    ends.sort((a, b) => b[1] - a[1]);
    let place = -Infinity;
    for (const [name, value, color] of ends) {
      place = Math.max(up(value) + 4, place + 15);
      text(c, `${name} ${number(value)}`, pathBox.x + pathBox.w + 8, place, { color, bold: name === "last" });
    }
  }

  function line(c, values, at, up, color, thick, dash = []) {
    stroke(c, color, thick, dash, () => {
      let pen = false;
      values.forEach((value, i) => {
        if (Number.isFinite(value)) pen ? c.lineTo(at(i), up(value)) : c.moveTo(at(i), up(value));
        pen = Number.isFinite(value);
      });
    });
  }

  function stroke(c, color, thick, dash, draw) {
    c.strokeStyle = ink[color];
    c.lineWidth = thick;
    c.setLineDash(dash);
    c.beginPath();
    draw();
    c.stroke();
    c.setLineDash([]);
  }

  function depth(c, frame) {
    const [low, step] = frame.scale,
      most = Math.max(1, ...frame.depth),
      bar = depthBox.w / BUCKETS,
      foot = depthBox.y + depthBox.h;
    ["blue-fill", "orange-fill"].forEach((color, row) => {
      c.fillStyle = ink[color];
      for (let i = 0; i < BUCKETS; i++) {
        const tall = (frame.depth[row * BUCKETS + i] / most) * depthBox.h;
        if (tall > 0) c.fillRect(depthBox.x + i * bar + row * bar * 0.45, foot - tall, bar * 0.45, tall);
      }
    });
    stroke(c, "edge", 1, [], () => (c.moveTo(depthBox.x, foot), c.lineTo(depthBox.x + depthBox.w, foot)));
    for (const part of [0, 0.5, 1])
      text(c, number(low + part * BUCKETS * step), depthBox.x + part * depthBox.w, foot + 16, { align: "center" });
    text(c, `at most ${number(most)}`, depthBox.x + depthBox.w, depthBox.y - 18, { align: "right" });
  }

  function network(c, frame, selected) {
    const opened = (e) => (frame.open[e >> 3] >> (7 - (e & 7))) & 1;
    c.globalAlpha = Math.min(1, 60 / Math.sqrt(scene.edges.length) / 8);
    stroke(c, "ink-3", card ? 0.5 : 0.8, [], () =>
      scene.edges.forEach(([i, j], e) => opened(e) && edge(c, nodes[i], nodes[j])),
    );
    c.globalAlpha = 1;
    if (selected >= 0)
      stroke(c, "accent", 1.6, [], () =>
        scene.edges.forEach(
          ([i, j], e) => opened(e) && (i === selected || j === selected) && edge(c, nodes[i], nodes[j]),
        ),
      );
    nodes.forEach((node, i) => dot(c, node, frame, i, i === selected));
  }

  function edge(c, from, to) {
    c.moveTo(X(from), Y(from));
    c.lineTo(X(to), Y(to));
  }

  function dot(c, node, frame, i, chosen) {
    const [x, y, r] = [X(node), Y(node), size(node)],
      here = frame.looks[i] > 0;
    shape(c, node, x, y, r);
    c.fillStyle = ink.surface;
    c.fill();
    c.fillStyle = frame.gains[i] < 0 ? ink["verm-fill"] : ink[FILLS[node.kind]];
    c.globalAlpha = here ? 1 : 0.3;
    c.fill();
    c.globalAlpha = 1;
    stroke(c, here ? "ink" : "edge", card ? 0.5 : 1, here ? [] : [2, 2], () => shape(c, node, x, y, r, false));
    if (chosen) stroke(c, "accent", 2.8, [], () => c.arc(x, y, r + 6, 0, 7));
    if (card || node.kind !== "maker") return;
    text(c, node.name, x, y - r - 5, { color: "ink", align: "center", bold: true });
    if (Number.isFinite(frame.half_spread[i]))
      text(c, `±${number(frame.half_spread[i])}`, x, y + r + 14, { align: "center" });
  }

  /** Makers and sellers are squares, the others circles. */
  function shape(c, node, x, y, r, begin = true) {
    if (begin) c.beginPath();
    if (node.kind === "maker" || node.kind === "seller") c.rect(x - r, y - r, 2 * r, 2 * r);
    else c.arc(x, y, r, 0, 7);
  }

  function hit(px, py) {
    const far = nodes.map((node) => Math.hypot(X(node) - px, Y(node) - py));
    const best = far.indexOf(Math.min(...far));
    return far[best] < size(nodes[best]) + 9 ? best : -1;
  }

  function describe(frame) {
    const n = scene.path_ticks,
      [price, bid, ask] = [1, 2, 3].map((row) => frame.path[(row + 1) * n - 1]);
    const quotes = Number.isFinite(bid) && Number.isFinite(ask) ? `, bid ${number(bid)}, ask ${number(ask)}` : "";
    return `${nodes.length} agents; last price ${number(price)}${quotes}`;
  }

  const legend = () => [
    ...[...new Set(nodes.map((node) => node.kind))].map((kind) => [key(kind), kind]),
    [mark("verm-fill", "circle"), "lost in the last tick", true],
    [dash(), scene.reference, true],
  ];

  const at = (agent) => [X(nodes[agent]), Y(nodes[agent])];

  return { ground, moving, hit, describe, legend, at };
}

const number = (value) =>
  (Math.abs(value) < 100 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString("en");

/** Least and largest, with some air. */
function range(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const air = Math.max((high - low) * 0.06, 1);
  return [low - air, high + air];
}

/** Four or so round numbers between two values. */
function steps(low, high) {
  const rough = (high - low) / 4,
    power = 10 ** Math.floor(Math.log10(rough)),
    step = [1, 2, 5, 10].find((times) => times * power >= rough) * power;
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) found.push(value);
  return found;
}

const key = (kind) => mark(FILLS[kind], kind === "maker" || kind === "seller" ? "square" : "circle");

const mark = (fill, form) =>
  s(
    "svg",
    { width: 14, height: 12 },
    s("path", {
      d: form === "square" ? "M2 1h10v10H2z" : "M7 1a5 5 0 1 1-.01 0z",
      style: `fill:var(--${fill});stroke:var(--ink)`,
      "stroke-width": 0.8,
    }),
  );

const dash = () =>
  s(
    "svg",
    { width: 18, height: 12 },
    s("path", { d: "M1 6H17", style: "stroke:var(--ink-3)", "stroke-dasharray": "5 3" }),
  );
