// What is remembered: how long agents take to recover when a regime comes back, and what a memory is worth here.

import { fill, h } from "../dom.js";
import { narrow } from "../narrow.js";
import { recoveryBars } from "./recovery.js";
import { worthOf } from "./worth.js";

/** @import { Memory, World } from "../messages.js" */
/** @import { Child } from "../page.js" */

export function remember() {
  const bars = h("div", { class: "el-bars" });
  const worth = h("section", { class: "el-block el-worth", "aria-label": "Is a memory worth it?" });
  const drawBars = drawer(bars, recoveryBars),
    drawWorth = drawer(worth, worthOf); // an opened table stays open while the bars grow
  let shown = /** @type {[World, Partial<Memory>] | null} */ (null);

  /**
   * Show recovery times and what is kept, where there are regimes that come back.
   *
   * @param {World} world
   * @param {Partial<Memory>} memory
   */
  function update(world, memory) {
    shown = [world, memory];
    drawBars(world, memory.recovery ?? null);
    drawWorth(world, memory.keeping ?? null);
  }

  const resized = () => shown && update(...shown);
  narrow.addEventListener("change", resized);
  return { bars, worth, update, end: () => narrow.removeEventListener("change", resized) };
}

/**
 * Draws something in a place when it has changed, and hides the place when there is nothing.
 *
 * @template T
 * @param {HTMLElement} place
 * @param {(told: T, world: World) => Child} build
 */
function drawer(place, build) {
  let drawn = "";
  return (/** @type {World} */ world, /** @type {T | null} */ told) => {
    const key = JSON.stringify([told, narrow.matches, world.name]);
    if (key === drawn) return;
    drawn = key;
    place.hidden = !told;
    fill(place, told && build(told, world));
  };
}
