// Painter of road networks: a schematic plan where every road runs level or upright, else a map.

import { map } from "./network/map.js";
import { schematic } from "./network/schematic.js";

/** @import { MakePainter } from "../page.js" */
/** @import { TrafficScene } from "../scenes.js" */

/** @type {MakePainter<"traffic">} */
export const painter = (scene, ...rest) => (isPlan(scene) ? schematic : map)(scene, ...rest);

/** @param {Pick<TrafficScene, "roads" | "shapes">} scene */
const isPlan = ({ roads, shapes }) =>
  !shapes.length && roads.every(([x0, y0, x1, y1]) => Math.min(Math.abs(x1 - x0), Math.abs(y1 - y0)) < 1);
