// The colours of prices: five shades of one hue between round numbers that follow what has been seen of late.

import { h } from "../../dom.js";

const SHADES = 5,
  FORGET_S = 6; // how long a price that is gone keeps its place on the scale

const short = (value) => (Math.abs(value) >= 1000 ? `${value / 1000} k` : String(value)).replace("-", "−");

export function priceScale() {
  const swatches = Array.from({ length: SHADES }, (_, level) =>
    h("span", { class: "el-swatch", style: `background:var(--p${level});color:var(--p${level}-ink)` }),
  );
  let low = 0,
    step = 0,
    range = null,
    before = 0;

  /** Round numbers that hold the range; kept as long as they hold it and it fills a good part of them. */
  function rescale([least, most]) {
    if (step && least >= low && most <= low + SHADES * step && (most - least > 0.3 * SHADES * step || step <= 0.5))
      return;
    const rough = Math.max((most - least) / (SHADES - 1), 0.02 * Math.abs(most), 0.1);
    const power = 10 ** Math.floor(Math.log10(rough));
    step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
    low = Math.floor(least / step) * step;
    swatches.forEach((swatch, level) => {
      swatch.textContent = short(Number((low + level * step).toFixed(2)));
    });
  }

  return {
    /** Take note of prices at a time in seconds. */
    see(prices, seconds) {
      const [least, most] = [Math.min(...prices), Math.max(...prices)];
      const part = 1 - Math.exp(-Math.max(0, seconds - before) / FORGET_S);
      range = range
        ? [Math.min(least, range[0] + part * (least - range[0])), Math.max(most, range[1] + part * (most - range[1]))]
        : [least, most];
      before = seconds;
      rescale(range);
    },
    level: (price) => (step ? Math.max(0, Math.min(SHADES - 1, Math.floor((price - low) / step + 1e-6))) : 0),
    legend: () => [h("span", { class: "el-scale" }, "$/MWh", h("span", { class: "el-swatches" }, swatches)), ""],
  };
}
