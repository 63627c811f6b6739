// What firms chose since the picture was opened: a path of a few hundred points, however long that is.

/** @typedef {{ tick: number, values: number[] }} Point */

const POINTS = 360, // beyond it every second one is forgotten
  CALM = 0.12; // weight of a new frame while many periods pass between two

/** Takes in the levels that firms chose and gives the path so far; a mean of late where more happens than can be seen. @param {number[][]} levels by firm */
export function pathOf(levels) {
  let path = /** @type {Point[]} */ ([]),
    every = 1, // frames that share a point
    seen = 0;

  return (/** @type {number} */ tick, /** @type {ArrayLike<number>} */ actions) => {
    const values = Array.from(actions, (action, firm) => levels[firm][action]);
    const last = path.at(-1);
    if (!last || tick < last.tick) {
      [path, every, seen] = [[{ tick, values }], 1, 0];
      return path;
    }
    if (tick === last.tick) return path;
    const weight = tick - last.tick > 2 ? CALM : 1;
    const next = { tick, values: values.map((value, i) => last.values[i] + weight * (value - last.values[i])) };
    if (seen++ % every && path.length > 1) path.pop(); // the newest point moves until its time has come
    path.push(next);
    if (path.length > POINTS) {
      path = path.filter((_, i) => i % 2 === 0 || i === path.length - 1);
      every *= 2;
    }
    return path;
  };
}
