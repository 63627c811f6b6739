// What is drawn of a power network at a moment. Hours pass faster than numbers can be read, so values follow the newest hour
// within a quarter of a second, and words change four times a second at most; once the world holds, they are of its last hour.

import { number } from "../../words.js";
import { priceScale } from "./prices.js";

/** @import { FrameOf, GridScene } from "../../scenes.js" */
/** @import { Plan } from "./plan.js" */
/** @typedef {FrameOf<"grid">} Frame */
/** @typedef {ReturnType<typeof wordsOf>} Words */
/** `shown`: eased values; `said`: words of them; `most`: MW of the widest line so far. @typedef {{ shown: Frame, said: Words, most: number }} Now */

const EASE_S = 0.25,
  READ_S = 0.25;
const ARRIVED = 2e-3; // share of a value, or of one where it is small
const EASED = /** @type {const} */ (["price", "flow", "load", "shed", "choice", "stored", "cap"]);

/** Follows the frames of a world. @param {Plan} layout */
export function follower(layout) {
  const prices = priceScale();
  let now = /** @type {Now | null} */ (null),
    before = 0, // seconds
    read = 0; // when the words changed

  return {
    prices,
    now: () => now,
    /** What there is to draw now, the seconds that have passed, and whether values are still on their way. @param {Frame} frame @param {number | null} seconds null: nothing moves */
    follow(frame, seconds) {
      const passed = seconds === null ? Infinity : seconds - before;
      const { shown, moving } = eased(now?.shown ?? frame, frame, passed > 1 ? 1 : 1 - Math.exp(-passed / EASE_S));
      before = seconds ?? 0;
      let said = now?.said;
      if (!said || !moving || before - read > READ_S) [said, read] = [wordsOf(layout, shown, prices, before), before];
      now = { shown, said, most: Math.max(now?.most ?? 1, ...shown.flow.map(Math.abs)) };
      return { now, passed: seconds === null ? 0 : Math.min(passed, 0.1), moving };
    },
  };
}

/** Values part of the way from one frame to another; all but the eased ones are those of the other. @param {Frame} from @param {Frame} to @param {number} part */
export function eased(from, to, part) {
  const shown = { ...to };
  let moving = false;
  for (const name of EASED)
    shown[name] = to[name].map((value, i) => {
      const far = value - from[name][i];
      if (!(Math.abs(far) * (1 - part) > ARRIVED * Math.max(1, Math.abs(value)))) return value; // a value that is none too
      moving = true;
      return from[name][i] + part * far;
    });
  return { shown, moving };
}

/** @param {Plan} layout @param {Frame} shown @param {ReturnType<typeof priceScale>} prices @param {number} seconds */
function wordsOf({ scene, size, small }, shown, prices, seconds) {
  const cleared = shown.tick !== 0; // before that there are no prices
  if (cleared) prices.see(shown.price, seconds);
  /** @param {number} value */
  const priceText = (value) => value.toFixed(small || Math.abs(value) >= 1000 ? 0 : size.digits).replace("-", "−");
  return {
    price: Array.from(shown.price, (value) => (cleared ? priceText(value) : "–")),
    level: Array.from(shown.price, prices.level),
    share: Array.from(shown.flow, (flow, i) => (shown.out[i] ? 0 : Math.abs(flow) / shown.limit[i])),
    agent: scene.agents.map((_, i) => offer(scene, shown, i)),
    shed: Array.from(shown.shed, (mw) => (mw >= 0.5 ? `−${number(mw)} MW` : "")),
  };
}

/** What an agent asks, caps or has stored. @param {GridScene} scene @param {Frame} shown @param {number} i */
function offer({ agents, strategy }, shown, i) {
  if (agents[i].kind === "storage") return `${Math.round(100 * shown.stored[0])} %`;
  if (agents[i].kind === "regulator") return `cap $${Math.round(shown.cap[0])}`;
  const value = Math.round(shown.choice[i]);
  return strategy === "price" ? `$${value}` : `${strategy === "markup" ? "+" : "−"}${value} %`;
}
