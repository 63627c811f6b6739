// Prices as a market's picture needs them.

/** To a tenth below 100, else whole. @param {number} price */
export function shown(price) {
  const tenths = Math.abs(price) < 100 ? 10 : 1,
    rounded = Math.round(price * tenths) / tenths || 0; // no minus before a zero
  return rounded.toLocaleString("en").replace("-", "−");
}

/** Least and largest, with some air. @param {number[]} values @returns {[low: number, high: number]} */
export function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = Math.max((high - low) * 0.06, 1);
  return [low - air, high + air];
}
