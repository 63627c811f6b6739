// Looking back: a hand on a time axis shows the moment under it. Asked for at most so often, the last place always.
// The axis is the drawing that fills the place.

import { inside } from "../dom.js";

const EVERY_MS = 60;

/**
 * `tickAt` gives the tick under a place of the axis, or null; `look` is called with it while the hand holds on.
 *
 * @param {HTMLElement} place
 * @param {(offset: number) => number | null} tickAt
 * @param {(tick: number) => void} look
 */
export function timeTravel(place, tickAt, look) {
  let held = false,
    wanted = /** @type {number | null} */ (null),
    timer = 0;
  function ask() {
    timer = 0;
    if (wanted === null) return;
    look(wanted);
    wanted = null;
    timer = setTimeout(ask, EVERY_MS);
  }
  /** @param {PointerEvent} event */
  function at(event) {
    const tick = tickAt(event.clientX - (place.querySelector("svg")?.getBoundingClientRect().left ?? 0));
    if (tick === null) return;
    wanted = Math.max(0, Math.round(tick));
    if (!timer) ask();
  }
  place.addEventListener("pointerdown", (event) => {
    if (event.button || inside(event).closest("button, a")) return;
    held = true;
    place.setPointerCapture(event.pointerId);
    at(event);
  });
  place.addEventListener("pointermove", (event) => held && at(event));
  for (const end of ["pointerup", "pointercancel"]) place.addEventListener(end, () => (held = false));
}
