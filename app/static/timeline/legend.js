// What the colours and marks of the timeline mean: those that are in sight.

import { h, s } from "../dom.js";
import { diamond, fillOf } from "./lane.js";
import { swatch, wedge } from "./lanes.js";
import { letter } from "../regimes.js";
import { number } from "../words.js";

/** @import { Past, Regime, World } from "../messages.js" */
/** @import { Stretch } from "./lane.js" */
/**
 * What is drawn on the timeline.
 *
 * @typedef {object} Drawn
 * @property {Stretch[]} recalled
 * @property {{ right: boolean }[]} marks
 * @property {boolean} changed whether people changed something
 * @property {Past | null} past
 * @property {(tick: number) => number} x
 */

const LEAST_PX = 3; // of what can be seen

/** @param {World} world @param {Drawn} drawn */
export function timeLegend(world, { recalled, marks, changed, past, x }) {
  /** @param {(part: Stretch) => boolean | undefined} is */
  const seen = (is) => recalled.some((part) => is(part) && x(part.to) - x(part.from) > LEAST_PX);
  const kinds = /** @type {Regime[]} */ ([...new Map(world.regimes.map((regime) => [regime.kind, regime])).values()]);
  return [
    kinds.map((regime) => h("span", null, swatch(fillOf(regime.kind)), `${letter(regime.kind)} ${regime.name}`)),
    !kinds.length && h("span", null, "One regime: this world does not change until you change it."),
    seen(({ several }) => several) && h("span", null, swatch(fillOf(null)), "fits several"),
    seen(({ searching }) => searching) && h("span", null, swatch("fill:var(--hair)"), "searching"),
    [true, false].map((right) => marks.some((mark) => mark.right === right) && alarm(right)),
    changed && h("span", null, s("svg", { width: 11, height: 10 }, wedge(0.5, 0.5)), "you change"),
    past && kept(past),
  ];
}

/** @param {boolean} right */
const alarm = (right) =>
  h(
    "span",
    null,
    s("svg", { width: 13, height: 15 }, diamond(6.5, 7.5, right)),
    right ? "agents notice" : "false alarm",
  );

/** How much of the past is kept, and how much can be. @param {Past} past */
const kept = ({ moments, bytes, most_bytes }) =>
  h(
    "span",
    { class: "el-faint el-kept-past", title: "Drag on the timeline, or press ←, to look back" },
    `${moments} moments kept, ${number(bytes / 1e6)} of at most ${number(most_bytes / 1e6)} MB`,
  );
