// What keys mean over a world.

/** @import { Acts } from "./acts.js" */
/** @import { Key } from "../page.js" */
/** @import { State } from "./state.js" */

const CLOSER = 1.5; // times by a press
const BACK = 0.01; // share of a run's length by which an arrow key looks back

/**
 * Hears keys, and says whether they meant something.
 *
 * @param {State} state
 * @param {Acts} act
 * @param {HTMLElement} place
 * @param {{ enlarge(factor: number): void, whole(): void }} picture
 */
export function keys(state, act, place, picture) {
  /** Look back by an arrow key: a hundredth of the run, with Shift one tick. @param {Key} event */
  function arrow({ key, shiftKey }) {
    const { frame, past } = state;
    if (document.activeElement?.matches("input") || !frame) return false;
    const by = shiftKey ? 1 : Math.max(1, Math.round(BACK * frame.live));
    const tick = frame.tick + (key === "ArrowLeft" ? -by : by);
    act.look(tick >= frame.live ? null : Math.max(past?.first ?? 0, tick));
    return true;
  }

  /** Go to the next agent by Tab; after the last agent, or Escape, it goes on to the controls. @param {Key} event */
  function tab({ shiftKey }) {
    const onPicture = document.activeElement === document.body || document.activeElement?.tagName === "CANVAS";
    const last = state.world && state.agent === state.world.agents.length - 1;
    if (!onPicture || state.leaving || shiftKey || last) return false;
    place.querySelector("canvas")?.focus({ preventScroll: true });
    act.next();
    return true;
  }

  /** @type {Record<string, (event: Key) => boolean | void>} */
  const means = {
    Tab: tab,
    " ": act.playOrPause,
    ArrowLeft: arrow,
    ArrowRight: arrow,
    f: () => (state.pair ? false : act.fork()),
    ".": act.step,
    r: () => (state.pair ? false : act.reset()),
    c: act.openChange,
    "+": () => picture.enlarge(CLOSER),
    "=": () => picture.enlarge(CLOSER), // the same key without Shift
    "-": () => picture.enlarge(1 / CLOSER),
    0: () => picture.whole(),
    p: () => void place.classList.toggle("el-drawer"),
  };

  return (/** @type {Key} */ event) => {
    const free = document.activeElement === document.body || place.contains(document.activeElement);
    if (!free || !state.status || !Object.hasOwn(means, event.key)) return false;
    return means[event.key](event) ?? true;
  };
}
