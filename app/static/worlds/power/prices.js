// The colours of prices: five shades of one hue between round numbers that follow what has been seen of late.

import { h } from "../../dom.js";

/** @import { Marked } from "../../page.js" */
/** Shades begin at `low`; `step`: 0 before any price is known. @typedef {{ low: number, step: number }} Scale */

export const SHADES = 5;
const FORGET_S = 6; // how long a price that is gone keeps its place on the scale

/** @param {number} value */
const short = (value) => (Math.abs(value) >= 1000 ? `${value / 1000} k` : String(value)).replace("-", "−");

export function priceScale() {
  const swatches = Array.from({ length: SHADES }, (_, level) =>
    h("span", { class: "el-swatch", style: `background:var(--p${level});color:var(--p${level}-ink)` }),
  );
  let scale = /** @type {Scale} */ ({ low: 0, step: 0 }),
    range = /** @type {[least: number, most: number] | null} */ (null),
    before = 0; // seconds

  return {
    /** Take note of prices at a time in seconds. @param {Float32Array} prices @param {number} seconds */
    see(prices, seconds) {
      const [least, most] = [Math.min(...prices), Math.max(...prices)];
      const part = 1 - Math.exp(-Math.max(0, seconds - before) / FORGET_S);
      range = range
        ? [Math.min(least, range[0] + part * (least - range[0])), Math.max(most, range[1] + part * (most - range[1]))]
        : [least, most];
      before = seconds;
      const next = rescaled(scale, ...range);
      if (next === scale) return;
      scale = next;
      swatches.forEach((swatch, level) => {
        swatch.textContent = short(Number((next.low + level * next.step).toFixed(2)));
      });
    },
    /** The shade of a price. @param {number} price */
    level: (price) => levelOf(scale, price),
    /** @returns {Marked} */
    legend: () => [h("span", { class: "el-scale" }, "$/MWh", h("span", { class: "el-swatches" }, swatches)), ""],
  };
}

/** @param {Scale} scale @param {number} price */
export const levelOf = ({ low, step }, price) =>
  step ? Math.max(0, Math.min(SHADES - 1, Math.floor((price - low) / step + 1e-6))) : 0;

/** Round numbers that hold a range; kept as long as they hold it and it fills a good part of them. @param {Scale} scale @param {number} least @param {number} most @returns {Scale} */
export function rescaled(scale, least, most) {
  const { low, step } = scale,
    span = SHADES * step;
  if (step && least >= low && most <= low + span && (most - least > 0.3 * span || step <= 0.5)) return scale;
  const rough = Math.max((most - least) / (SHADES - 1), 0.02 * Math.abs(most), 0.1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 5].map((factor) => factor * power).find((each) => each >= rough) ?? 10 * power;
  return { low: Math.floor(least / round) * round, step: round };
}
