// Plants and storage of a power network with what they ask, and the plate of the regulator, who has no bus.

import { line, ring } from "../shared/lines.js";
import { PLATE_HIGH } from "./candidates.js";
import { battery, pair, wave } from "./marks.js";
import { isRegulator } from "./plan.js";

/** @import { Layer } from "../../page.js" */
/** @import { Now } from "./values.js" */
/** @import { Plan, Plant } from "./plan.js" */

const PLATE_WIDE = 120; // of one beside a plant, at most

/** From plants to their buses. @type {Layer<Plan>} */
export function stalks(c, { ink, card, spots, plants }) {
  c.strokeStyle = ink["ink-2"];
  c.lineWidth = card ? 1 : 1.4;
  for (const { x, y, bus } of plants) line(c, x, y, ...spots[bus]);
}

/** Shows whose plants, and which buses, are selected. @type {Layer<Plan, [agent: number]>} */
export function selection(c, { ink, size: { w, h, r }, spots, plants }, agent) {
  for (const { x, y, bus } of plants.filter((plant) => plant.agent === agent)) {
    const [left, top] = [spots[bus][0] - w / 2, spots[bus][1] - h / 2];
    c.strokeStyle = ink.accent;
    c.lineWidth = 2.6;
    c.beginPath();
    c.roundRect(left - 5, top - 5, w + 10, h + 10, 7);
    c.stroke();
    ring(c, ink, [x, y], r + 4);
  }
}

/** @type {Layer<Plan, [plant: Plant, now: Now]>} */
export function plant(c, layout, each, { shown, said }) {
  const { scene, ink, card, small, size } = layout,
    { agent, first, x, y } = each,
    storage = scene.agents[agent].kind === "storage",
    r = size.r * (first ? 1 : 0.75);
  c.beginPath();
  if (storage) c.roundRect(x - r, y - 0.68 * r, 2 * r, 1.36 * r, 2);
  else c.arc(x, y, r, 0, 7);
  c.fillStyle = ink.surface;
  c.fill();
  c.strokeStyle = ink.ink;
  c.lineWidth = card ? 0.9 : 1.6;
  c.stroke();
  c.lineWidth = small ? 1 : 1.5;
  if (storage) battery(c, ink, x, y, r, shown.stored[0]);
  else if (!card) wave(c, x, y, r * 0.5);
  name(c, layout, each, r, said.agent[agent]);
}

/** @type {Layer<Plan, [plant: Plant, r: number, offer: string]>} */
function name(c, { scene, ink }, { agent, x, label }, r, offer) {
  if (!label) return;
  const [left, top, wide] = label,
    middle = left + wide / 2;
  const align = Math.abs(middle - x) < r ? 0.5 : middle < x ? 1 : 0; // towards the plant
  pair(c, ink, ink.ground, [scene.agents[agent].name, ` ${offer}`], left + align * wide, top + 12, align);
}

/** Plates of regulators, and of the selected agent where there is no room for its name. @type {Layer<Plan, [now: Now, selected: number]>} */
export function plates(c, layout, { said }, selected) {
  const { scene, width, size, plants } = layout;
  scene.agents.forEach((agent, i) => {
    if (layout.plate && isRegulator(agent))
      plate(c, layout, i, said.agent[i], i === selected, layout.plate[0], layout.plate[1]);
  });
  const chosen = plants.find(({ agent }) => agent === selected);
  if (!chosen || chosen.label) return;
  const left = Math.min(chosen.x + size.r + 8, width - PLATE_WIDE);
  plate(c, layout, selected, said.agent[selected], true, left, chosen.y - PLATE_HIGH / 2);
}

/** @type {Layer<Plan, [agent: number, offer: string, chosen: boolean, x: number, y: number]>} */
function plate(c, { scene, ink }, agent, offer, chosen, x, y) {
  const texts = /** @type {[string, string]} */ ([scene.agents[agent].name, ` ${offer}`]);
  c.font = `650 12px ${ink.font}`;
  c.beginPath();
  c.roundRect(x, y, c.measureText(texts.join("")).width + 16, PLATE_HIGH, 5);
  c.fillStyle = ink.surface;
  c.fill();
  c.strokeStyle = ink[chosen ? "accent" : "ink"];
  c.lineWidth = chosen ? 2.6 : 1.4;
  c.stroke();
  pair(c, ink, ink.surface, texts, x + 8, y + 19, 0);
}
