// Painter of power networks: lines by load, buses with their nodal price, loads, plants with what they ask, and what is not
// served.

import { number } from "../words.js";
import { buses, loads, names } from "./power/buses.js";
import { FULL, arrows, loadings, wires } from "./power/lines.js";
import { legend } from "./power/marks.js";
import { follower } from "./power/values.js";
import { isRegulator, plan } from "./power/plan.js";
import { plant, plates, selection, stalks } from "./power/plants.js";
import { middleOf, nearestSegment } from "./shared/lines.js";

/** @import { MakePainter, Place } from "../page.js" */
/** @import { GridFrame, GridScene } from "../scenes.js" */
/** @import { Plan } from "./power/plan.js" */

/** @type {MakePainter<"grid">} */
export function painter(scene, ink, width, height, { card = false }) {
  const layout = plan(scene, ink, width, height, card);
  const { prices, ...world } = follower(layout);
  const drift = arrows(layout);
  return {
    ground(c) {
      c.fillStyle = ink.ground;
      c.fillRect(0, 0, width, height);
    },
    moving(c, _from, frame, _part, selected, seconds) {
      const { now, passed, moving } = world.follow(frame, seconds);
      wires(c, layout, now);
      if (!card) drift(c, layout, now, passed);
      loads(c, layout, now);
      stalks(c, layout);
      if (selected >= 0) selection(c, layout, selected);
      buses(c, layout, now);
      for (const each of layout.plants) plant(c, layout, each, now);
      if (card) return false;
      loadings(c, layout, now);
      names(c, layout, now);
      plates(c, layout, now, selected);
      return moving;
    },
    hit: (x, y) => agentAt(layout, x, y),
    edge: (x, y) => lineAt(layout, x, y),
    middle: (edge) => middleOf(layout.segments[edge]),
    note(x, y) {
      const shown = world.now()?.shown;
      return shown ? note(layout, shown, x, y) : "";
    },
    at: (agent) => placeOf(layout, agent),
    describe: (frame) => describe(scene, frame),
    legend: () => [...legend(), prices.legend()],
  };
}

/** @param {Plan} layout @param {number} px @param {number} py */
function busAt({ spots, size }, px, py) {
  return spots.findIndex(([x, y]) => Math.abs(px - x) <= size.w / 2 + 2 && Math.abs(py - y) <= size.h / 2 + 2);
}

/** @param {Plan} layout @param {number} px @param {number} py */
const lineAt = (layout, px, py) =>
  busAt(layout, px, py) < 0 ? nearestSegment(layout.segments, px, py, layout.small ? 5 : 9) : -1;

/** @param {Plan} layout @param {number} px @param {number} py */
function agentAt(layout, px, py) {
  const { scene, plate, plants, size } = layout;
  if (plate) {
    const [x, y, w, h] = plate;
    if (px >= x && px < x + w && py >= y && py < y + h) return scene.agents.findIndex(isRegulator);
  }
  const near = plants.find(({ x, y }) => Math.hypot(px - x, py - y) < size.r + 4);
  const bus = busAt(layout, px, py);
  return (near ?? plants.find((each) => each.bus === bus))?.agent ?? -1;
}

/** @param {Plan} layout @param {number} agent @returns {Place} */
function placeOf({ plants, plate, width, height }, agent) {
  const own = plants.find((each) => each.agent === agent);
  if (own) return [own.x, own.y];
  return plate ? [plate[0] + 20, plate[1] + 10] : [width / 2, height / 2];
}

/** @param {Plan} layout @param {GridFrame} shown @param {number} x @param {number} y */
function note(layout, shown, x, y) {
  const { buses, lines } = layout.scene,
    bus = busAt(layout, x, y),
    i = lineAt(layout, x, y);
  if (bus >= 0) {
    const lost = shown.shed[bus] >= 0.5 ? `, ${number(shown.shed[bus])} MW not served` : "";
    return `Bus ${buses[bus].name}: $${number(shown.price[bus])}/MWh, load ${number(shown.load[bus])} MW${lost}`;
  }
  if (i < 0) return "";
  const { name, from, to } = lines[i],
    flow = shown.flow[i],
    [start, end] = (flow >= 0 ? [from, to] : [to, from]).map((each) => buses[each].name);
  const limit = Number.isFinite(shown.limit[i]) ? ` of ${number(shown.limit[i])}` : "";
  return shown.out[i]
    ? `Line ${name} is out.`
    : `Line ${name}: ${number(Math.abs(flow))}${limit} MW from ${start} to ${end}.`;
}

/** @param {GridScene} scene @param {GridFrame} frame */
function describe({ buses, lines }, frame) {
  const full = lines.filter((_, i) => !frame.out[i] && Math.abs(frame.flow[i]) >= FULL * frame.limit[i]);
  const out = lines.filter((_, i) => frame.out[i]);
  const lost = frame.shed.reduce((sum, mw) => sum + mw, 0);
  const [least, most] = [Math.min(...frame.price), Math.max(...frame.price)];
  /** @param {GridScene["lines"]} found */
  const names = (found) => found.map(({ name }) => name).join(", ");
  const told = [
    `${buses.length} buses; prices from $${number(least)} to $${number(most)}/MWh`,
    full.length && `full: line ${names(full)}`,
    out.length && `out: line ${names(out)}`,
    lost >= 0.5 && `${number(lost)} MW not served`,
  ];
  return told.filter(Boolean).join("; ");
}
