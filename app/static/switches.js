// Edges of a network that people can take out by a click: roads to close, lines to take out of service. The scene says which
// live parameter lists those that are out, and what they are called.

/** @import { Values } from "./messages.js" */
/** @import { Switches } from "./scenes.js" */

/**
 * What a press on an edge would do: a sentence, its verb, and the parameter with its new value.
 *
 * @param {Switches} switches
 * @param {Values} parameters
 * @param {number} edge
 */
export function press({ parameter, noun, off, on, names }, parameters, edge) {
  const now = /** @type {string[]} */ (parameters[parameter]),
    mine = names[edge]; // all names of one edge; the first is said
  const out = now.some((name) => mine.includes(name));
  return {
    parameter,
    verb: out ? on : off,
    text: `${out ? on : off} ${noun} ${said(mine)}`,
    value: out ? now.filter((name) => !mine.includes(name)) : [...now, mine[0]],
  };
}

/** The name of an edge as people write it: "B2–B3". @param {string[]} names */
export const said = ([name]) => name.replace("-", "–");
