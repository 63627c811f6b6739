// What painters of road networks share: vehicles across frames, lines, and the key of the marks.

import { s } from "./dom.js";

/** Slot of each vehicle of a frame, plus one; kept with the frame. */
export function index(frame) {
  if (!frame.slots) {
    frame.slots = new Uint16Array(65536);
    frame.id.forEach((id, i) => {
      frame.slots[id] = i + 1;
    });
  }
  return frame.slots;
}

export function line(c, x0, y0, x1, y1) {
  c.beginPath();
  c.moveTo(x0, y0);
  c.lineTo(x1, y1);
  c.stroke();
}

export const middleOf = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];

/** Number of the segment [x0, y0, x1, y1] that passes nearest to a place, -1 where none does within reach. */
export function nearestSegment(segments, px, py, reach) {
  let best = -1;
  segments.forEach(([x0, y0, x1, y1], i) => {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const part = Math.max(0, Math.min(1, ((px - x0) * dx + (py - y0) * dy) / (dx * dx + dy * dy || 1)));
    const far = Math.hypot(px - x0 - part * dx, py - y0 - part * dy);
    if (far < reach) [best, reach] = [i, far];
  });
  return best;
}

/** Marks and what they mean; those that are marked are left out of a narrow window. */
export function legend() {
  const mark = (width, ...inside) => s("svg", { width, height: 12 }, ...inside);
  const arrow = "M1 6H17M4.2 2.6 1 6l3.2 3.4M13.8 2.6 17 6l-3.2 3.4";
  return [
    [mark(14, s("path", { d: "M1 3h7l5 3-5 3H1z", style: "fill:var(--blue-fill)" })), "moving"],
    [
      mark(
        14,
        s("rect", {
          x: 1,
          y: 3,
          width: 12,
          height: 6,
          style: "fill:var(--orange-fill);stroke:var(--ink)",
          "stroke-width": 0.8,
        }),
      ),
      "waiting",
    ],
    [
      mark(
        14,
        s("rect", {
          x: 1,
          y: 2.5,
          width: 12,
          height: 7,
          style: "fill:var(--verm-fill);stroke:var(--ink)",
          "stroke-width": 1.6,
        }),
      ),
      "over 30 s",
    ],
    [mark(18, s("path", { d: "M1 6H17", style: "stroke:var(--verm-line)", "stroke-width": 4 })), "queue, vehicles"],
    [
      mark(18, s("path", { d: arrow, style: "stroke:var(--green-line);fill:none", "stroke-width": 2 })),
      "green direction",
    ],
    [
      mark(
        18,
        s("path", {
          d: "M1 6H17",
          style: "stroke:var(--orange-line);fill:none",
          "stroke-width": 2.4,
          "stroke-dasharray": "4 2.5",
        }),
      ),
      "changing",
      true,
    ],
  ];
}
