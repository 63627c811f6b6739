// Buses of a power network with their nodal price, loads, and what is not served.

import { write } from "../shared/text.js";
import { halo, triangle } from "./marks.js";

/** @import { Layer } from "../../page.js" */
/** @import { Now } from "./values.js" */
/** @import { Plan } from "./plan.js" */

/** @type {Layer<Plan, [now: Now]>} */
export function loads(c, { ink, loads }, { said }) {
  loads.forEach((load, bus) => {
    if (!load) return;
    c.strokeStyle = c.fillStyle = ink[said.shed[bus] ? "verm-fill" : "ink-2"];
    c.lineWidth = 1.4;
    triangle(c, load);
    c.strokeStyle = ink.ink;
    if (said.shed[bus]) c.stroke();
  });
}

/** @type {Layer<Plan, [now: Now]>} */
export function buses(c, layout, { said }) {
  const { ink, card, size, spots } = layout;
  spots.forEach(([x, y], bus) => {
    const level = said.level[bus];
    box(c, layout, bus, level, said.shed[bus] !== "");
    const how = /** @type {const} */ ({ align: "center", font: `650 ${size.font}px` });
    if (!card) write(c, ink, said.price[bus], x, y + size.font * 0.36, { ...how, colour: `p${level}-ink` });
  });
}

/** @type {Layer<Plan, [bus: number, level: number, shed: boolean]>} */
function box(c, { ink, card, small, size: { w, h }, spots }, bus, level, shed) {
  const [x, y] = spots[bus];
  c.beginPath();
  c.roundRect(x - w / 2, y - h / 2, w, h, h * 0.16);
  c.fillStyle = ink[`p${level}`];
  c.fill();
  c.strokeStyle = ink[shed ? "verm-line" : "edge"];
  c.lineWidth = shed ? (small ? 2 : 3) : card ? 0.8 : 1.2;
  c.stroke();
}

/** Names of buses, and what each does not get. @type {Layer<Plan, [now: Now]>} */
export function names(c, { scene, ink, size, spots, loads, names }, { said }) {
  c.textAlign = "center";
  spots.forEach(([x, y], bus) => {
    const name = names[bus],
      load = loads[bus];
    if (name) {
      c.font = `12px ${ink.font}`;
      c.fillStyle = ink["ink-2"];
      halo(c, ink.ground, scene.buses[bus].name, name[0] + name[2] / 2, name[1] + 11);
    }
    if (!said.shed[bus]) return;
    c.font = `650 12px ${ink.font}`;
    c.fillStyle = ink["verm-text"];
    halo(c, ink.ground, said.shed[bus], load?.x ?? x, (load ? load.y + 1.5 * load.half : y + size.h / 2) + 13);
  });
}
