// Lines of a power network: width in MW, colour in share of the limit, and arrows that drift the way power flows.

import { along, cross, lengthOf, line, middleOf } from "../shared/lines.js";
import { arrow, halo } from "./marks.js";

/** @import { Layer } from "../../page.js" */
/** @import { Now } from "./values.js" */
/** @import { Plan } from "./plan.js" */

export const FULL = 0.995; // of the limit
const NEAR = 0.8;
const DRIFT = 26; // pixels a second of arrows on a full line
const ARROW_GAP = 120, // pixels, about
  SHORTEST = 12; // pixels of a line that has room for an arrow

/** @param {Plan} layout @param {number} mw @param {number} most */
const wideOf = ({ size }, mw, most) => 1.5 + (size.wide * Math.abs(mw)) / most;

/** @param {number} share */
const hueOf = (share) => (share >= FULL ? "verm" : share >= NEAR ? "orange" : "grey");

/** @type {Layer<Plan, [now: Now]>} */
export function wires(c, layout, { shown, said, most }) {
  layout.segments.forEach((_, i) => {
    if (shown.out[i]) broken(c, layout, i);
    else wire(c, layout, i, said.share[i], wideOf(layout, shown.flow[i], most));
  });
}

/** @type {Layer<Plan, [i: number, share: number, wide: number]>} */
function wire(c, { ink, card, segments }, i, share, wide) {
  c.strokeStyle = ink[`${hueOf(share)}-line`];
  c.lineWidth = wide;
  line(c, ...segments[i]);
  if (share < FULL || card) return;
  c.strokeStyle = ink.surface;
  c.lineWidth = Math.max(1.2, 0.25 * wide);
  c.setLineDash([6, 5]);
  line(c, ...segments[i]);
  c.setLineDash([]);
}

/** @type {Layer<Plan, [i: number]>} */
function broken(c, { ink, small, segments }, i) {
  c.strokeStyle = ink["ink-3"];
  c.lineWidth = 1.4;
  c.setLineDash([5, 5]);
  line(c, ...segments[i]);
  c.setLineDash([]);
  c.strokeStyle = ink["verm-line"];
  c.lineWidth = small ? 1.8 : 2.6;
  cross(c, ...middleOf(segments[i]), small ? 4 : 7);
}

/** Arrows at their places of the moment before, which they keep by line. @param {Plan} layout @returns {Layer<Plan, [now: Now, passed: number]>} */
export function arrows(layout) {
  const drift = layout.segments.map(() => 0.5); // 0..1 of the way from one arrow's place to the next
  return (c, { ink, size, small, segments }, { shown, said, most }, passed) =>
    segments.forEach((segment, i) => {
      const flow = shown.flow[i],
        far = lengthOf(segment),
        clear = far - size.w; // between the boxes
      if (shown.out[i] || Math.abs(flow) < 0.5 || clear < SHORTEST) return;
      const count = Math.max(1, Math.round(clear / ARROW_GAP)),
        way = Math.sign(flow);
      drift[i] = (drift[i] + (passed * way * DRIFT * count * Math.min(1, 0.2 + said.share[i])) / clear + 1) % 1;
      const [x0, y0, x1, y1] = segment,
        [ux, uy] = [((x1 - x0) / far) * way, ((y1 - y0) / far) * way];
      c.fillStyle = ink[`${hueOf(said.share[i])}-line`];
      c.strokeStyle = ink.ground;
      c.lineWidth = small ? 0.9 : 1.4;
      for (let k = 0; k < count; k++) {
        const place = along(segment, (size.w / 2 + ((k + drift[i]) / count) * clear) / far);
        arrow(c, ...place, ux, uy, (small ? 3.4 : 4.6) + 0.45 * wideOf(layout, flow, most));
      }
    });
}

/** How full lines are, where they are nearly. @type {Layer<Plan, [now: Now]>} */
export function loadings(c, { ink, small, labels }, { said }) {
  said.share.forEach((share, i) => {
    const label = labels[i];
    if (!label || !(share >= (small ? FULL : NEAR))) return;
    c.font = `650 12px ${ink.font}`;
    c.textAlign = "center";
    c.fillStyle = ink[`${hueOf(share)}-text`];
    const text = share >= FULL ? "full" : `${Math.round(100 * share)} %`;
    halo(c, ink.ground, text, label[0] + label[2] / 2, label[1] + 11);
  });
}
