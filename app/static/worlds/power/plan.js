// The plan of a power network: where buses, plants and words go, so that little covers anything else. Boxes stay where the case
// puts them; everything else takes the free spot that covers least.

const SIZES = [
  { w: 48, h: 26, font: 13, digits: 1, r: 16, wide: 9 },
  { w: 38, h: 20, font: 12, digits: 1, r: 12, wide: 7 },
  { w: 29, h: 16, font: 12, digits: 0, r: 8, wide: 4.5 },
  { w: 24, h: 14, font: 12, digits: 0, r: 7, wide: 4 },
];
const CARD = [
  { w: 26, h: 13, r: 8, wide: 5 },
  { w: 15, h: 8, r: 5, wide: 4.5 },
  { w: 6, h: 5, r: 2.5, wide: 2 },
];
const FEW = 8; // buses
const MANY = 40; // buses; more leave no room for names
export const PLATE_HIGH = 30;
const CHAR = 6.7; // pixels of a 12 px character, about

/** Sizes, places in pixels of buses and lines, and spots of plants, loads and labels. */
export function netplan(scene, width, height, card) {
  const many = scene.buses.length > MANY;
  const margin = card ? [24, 16] : many ? [30, 26] : [64, 54];
  const spots = scene.buses.map(({ x, y }) => [
    margin[0] + x * (width - 2 * margin[0]),
    margin[1] + y * (height - 2 * margin[1]),
  ]);
  const size = card
    ? CARD[Number(scene.buses.length > FEW) + Number(many)]
    : (SIZES.find((each) => fits(spots, each)) ?? SIZES.at(-1));
  const small = card || size.digits === 0;
  const segments = lines(scene, spots, size.wide);
  const taken = spots.map(([x, y]) => box(x, y, size.w + 4, size.h + 4));
  const price = (rect) => cost(rect, taken, segments, width, height);
  const cheapest = (candidates) => {
    const costs = candidates.map(price),
      least = Math.min(...costs);
    return [candidates[costs.indexOf(least)], least];
  };
  const free = (candidates, leave) => {
    const [best, least] = cheapest(candidates);
    if (leave && least > 0.12 * best[2] * best[3]) return null;
    taken.push(best);
    return best;
  };
  const plate = scene.agents.some(({ kind }) => kind === "regulator") && !card && free(edges(width, height));
  const loads = spots.map(([x, y], bus) => {
    if (small || !(scene.load_mw[bus] > 0)) return null;
    const half = 4 + 7 * Math.sqrt(scene.load_mw[bus] / Math.max(...scene.load_mw));
    const from = y + size.h / 2;
    const [left, top, wide] = free(
      [0.3, -0.3, 0].map((part) => [x + part * size.w - half, from, 2 * half, 5 + 1.5 * half]),
    );
    return { x: left + wide / 2, y: top + 5, half };
  });
  const glyphs = scene.agents.flatMap((agent, i) =>
    agent.buses.map((bus, k) => {
      const [x, y] = spots[bus];
      const names = (disc) =>
        k === 0 && !card ? beside(middle(disc), size.r + 5, CHAR * (agent.name.length + 7), 15) : [];
      const options = around(x, y, size.w / 2, size.h / 2, size.r).map((disc) => {
        const [label, more] = names(disc).length ? cheapest(names(disc)) : [null, 0];
        return { disc, label, cost: price(disc) + Math.min(more, small ? 60 : Infinity), crowded: small && more > 60 };
      });
      const { disc, label, crowded } = options.reduce((best, each) => (each.cost < best.cost - 1e-9 ? each : best));
      taken.push(disc);
      if (label && !crowded) taken.push(label);
      return { agent: i, bus, first: k === 0, ...middle(disc), label: crowded ? null : label };
    }),
  );
  if (card) return { size, small, spots, segments, loads, glyphs };
  const names = spots.map(([x, y], bus) =>
    small
      ? null
      : free([
          ...corners(x, y, size, CHAR * scene.buses[bus].name.length + 2),
          ...[-1, 1].map((side) => box(x, y + side * (size.h / 2 + 9), CHAR * scene.buses[bus].name.length + 2, 13)),
        ]),
  );
  const labels = segments.map(([x0, y0, x1, y1]) => {
    const far = Math.hypot(x1 - x0, y1 - y0) || 1,
      aside = [((y0 - y1) / far) * 17, ((x1 - x0) / far) * 13];
    const at = [0.5, 0.38, 0.62].flatMap((part) =>
      [1, -1].map((side) =>
        box(x0 + (x1 - x0) * part + side * aside[0], y0 + (y1 - y0) * part + side * aside[1], 34, 14),
      ),
    );
    return free(at, small);
  });
  return { size, small, spots, segments, loads, glyphs, names, labels, plate };
}

const middle = ([x, y, w, h]) => ({ x: x + w / 2, y: y + h / 2 });

const box = (x, y, w, h) => [x - w / 2, y - h / 2, w, h];

const fits = (spots, { w, h }) =>
  spots.every(([x, y], i) => spots.every(([u, v], j) => j <= i || Math.abs(x - u) > w + 2 || Math.abs(y - v) > h + 2));

/** Ends of lines in pixels; those between the same two buses side by side. */
function lines(scene, spots, apart) {
  const pair = ({ from, to }) => `${Math.min(from, to)}-${Math.max(from, to)}`;
  const groups = new Map();
  for (const line of scene.lines) groups.set(pair(line), [...(groups.get(pair(line)) ?? []), line]);
  return scene.lines.map((line) => {
    const group = groups.get(pair(line)),
      [low, high] = [Math.min(line.from, line.to), Math.max(line.from, line.to)];
    const [dx, dy] = [spots[high][0] - spots[low][0], spots[high][1] - spots[low][1]],
      far = Math.hypot(dx, dy) || 1,
      off = (group.indexOf(line) - (group.length - 1) / 2) * (apart + 3);
    const [ox, oy] = [(-dy / far) * off, (dx / far) * off];
    const [[x0, y0], [x1, y1]] = [spots[line.from], spots[line.to]];
    return [x0 + ox, y0 + oy, x1 + ox, y1 + oy];
  });
}

/** Spots of a disc around a box: near ones first, then further out. */
function around(x, y, halfWide, halfHigh, r) {
  return [6, 14, 26].flatMap((gap) =>
    Array.from({ length: 24 }, (_, k) => {
      const [ux, uy] = [Math.cos((k * Math.PI) / 12), Math.sin((k * Math.PI) / 12)];
      const edge = Math.min(halfWide / Math.max(Math.abs(ux), 1e-9), halfHigh / Math.max(Math.abs(uy), 1e-9));
      const far = edge + r + gap;
      return box(x + ux * far, y + uy * far, 2 * r + 4, 2 * r + 4);
    }),
  );
}

/** Spots at the edges of the picture, for a plate that belongs to no bus. */
const edges = (width, height) =>
  [10, height - PLATE_HIGH - 10].flatMap((y) =>
    [0.5, 0, 1, 0.25, 0.75].map((part) => [10 + part * (width - 150 - 20), y, 150, PLATE_HIGH]),
  );

/** Spots of words beside a mark: right, left, above, below. */
const beside = ({ x, y }, far, w, h) => [
  [x + far + 2, y - h / 2, w, h],
  [x - far - 2 - w, y - h / 2, w, h],
  box(x, y - far - h / 2 - 1, w, h),
  box(x, y + far + h / 2 + 1, w, h),
];

/** Spots of a name at the corners of a box. */
const corners = (x, y, { w, h }, wide) =>
  [
    [1, -1],
    [-1, -1],
    [1, 1],
    [-1, 1],
  ].map(([sx, sy]) => box(x + sx * (w / 2 + wide / 2 + 1), y + sy * (h / 2 + 2), wide, 13));

/** How much a rectangle would cover, and how far it would stick out of the picture. */
function cost([x, y, w, h], taken, segments, width, height) {
  let sum =
    60 * (Math.max(0, 4 - x) + Math.max(0, 4 - y) + Math.max(0, x + w - width + 4) + Math.max(0, y + h - height + 4));
  for (const [u, v, p, q] of taken) {
    const [dx, dy] = [Math.min(x + w, u + p) - Math.max(x, u), Math.min(y + h, v + q) - Math.max(y, v)];
    if (dx > 0 && dy > 0) sum += 3 * dx * dy;
  }
  for (const segment of segments) sum += 5 * inside(segment, x, y, w, h);
  return sum;
}

/** Length of the part of a segment that lies in a rectangle (Liang and Barsky 1984). */
function inside([x0, y0, x1, y1], x, y, w, h) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  let [from, to] = [0, 1];
  for (const [slope, room] of [
    [-dx, x0 - x],
    [dx, x + w - x0],
    [-dy, y0 - y],
    [dy, y + h - y0],
  ]) {
    if (slope === 0 && room < 0) return 0;
    if (slope < 0) from = Math.max(from, room / slope);
    if (slope > 0) to = Math.min(to, room / slope);
  }
  return to > from ? (to - from) * Math.hypot(dx, dy) : 0;
}
