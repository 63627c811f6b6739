// The lines that a learning curve is compared with: baselines and theory.

import { called } from "../words.js";

/** @import { Status, World } from "../messages.js" */
/** A piece of a line. @typedef {[from: number, to: number, value: number]} Step */
/**
 * A line to compare with.
 *
 * @typedef {object} Guide
 * @property {string} name
 * @property {(number | null)[]} values per block of the schedule
 * @property {number[]} dash
 * @property {string} colour token of the line
 * @property {string} text token of its name
 * @property {(last: number, wide: number) => Step[]} steps up to a tick, drawn so many pixels wide
 */

const MOST_BLOCKS_PX = 5; // regimes narrower than this are not told apart; baselines then show their mean

const MOST_GUIDES = 4; // more would hide the curve

/** How baselines are drawn: random, the one that matters most, the others. */
const RANDOM = { dash: [2, 4], colour: "--grey-line" },
  FIRST = { dash: [9, 3, 2, 3], colour: "--ink-2" },
  OTHER = { dash: [5, 3], colour: "--ink-3" };

/** How theory is drawn. */
const TONES = {
  good: { dash: [9, 4], colour: "--green-line", text: "--green-text" },
  plain: { dash: [9, 3, 2, 3], colour: "--ink-2", text: "--ink-2" },
  bad: { dash: [7, 4], colour: "--verm-line", text: "--verm-text" },
};

/**
 * The lines to compare with.
 *
 * @param {World} world
 * @param {Status["lines"][string]} lines
 * @param {Status["theory"]} theory
 * @returns {Guide[]}
 */
export function guideLines(world, lines, theory) {
  const others = world.compared.filter((name) => name !== "random");
  const found = ["random", ...others]
    .filter((name) => name in lines && !(called(world, name) in theory)) // what theory says exactly is drawn once
    .slice(0, MOST_GUIDES)
    .map((name) => ({
      name: called(world, name),
      values: lines[name],
      text: "--ink-2",
      ...(name === "random" ? RANDOM : name === others[0] ? FIRST : OTHER),
    }));
  for (const [name, values] of Object.entries(theory))
    found.push({
      name: name.includes("%") ? "mixed" : name,
      values,
      ...TONES[world.theory_tones[name] ?? "good"],
    });
  return found
    .filter((guide) => guide.values.some((value) => value !== null))
    .map((guide) => ({ ...guide, steps: (last, wide) => steps(world, guide.values, last, wide) }));
}

/**
 * A line as steps while blocks are wide enough, else at its mean.
 *
 * @param {Pick<World, "regimes" | "repeat">} world
 * @param {(number | null)[]} values
 * @param {number} last tick
 * @param {number} wide pixels up to it
 * @returns {Step[]}
 */
export function steps({ regimes, repeat }, values, last, wide) {
  const cycle = regimes.reduce((sum, regime) => sum + regime.ticks, 0);
  if (!cycle || values.length < 2 || (wide * cycle) / regimes.length / last < MOST_BLOCKS_PX)
    return [[0, last, mean(values, regimes)]];
  const found = /** @type {Step[]} */ ([]);
  for (let i = 0, from = 0; from < last; i++) {
    const ends = !repeat && i === regimes.length - 1;
    const to = ends ? last : Math.min(last, from + regimes[i % regimes.length].ticks),
      value = values[i % regimes.length];
    if (value !== null) found.push([from, to, value]);
    from = to;
  }
  return found;
}

/** Mean over the time of the blocks. @param {(number | null)[]} values @param {World["regimes"]} regimes */
function mean(values, regimes) {
  let sum = 0,
    time = 0;
  values.forEach((value, i) => {
    if (value === null) return;
    const ticks = regimes[i]?.ticks ?? 1;
    sum += value * ticks;
    time += ticks;
  });
  return sum / time;
}

/**
 * Zero and the top of what is shown; lines far above the curve would flatten it, so they only get an arrow.
 *
 * @param {(number | null)[]} ys
 * @param {Pick<Guide, "values">[]} guides
 * @returns {[low: number, high: number]}
 */
export function bounds(ys, guides) {
  const known = ys.filter((value) => value !== null);
  const high = Math.max(...known, 0),
    low = Math.min(...known, 0);
  const idle = high === 0 && low === 0 ? 1 : 0; // a curve that stays at zero still needs a scale
  const values = guides.flatMap((guide) => guide.values).filter((value) => value !== null);
  const limit = 1.7 * (known.length ? high : Math.min(...values.filter((value) => value > 0)));
  const near = values.filter((value) => value < limit);
  return [Math.min(low, ...near) * (low < 0 ? 1.08 : 1), Math.max(high, ...near, idle) * 1.08];
}
