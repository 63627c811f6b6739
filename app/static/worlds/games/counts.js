// How many chose each action, in a game in which that is all that counts.

import { hueOf } from "../shared/actions.js";
import { write } from "../shared/text.js";

/** @import { Layer } from "../../page.js" */
/** @import { Layout } from "../games.js" */

/** @type {Layer<Layout, [actions: Uint8Array]>} */
export function counts(c, { scene, ink, card, cx, cy, room, players }, actions) {
  const k = scene.actions.length,
    wide = room * (card ? 1 : 0.9),
    step = Math.min(card ? 17 : 40, (1.2 * room) / k);
  const [left, top] = [cx - wide / 2 + (card ? 0 : 26), cy - (k * step) / 2];
  const names = card ? 0 : 66; // their width
  c.fillStyle = ink.ground; // the lines of a complete graph would run through the words
  c.fillRect(left - names, top - 6, wide + names + 6, k * step + 12);
  scene.actions.forEach((name, action) => {
    const count = actions.reduce((sum, mine) => sum + Number(mine === action), 0),
      long = (wide * count) / players,
      y = top + action * step;
    c.fillStyle = ink.surface;
    c.fillRect(left, y + 2, wide, step - 4);
    c.fillStyle = ink[`${hueOf(action)}-fill`];
    c.fillRect(left, y + 2, long, step - 4);
    if (card) return;
    write(c, ink, name, left - 8, y + step / 2 + 4, { colour: "ink", align: "right" });
    write(c, ink, String(count), left + long + 8, y + step / 2 + 4, { colour: "ink" });
  });
}
