// What is drawn with the learning curve: the lines to compare with, and the names at their ends.

import { apart } from "../axes.js";
import { h, token } from "../dom.js";
import { bounds } from "./guides.js";
import { number } from "../words.js";

/** @import { Drawn } from "./chart.js" */
/** @import { Guide } from "./guides.js" */
/** @import { Plot } from "./plot.js" */
/** A name at the end of a line. @typedef {{ text: string, ink: string, at: number, strong?: boolean }} End */

const GAP = 14; // pixels between two names

/**
 * Baselines and theory, in the chart's own units.
 *
 * @param {Plot} u
 * @param {Element} box
 * @param {Guide[]} guides
 * @param {number} last
 */
export function drawLines(u, box, guides, last) {
  const c = u.ctx,
    ratio = devicePixelRatio || 1;
  c.save();
  c.beginPath();
  c.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  c.clip();
  for (const guide of guides) {
    c.strokeStyle = token(box, guide.colour);
    c.lineWidth = 1.6 * ratio;
    c.setLineDash(guide.dash.map((part) => part * ratio));
    c.beginPath();
    let end = 0;
    for (const [from, to, value] of guide.steps(last, u.bbox.width / ratio)) {
      const [left, right, y] = [u.valToPos(from, "x", true), u.valToPos(to, "x", true), u.valToPos(value, "y", true)];
      if (from > end)
        c.moveTo(left, y); // a line without a value in some regime has a gap there
      else c.lineTo(left, y);
      end = to;
      c.lineTo(right, y);
    }
    c.stroke();
  }
  c.restore();
}

/**
 * Names at the right ends, pushed apart, each in its own colour.
 *
 * @param {Plot} u
 * @param {Drawn} shown
 * @param {number} last
 */
export function names(u, { data, guides, learner }, last) {
  const ratio = devicePixelRatio || 1,
    top = u.bbox.top / ratio,
    floor = top + u.bbox.height / ratio,
    [, high] = bounds(data[1], guides);
  const ends = guides.map((guide) => {
    const value =
      guide.steps(last, u.bbox.width / ratio).at(-1)?.[2] ?? guide.values.find((each) => each !== null) ?? 0;
    return /** @type {End} */ ({
      text: value > high ? `${guide.name} ↑ ${number(value)}` : guide.name,
      ink: guide.text,
      at: u.valToPos(Math.min(value, high), "y"),
    });
  });
  const end = data[1].findLast((value) => value !== null) ?? null;
  if (end !== null) ends.push({ text: learner, ink: "--blue-text", at: u.valToPos(end, "y"), strong: true });
  apart(ends, GAP, 4, floor - top - 4);
  return ends.map(({ text, ink, at, strong }) => {
    const style = `top:${at + top}px;color:var(${ink});${strong ? "font-weight:650" : ""}`;
    return h("span", { class: "el-end", title: text, style }, text);
  });
}
