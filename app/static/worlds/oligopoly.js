// Painter of firms that post prices: their path between the competitive price and the joint optimum, and below it how all
// would answer if firm 1 were forced to cut once. The path is gathered here from the frames that arrive.

import { s } from "../dom.js";

const HUES = ["blue-fill", "orange-line", "purple-fill", "sky-fill", "verm-line", "green-fill"];
const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [1, 2]];
const LINES = [
  ["green-line", "competitive"],
  ["verm-line", "joint optimum"],
];
const POINTS = 360, // of the path; beyond it every second one is forgotten
  CALM = 0.12; // weight of a new frame while many periods pass between two
const BEFORE_CUT = 2; // periods shown before the cut

export function painter(scene, ink, width, height, { card = false }) {
  const firms = scene.firms.length,
    all = scene.levels.flat();
  const low = Math.min(...all),
    high = Math.max(...all),
    room = (high - low) * 0.06 || 1;
  const left = card ? 14 : 58,
    right = width - (card ? 14 : 128);
  const upper = card ? [14, height - 14] : [44, Math.round(height * 0.6)],
    lower = [Math.round(height * 0.6) + 66, height - 44];
  const Y = (value, [top, bottom]) => bottom - ((value - low + room) / (high - low + 2 * room)) * (bottom - top);
  const level = (firm, action) => scene.levels[firm][action];
  let path = [], // {tick, values}
    every = 1,
    seen = 0,
    ends = scene.firms.map(() => [right, upper[0]]);

  function ground(c) {
    c.fillStyle = ink.surface;
    c.fillRect(0, 0, width, height);
  }

  function moving(c, _from, frame, _part, selected) {
    remember(frame);
    const now = path.at(-1).values;
    theory(c, frame, upper);
    const [first, last] = [path[0].tick, Math.max(path.at(-1).tick, path[0].tick + 1)];
    const X = (tick) => left + ((tick - first) / (last - first)) * (right - left);
    if (!card) {
      heading(c, `${capital(scene.what)} of each firm, since you have been watching`, upper);
      for (let i = 0; i < firms; i++)
        trace(
          c,
          path.map(({ tick, values }) => [X(tick), Y(values[i], upper)]),
          i,
          i === selected,
        );
    }
    const places = apart(
      now.map((value) => Y(value, upper)),
      card ? 0 : 17,
    );
    ends = places.map((y, i) => [card ? left + ((i + 0.5) / firms) * (right - left) : right, y]);
    scene.firms.forEach((name, i) => tag(c, name, now[i], i, i === selected));
    if (!card) answer(c, frame);
  }

  /** Add what firms chose to the path; a mean of late where more happens than can be seen. */
  function remember(frame) {
    const tick = frame.tick ?? 0,
      last = path.at(-1);
    const values = Array.from(frame.actions, (action, i) => level(i, action));
    if (!last || tick < last.tick) {
      path = [{ tick, values }];
      every = 1;
      seen = 0;
      return;
    }
    if (tick === last.tick) return;
    const weight = tick - last.tick > 2 ? CALM : 1;
    const next = { tick, values: values.map((value, i) => last.values[i] + weight * (value - last.values[i])) };
    if (seen++ % every && path.length > 1) path.pop(); // the newest point moves until its time has come
    path.push(next);
    if (path.length > POINTS) {
      path = path.filter((_, i) => i % 2 === 0 || i === path.length - 1);
      every *= 2;
    }
  }

  function theory(c, frame, box) {
    LINES.forEach(([hue, name], n) => {
      const values = new Set(frame.lines.slice(n * firms, (n + 1) * firms));
      for (const value of values) {
        const y = Y(value, box);
        c.strokeStyle = ink[hue];
        c.lineWidth = 1.6;
        c.setLineDash([8, 4]);
        line(c, [
          [left, y],
          [right, y],
        ]);
        c.setLineDash([]);
        if (card) continue;
        text(c, value.toFixed(2), left - 8, y + 4, ink["ink-2"], "right");
        if (values.size === 1) text(c, name, left + 4, y - 5, ink["ink-2"], "left");
      }
    });
  }

  function trace(c, points, firm, chosen) {
    c.strokeStyle = ink[HUES[firm % HUES.length]];
    c.lineWidth = chosen ? 3 : 2;
    c.setLineDash(DASHES[firm % DASHES.length]);
    line(c, points);
    c.setLineDash([]);
  }

  /** Name and price at the end of a path; on a card, a tag at the height of the price. */
  function tag(c, name, value, firm, chosen) {
    const [x, y] = ends[firm];
    c.fillStyle = c.strokeStyle = ink[HUES[firm % HUES.length]];
    c.beginPath();
    c.arc(x, card ? y : Y(value, upper), card ? 6 : 4, 0, 7);
    c.fill();
    if (chosen) {
      c.lineWidth = 2.5;
      c.strokeStyle = ink.accent;
      c.beginPath();
      c.arc(x, Y(value, upper), 9, 0, 7);
      c.stroke();
    }
    if (card) text(c, value.toFixed(2), x, y - 11, ink.ink, "center");
    else text(c, `Firm ${name}  ${value.toFixed(2)}`, x + 12, y + 4, ink.ink, "left", chosen ? 650 : 500);
  }

  function answer(c, frame) {
    heading(c, "If firm 1 were forced to cut once, and nobody explored", lower);
    const periods = frame.cut.length / firms;
    if (!periods) {
      text(c, "Only for firms with tables that see one past period.", left, lower[0] + 26, ink["ink-2"], "left");
      return;
    }
    theory(c, frame, lower);
    const X = (period) => left + (period / (periods - 1)) * (right - left);
    c.strokeStyle = ink.edge;
    c.lineWidth = 1;
    line(c, [
      [X(BEFORE_CUT), lower[0]],
      [X(BEFORE_CUT), lower[1]],
    ]);
    for (let i = 0; i < firms; i++) {
      const points = Array.from({ length: periods }, (_, t) => [X(t), Y(level(i, frame.cut[t * firms + i]), lower)]);
      trace(c, points, i, false);
      c.fillStyle = ink[HUES[i % HUES.length]];
      for (const [x, y] of points) mark(c, x, y, i);
    }
    for (let t = BEFORE_CUT; t < periods; t += 4)
      text(c, t === BEFORE_CUT ? "cut" : String(t - BEFORE_CUT), X(t), lower[1] + 17, ink["ink-2"], "center");
    text(c, "periods after the cut", right, lower[1] + 34, ink["ink-2"], "right");
  }

  function heading(c, words, [top]) {
    text(c, words, left, top - 16, ink.ink, "left", 550);
  }

  function text(c, words, x, y, colour, align, weight = 400) {
    c.fillStyle = colour;
    c.font = `${weight} 12px ${ink.font}`;
    c.textAlign = align;
    c.fillText(words, x, y);
  }

  function hit(px, py) {
    const far = ends.map(([x, y]) => Math.hypot(Math.max(0, px < x ? x - px : px - x - 100), y - py));
    const best = far.indexOf(Math.min(...far));
    return far[best] < 14 ? best : -1;
  }

  function describe(frame) {
    const chosen = Array.from(frame.actions, (action, i) => level(i, action).toFixed(2)).join(", ");
    const [nash, optimum] = [frame.lines[0], frame.lines[firms]].map((value) => value.toFixed(2));
    return `${firms} firms, ${scene.what} ${chosen}; competitive ${nash}, joint optimum ${optimum}`;
  }

  const legend = () => [
    ...scene.firms.map((name, i) => [key(HUES[i % HUES.length], DASHES[i % DASHES.length]), `firm ${name}`]),
    ...LINES.map(([hue, name]) => [key(hue, [8, 4]), name]),
  ];

  return { ground, moving, hit, describe, legend, at: (agent) => ends[agent] };
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);

function line(c, points) {
  c.beginPath();
  for (const [x, y] of points) c.lineTo(x, y);
  c.stroke();
}

/** A circle for firm 1, squares for the others. */
function mark(c, x, y, firm) {
  c.beginPath();
  if (firm === 0) c.arc(x, y, 3.5, 0, 7);
  else c.rect(x - 3, y - 3, 6, 6);
  c.fill();
}

/** Heights of labels, moved down until they are `gap` apart. */
function apart(heights, gap) {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]);
  const placed = [...heights];
  order.forEach((i, n) => {
    if (n) placed[i] = Math.max(placed[i], placed[order[n - 1]] + gap);
  });
  return placed;
}

function key(hue, dash) {
  return s(
    "svg",
    { width: 22, height: 12 },
    s("path", {
      d: "M1 6H21",
      style: `stroke:var(--${hue})`,
      "stroke-width": 2,
      "stroke-dasharray": dash.join(" ") || "none",
    }),
  );
}
