// The plan of a road network: scales from metres to pixels, and the sizes of what is drawn on it.

export const VEHICLE_M = 6.2; // drawn length of a vehicle; standing, each takes 7.5 m
const STRETCH = 3.4; // a plan may be this much longer one way, to fill its place

/** Scales: pixels of a metre place; crossings take their drawn size out of the roads between them. */
export function plan(scene, width, height, card) {
  const across = unique(scene.nodes.map((node) => node.x)),
    down = unique(scene.nodes.map((node) => node.y));
  let [sx, sy] = [width / scene.width, height / scene.height],
    [left, top] = [0, 0];
  if (card) {
    // a card is a window on the network, three crossings wide at most
    const span = Math.min(scene.width, 3.2 * gap(across, scene.width));
    sx = sy = width / span;
    top = height / 2 - sy * down[0] - (down.length > 1 ? (sy * gap(down, 0)) / 2 : 0);
    if (height > sy * scene.height) [sy, top] = [height / scene.height, 0];
  } else if (sx > STRETCH * sy) {
    sx = STRETCH * sy;
    left = (width - sx * scene.width) / 2;
  } else if (sy > STRETCH * sx) {
    sy = STRETCH * sx;
    top = (height - sy * scene.height) / 2;
  }
  const gapX = gap(across, scene.width) * sx,
    gapY = gap(down, scene.height) * sy;
  const half = Math.max(5, Math.min(card ? 12 : 24, Math.min(gapX, gapY) * 0.11));
  const long = (scale) => Math.max(3.6, Math.min(15, VEHICLE_M * scale));
  const wide = Math.max(2.8, Math.min(8, half * 0.36));
  const ends = scene.roads.map(([x0, y0, x1, y1]) =>
    Math.abs(y1 - y0) < Math.abs(x1 - x0) ? Math.abs(x1 - nearest(across, x1)) : Math.abs(y1 - nearest(down, y1)),
  );
  const margin = Math.max(0.01, Math.min(...ends)); // metres from the middle of a crossing to its stop lines
  return {
    across,
    down,
    half,
    gapX,
    gapY,
    sx,
    sy,
    margin,
    long: Math.min(long(sx), long(sy)),
    longX: long(sx),
    longY: long(sy),
    wide,
    x: along(across, scene.width, sx, left, margin, half + 3 + long(sx) / 2),
    y: along(down, scene.height, sy, top, margin, half + 3 + long(sy) / 2),
  };
}

/** A piecewise straight scale: crossings where they are, roads between them squeezed to end at the stop lines as drawn. */
function along(nodes, size, scale, start, margin, box) {
  const stops = nodes.flatMap((node) => [
    [node - margin, start + node * scale - box],
    [node + margin, start + node * scale + box],
  ]);
  const points = [
    [Math.min(0, stops[0][0] - 1), start],
    ...stops,
    [Math.max(size, stops.at(-1)[0] + 1), start + size * scale],
  ];
  return (at) => {
    let i = 1;
    while (i < points.length - 1 && points[i][0] < at) i++;
    const [[a, p], [b, q]] = [points[i - 1], points[i]];
    return p + ((q - p) * (at - a)) / (b - a);
  };
}

const unique = (values) => [...new Set(values)].sort((a, b) => a - b);
const gap = (values, size) =>
  values.length > 1 ? Math.min(...values.slice(1).map((value, i) => value - values[i])) : size / 2;
export const nearest = (values, at) =>
  values.reduce((best, value) => (Math.abs(value - at) < Math.abs(best - at) ? value : best));
