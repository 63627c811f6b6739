// The Memory lane: which table the agents play, in the colour and letter of the regime it fits. Below the World lane, the
// gap between a new regime and the same colour is how long the agents take to notice and to find their way back.

import { s } from "../dom.js";
import { letter, paint } from "../regimes.js";

/** @import { Lane, World } from "../messages.js" */
/**
 * A piece of the lane as it is drawn.
 *
 * @typedef {object} Stretch
 * @property {number} from
 * @property {number} to
 * @property {boolean} searching
 * @property {string} style
 * @property {string} name of the table, by the regime it fits
 * @property {string} said
 * @property {boolean} [several] whether it fits several
 */

const SEARCHING = -1; // in place of a context, as app/memory/lane.py says
const NEUTRAL = "fill:var(--surface-2);stroke:var(--edge)",
  SEARCH = "fill:var(--hair)";
const LEAST_PX = 9; // between two marks

/**
 * Letters of the regimes that a context fits, "A/B"; its number where a world has none.
 *
 * @param {number[]} kinds
 * @param {number} context
 */
const lettersOf = (kinds, context) => kinds.map(letter).join("/") || String(context + 1);

/** A count as a subscript. @param {number} count */
const below = (count) => [...String(count)].map((digit) => String.fromCharCode(0x2080 + Number(digit))).join("");

/**
 * The contexts that are known; "A₂" is the second table that fits regime A, and a kind is null where several fit.
 *
 * @param {Lane} lane
 */
export function known(lane) {
  const times = /** @type {Record<string, number>} */ ({});
  return lane.known.map((context) => {
    const kinds = lane.fits[context],
      letters = lettersOf(kinds, context);
    times[letters] = (times[letters] ?? 0) + 1;
    return {
      context,
      kind: kinds.length === 1 ? kinds[0] : null,
      name: letters + (times[letters] > 1 ? below(times[letters]) : ""),
    };
  });
}

/** The context in use, undefined during a search. @param {Lane} lane */
export const active = (lane) => known(lane).find(({ context }) => context === lane.stretches.at(-1)?.[1]);

/** How a context, or a regime, is filled. @param {number | null} kind */
export const fillOf = (kind) => (kind === null ? NEUTRAL : `fill:${paint(kind)};stroke:var(--surface)`);

/**
 * Stretches of the lane between two ticks.
 *
 * @param {Lane} lane
 * @param {number} from
 * @param {number} to
 * @param {World} world
 */
export function stretches(lane, from, to, world) {
  const names = new Map(known(lane).map((each) => [each.context, each]));
  const found = /** @type {Stretch[]} */ ([]);
  lane.stretches.forEach(([start, context], i) => {
    const end = Math.min(lane.stretches[i + 1]?.[0] ?? to, to);
    if (end <= from || start >= to) return;
    const span = { from: Math.max(start, from), to: end, searching: context === SEARCHING };
    if (span.searching) found.push({ ...span, style: SEARCH, name: "", said: "searching for the table" });
    else if (context >= 0) {
      const kinds = lane.fits[context] ?? [];
      const kind = kinds.length === 1 ? kinds[0] : null;
      const name = names.get(context)?.name ?? lettersOf(kinds, context);
      found.push({ ...span, style: fillOf(kind), name, said: saying(kinds, world), several: kinds.length > 1 });
    }
  });
  return found;
}

/** What a table fits, in words. @param {number[]} kinds @param {World} world */
const saying = (kinds, world) =>
  kinds.length
    ? `a table that fits ${kinds.map((kind) => world.regimes.find((regime) => regime.kind === kind)?.name).join(" and ")}`
    : "a table";

/**
 * Marks between two ticks, thinned so that none lies on another; those that were right come first.
 *
 * @param {Lane} lane
 * @param {number} from
 * @param {number} to
 * @param {(tick: number) => number} x
 */
export function noticed(lane, from, to, x) {
  const taken = /** @type {{ tick: number, right: boolean }[]} */ ([]);
  const free = (/** @type {number} */ tick) =>
    taken.every(({ tick: other }) => Math.abs(x(other) - x(tick)) >= LEAST_PX);
  for (const wanted of [true, false])
    for (const [tick, right] of lane.marks)
      if (right === wanted && tick >= from && tick <= to && free(tick)) taken.push({ tick, right });
  return taken;
}

/**
 * A diamond: full where agents noticed a change, hollow where the alarm was false.
 *
 * @param {number} cx
 * @param {number} cy
 * @param {boolean} right
 */
export const diamond = (cx, cy, right) =>
  s("path", {
    d: `M${cx} ${cy - 6.5}l5.5 6.5l-5.5 6.5l-5.5-6.5z`,
    style: `fill:var(--${right ? "orange-fill" : "surface"});stroke:var(--ink)`,
    "stroke-width": 1,
  });
