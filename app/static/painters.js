// Which painter draws which kind of world.

import { crossing } from "./crossing.js";
import { games } from "./games.js";
import { grid } from "./grid.js";
import { market } from "./market.js";
import { oligopoly } from "./oligopoly.js";
import { isPlan, roads } from "./roads.js";
import { routes } from "./routes.js";
import { traffic } from "./traffic.js";

/** @import { MakePainter } from "./page.js" */
/** @import { Kind } from "./scenes.js" */

/** @type {{ [K in Kind]: MakePainter<K> }} */
export const PAINTERS = {
  crossing,
  games,
  grid,
  market,
  oligopoly,
  routes,
  traffic: (scene, ...rest) => (isPlan(scene) ? traffic : roads)(scene, ...rest),
};
