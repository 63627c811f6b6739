// Roads as wide as their flow and coloured by delay, their times beside them, and the places between them.

import { HUES, key } from "../shared/actions.js";
import { lineMark } from "../shared/legend.js";
import { line, middleOf } from "../shared/lines.js";
import { write } from "../shared/text.js";
import { CROWD, FEW } from "./layout.js";
import { delayOf, meanTime, minutes } from "./times.js";

/** @import { Layer, Marked, Place } from "../../page.js" */
/** @import { RoutesFrame, RoutesScene } from "../../scenes.js" */
/** @import { Layout } from "./layout.js" */

const NEAR = 0.15,
  SLOW = 0.8; // delay as a share of the empty time

/** @type {Layer<Layout, [frame: RoutesFrame, widest: number]>} */
export function roads(c, layout, frame, widest) {
  const trip = meanTime(frame);
  layout.segments.forEach((_, i) => {
    if (frame.closed[i]) return barred(c, layout, i);
    const delay = delayOf(frame.time[i], frame.free[i], trip);
    const colour = delay >= SLOW ? "verm-line" : delay >= NEAR ? "orange-line" : "grey-line";
    road(c, layout, i, frame.flow[i] / widest, colour);
  });
}

/** @type {Layer<Layout, [link: number, share: number, colour: string]>} */
function road(c, { ink, single, segments, thick }, link, share, colour) {
  const surface = thick * (single ? 1 : 0.9);
  c.lineCap = "round";
  for (const [kind, wide] of /** @type {const} */ ([
    ["road-edge", surface + 2],
    ["road", surface],
  ])) {
    c.strokeStyle = ink[kind];
    c.lineWidth = wide;
    line(c, ...segments[link]);
  }
  c.lineCap = "butt";
  c.strokeStyle = ink[colour];
  c.lineWidth = 1.5 + (thick - 2.5) * Math.min(1, share);
  if (share > 0) line(c, ...segments[link]);
}

/** A road that is closed. @type {Layer<Layout, [link: number]>} */
function barred(c, { ink, card, segments }, link) {
  c.strokeStyle = ink["orange-line"];
  c.lineWidth = card ? 2.5 : 3.5;
  c.setLineDash([7, 6]);
  line(c, ...segments[link]);
  c.setLineDash([]);
}

/** @type {Layer<Layout>} */
export function places(c, layout) {
  const { scene, ink, card, spots } = layout,
    small = spots.length > 6;
  if (spots.length > CROWD) return;
  spots.forEach(([x, y], i) => {
    c.beginPath();
    c.arc(x, y, card || small ? 6 : 11, 0, 7);
    c.fillStyle = ink.surface;
    c.fill();
    c.strokeStyle = ink.ink;
    c.lineWidth = card || small ? 1.4 : 2;
    c.stroke();
    if (card) return;
    if (small) write(c, ink, scene.nodes[i].name, x + 9, y - 9);
    else name(c, layout, [x, y], scene.nodes[i].name);
  });
}

/** Away from the middle of the picture. @type {Layer<Layout, [place: Place, text: string]>} */
function name(c, { ink, width, middle }, [x, y], text) {
  const align = x < width * 0.4 ? "right" : x > width * 0.6 ? "left" : "center";
  const [dx, dy] = { right: [-20, 5], left: [20, 5], center: [0, y < middle ? -20 : 30] }[align];
  write(c, ink, text, x + dx, y + dy, { colour: "ink", align, font: "650 14px" });
}

/** Beside the middle of each road how long it takes; of many roads only which are closed. @type {Layer<Layout, [frame: RoutesFrame]>} */
export function times(c, layout, frame) {
  const { ink, segments, lengths, thick, width, middle } = layout;
  segments.forEach((segment, i) => {
    const closed = frame.closed[i];
    if (!closed && segments.length > FEW) return;
    const text = closed ? "closed" : minutes(frame.time[i]);
    const [x, y] = middleOf(segment),
      [x0, y0, x1, y1] = segment,
      far = lengths[i] || 1;
    let [nx, ny] = [(y1 - y0) / far, (x0 - x1) / far]; // away from the road, and from the middle of the picture
    if (nx * (x - width / 2) + ny * (y - middle) < -1) [nx, ny] = [-nx, -ny];
    c.font = `550 13px ${ink.font}`;
    const off = thick / 2 + 8 + (Math.abs(nx) * c.measureText(text).width) / 2 + Math.abs(ny) * 8;
    const how = /** @type {const} */ ({ align: "center", font: "550 13px" });
    write(c, ink, text, x + nx * off, y + ny * off + 4, { ...how, colour: closed ? "orange-text" : "ink" });
  });
}

/** @param {RoutesScene} scene @param {boolean} single @returns {Marked[]} */
export function legend({ pairs }, single) {
  const closed = /** @type {Marked[]} */ ([[lineMark(20, "orange-line", 2.5, "4 3"), "closed"]]);
  return [
    [lineMark(20, "grey-line", 4), `delay < ${NEAR * 100} %`],
    [lineMark(20, "orange-line", 5), `< ${SLOW * 100} %`],
    [lineMark(20, "verm-line", 6), "more"],
    ...(single ? closed : pairs.slice(0, HUES.length).map((ends, k) => pairMark(k, ends))),
  ];
}

/** @param {number} k @param {string[]} ends @returns {Marked} */
const pairMark = (k, ends) => [key(k), ends.join("–"), true];
