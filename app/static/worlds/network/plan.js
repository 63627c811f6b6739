// The plan of a road network: scales from metres to pixels, and the sizes of what is drawn on it.

/** @import { Inks, Place, Segment } from "../../page.js" */
/** @import { TrafficScene } from "../../scenes.js" */
/** @typedef {ReturnType<typeof plan>} Plan */

export const VEHICLE_M = 6.2; // drawn length of a vehicle; standing, each takes 7.5 m
export const LEAP_M = 120; // a vehicle that is further from its last place than this is drawn where it is, not on its way there
export const BAR_STEP = 2.6; // pixels between the bars that number a vehicle's route

const STRETCH = 3.4; // a plan may be this much longer one way, to fill its place
const WINDOW = 3.2; // a card is a window on the network, so many roads wide at most

/**
 * Sizes in pixels, and scales: pixels of a metre place; crossings take their drawn size out of the roads between them.
 *
 * @param {TrafficScene} scene
 * @param {Inks} ink
 * @param {number} width
 * @param {number} height
 * @param {boolean} card
 */
export function plan(scene, ink, width, height, card) {
  const across = unique(scene.nodes.map((node) => node.x)),
    down = unique(scene.nodes.map((node) => node.y));
  const { sx, sy, left, top } = card ? cardScales(scene, width, height, across, down) : scales(scene, width, height);
  const gapX = gap(across, scene.width) * sx,
    gapY = gap(down, scene.height) * sy;
  const half = Math.max(5, Math.min(card ? 12 : 24, Math.min(gapX, gapY) * 0.11)); // from the middle of a road to its edge
  const margin = stopLineM(scene, across, down);
  const [longX, longY] = [drawnLength(sx), drawnLength(sy)];
  const x = scaleAlong(across, scene.width, sx, left, margin, half + 3 + longX / 2),
    y = scaleAlong(down, scene.height, sy, top, margin, half + 3 + longY / 2);
  return {
    ...{ scene, ink, width, height, card, across, down, half, gapX, gapY, sx, sy, longX, longY, x, y },
    long: Math.min(longX, longY),
    wide: Math.max(2.8, Math.min(8, half * 0.36)),
    spots: scene.nodes.map((node) => /** @type {Place} */ ([x(node.x), y(node.y)])),
    roads: scene.roads.map(([x0, y0, x1, y1]) => {
      const [a, b, c, d] = middleLine([x0, y0, x1, y1], across, down, margin + 1);
      return /** @type {Segment} */ ([x(a), y(b), x(c), y(d)]);
    }),
  };
}

/** Pixels of a metre both ways, and the place of the corner. @param {TrafficScene} scene @param {number} width @param {number} height */
function scales(scene, width, height) {
  const [fullX, fullY] = [width / scene.width, height / scene.height];
  const [sx, sy] = [Math.min(fullX, STRETCH * fullY), Math.min(fullY, STRETCH * fullX)];
  return { sx, sy, left: (width - sx * scene.width) / 2, top: (height - sy * scene.height) / 2 };
}

/** @param {TrafficScene} scene @param {number} width @param {number} height @param {number[]} across @param {number[]} down */
function cardScales(scene, width, height, across, down) {
  const scale = width / Math.min(scene.width, WINDOW * gap(across, scene.width));
  if (height > scale * scene.height) return { sx: scale, sy: height / scene.height, left: 0, top: 0 };
  const middle = down[0] + (down.length > 1 ? gap(down, 0) / 2 : 0); // between the first two rows of signals
  return { sx: scale, sy: scale, left: 0, top: height / 2 - scale * middle };
}

/** @param {number} scale */
const drawnLength = (scale) => Math.max(3.6, Math.min(15, VEHICLE_M * scale));

/** Metres from the middle of a crossing to its stop lines. @param {TrafficScene} scene @param {number[]} across @param {number[]} down */
function stopLineM({ roads }, across, down) {
  const ends = roads.map(([x0, y0, x1, y1]) =>
    Math.abs(y1 - y0) < Math.abs(x1 - x0) ? Math.abs(x1 - nearest(across, x1)) : Math.abs(y1 - nearest(down, y1)),
  );
  return Math.max(0.01, Math.min(...ends));
}

/**
 * The middle line of a road in metres, from crossing to crossing; a scene gives its lanes, which end at the stop lines.
 *
 * @param {Segment} road
 * @param {number[]} across
 * @param {number[]} down
 * @param {number} reach
 * @returns {Segment}
 */
export function middleLine([x0, y0, x1, y1], across, down, reach) {
  /** @param {number[]} nodes @param {number} at */
  const snap = (nodes, at) => {
    const node = nearest(nodes, at);
    return Math.abs(node - at) <= reach ? node : at;
  };
  if (Math.abs(y1 - y0) < Math.abs(x1 - x0)) y0 = y1 = nearest(down, y0);
  else x0 = x1 = nearest(across, x0);
  return [snap(across, x0), snap(down, y0), snap(across, x1), snap(down, y1)];
}

/**
 * A piecewise straight scale: crossings where they are, roads between them squeezed to end at the stop lines as drawn.
 *
 * @param {number[]} nodes
 * @param {number} size
 * @param {number} scale
 * @param {number} start
 * @param {number} margin metres from a crossing to its stop lines
 * @param {number} box the same in pixels
 */
export function scaleAlong(nodes, size, scale, start, margin, box) {
  const stops = nodes.flatMap((node) => [
    [node - margin, start + node * scale - box],
    [node + margin, start + node * scale + box],
  ]);
  const points = [
    [Math.min(0, stops[0][0] - 1), start],
    ...stops,
    [Math.max(size, stops[stops.length - 1][0] + 1), start + size * scale],
  ];
  return (/** @type {number} */ at) => {
    let i = 1;
    while (i < points.length - 1 && points[i][0] < at) i++;
    const [[a, p], [b, q]] = [points[i - 1], points[i]];
    return p + ((q - p) * (at - a)) / (b - a);
  };
}

/** @param {number[]} values */
const unique = (values) => [...new Set(values)].sort((a, b) => a - b);

/** The least distance between two. @param {number[]} values in order @param {number} size */
const gap = (values, size) =>
  values.length > 1 ? Math.min(...values.slice(1).map((value, i) => value - values[i])) : size / 2;

/** @param {number[]} values @param {number} at */
export const nearest = (values, at) =>
  values.reduce((best, value) => (Math.abs(value - at) < Math.abs(best - at) ? value : best));
