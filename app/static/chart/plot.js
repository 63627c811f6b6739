// The frame of the learning curve: axes, scales and the curve itself, by uPlot. It comes from the local asset store through
// the server; it is not part of this repository.

import { fill, h, token } from "../dom.js";
import { large } from "../words.js";

/**
 * A plot of uPlot, as far as it is used.
 *
 * @typedef {object} Plot
 * @property {CanvasRenderingContext2D} ctx
 * @property {{ left: number, top: number, width: number, height: number }} bbox in pixels of the canvas
 * @property {(value: number, scale: "x" | "y", ofCanvas?: boolean) => number} valToPos
 * @property {(data: any) => void} setData
 * @property {(size: { width: number, height: number }) => void} setSize
 * @property {(paths: boolean, axes: boolean) => void} redraw
 * @property {() => void} destroy
 */
/**
 * What the axes ask, and what draws with the curve.
 *
 * @typedef {object} Asks
 * @property {() => number} last tick at the right end
 * @property {() => [number, number]} bounds
 * @property {() => { tick: number, label: string }[]} marks
 * @property {(u: Plot) => void} below draws below the curve
 * @property {(u: Plot) => void} above draws above it
 */

const UPLOT = "uplot@1.6.32";
const RIGHT = 96; // room for the names of lines at their ends

let loading = /** @type {Promise<any> | undefined} */ (undefined);
function uplot() {
  const base = new URL(`${window.solara?.cdn ?? ""}/${UPLOT}/dist/`, location.href).href;
  loading ??= import(`${base}uPlot.esm.js`).then((module) => {
    document.head.append(h("link", { rel: "stylesheet", href: `${base}uPlot.min.css` }));
    return module.default;
  });
  return loading;
}

/**
 * A plot that appears when uPlot has been loaded, or a sentence why it does not.
 *
 * @param {HTMLElement} box
 * @param {HTMLElement} place
 * @param {HTMLElement} note
 * @param {Asks} asks
 */
export function plotOf(box, place, note, asks) {
  let plot = /** @type {Plot | null} */ (null),
    data = /** @type {[number[], (number | null)[]]} */ ([[], []]),
    alive = true;
  const size = () => ({ width: box.clientWidth || 360, height: box.clientHeight || 214 });

  async function start() {
    try {
      const Made = await uplot();
      if (alive) plot = new Made({ ...size(), ...optionsOf(box, asks, () => data[0].length < 3) }, data, place);
    } catch {
      const text = `The chart needs ${UPLOT}, which is not in the asset store. Run "make install" and load the page again.`;
      fill(note, h("p", { role: "alert", class: "el-words el-mute" }, text));
    }
  }

  const resized = new ResizeObserver(() => plot?.setSize(size()));
  resized.observe(box);
  start();
  return {
    /** @param {[number[], (number | null)[]]} points */
    show(points) {
      data = points;
      plot?.setData(data);
    },
    redraw: () => plot?.redraw(false, true),
    end() {
      alive = false;
      resized.disconnect();
      plot?.destroy();
    },
  };
}

/** @param {HTMLElement} box @param {Asks} asks @param {() => boolean} few whether points need marks of their own */
function optionsOf(box, asks, few) {
  const axis = {
    stroke: () => token(box, "--ink-2"),
    font: `12px ${token(box, "--font")}`,
    ticks: { show: false },
    border: { show: false },
  };
  const ofTime = {
    ...axis,
    size: 26,
    gap: 8,
    grid: { show: false },
    splits: () => asks.marks().map((mark) => mark.tick),
    values: () => asks.marks().map((mark) => mark.label),
  };
  const ofValues = {
    ...axis,
    size: 38,
    gap: 6,
    space: 38,
    grid: { stroke: () => token(box, "--grid"), width: 1 },
    values: (/** @type {Plot} */ _plot, /** @type {number[]} */ splits) => splits.map(large),
  };
  const curve = {
    stroke: () => token(box, "--blue-line"),
    width: 2.25,
    points: { show: few, size: 6 },
    spanGaps: true,
  };
  return {
    legend: { show: false },
    cursor: { show: false },
    padding: [12, RIGHT, 0, 0],
    scales: { x: { time: false, range: () => [0, asks.last()] }, y: { range: asks.bounds } },
    axes: [ofTime, ofValues],
    series: [{}, curve],
    hooks: { drawAxes: [asks.below], draw: [asks.above] },
  };
}
