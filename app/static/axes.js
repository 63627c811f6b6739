// Round numbers for axes, and names beside them that must not lie on each other.

/** The next of 1, 2 and 5 times a power of ten. @param {number} value above 0 */
export function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5].map((factor) => factor * power).find((round) => round >= value * (1 - 1e-9)) ?? 10 * power;
}

/** Four or so round values of an axis. @param {number} low @param {number} high */
export function ticksOf(low, high) {
  const step = roundUp((high - low) / 4);
  const found = /** @type {number[]} */ ([]);
  for (let value = Math.ceil(low / step) * step; value <= high; value += step)
    found.push(Math.round(value / step) * step);
  return found;
}

/**
 * Push names apart so that they are `gap` pixels from each other, between two edges; sorts and changes the list.
 *
 * @param {{ at: number }[]} ends
 * @param {number} gap
 * @param {number} top
 * @param {number} bottom
 */
export function apart(ends, gap, top, bottom) {
  ends.sort((a, b) => a.at - b.at);
  ends.forEach((end, i) => (end.at = Math.max(end.at, i ? ends[i - 1].at + gap : top)));
  [...ends].reverse().forEach((end, i, all) => (end.at = Math.min(end.at, i ? all[i - 1].at - gap : bottom)));
}
