// What a view knows of its world: everything that was said last, and what people do not share (their agent, what waits for
// a reset). Parts draw it; messages and presses change it.

/** @import { Answer, FrameMessage, Inspection, Memory, Pair, Panel, Past, Status, World } from "../messages.js" */
/** @import { Changing, Compared, Curve, Waiting } from "../page.js" */

/**
 * @typedef {object} State
 * @property {World | null} world
 * @property {Status | null} status
 * @property {FrameMessage | null} frame
 * @property {number | null} agent that is inspected
 * @property {Inspection | null} inspection
 * @property {boolean} looking for the inspector, until it has come into sight
 * @property {boolean} leaving the picture by Tab, after Escape
 * @property {Waiting} waiting for a reset
 * @property {Panel[]} about what the world says of itself
 * @property {Partial<Memory>} memory Memory lane, recovery times, what a memory is worth
 * @property {Curve} curve
 * @property {Past | null} past what is kept to look back at
 * @property {Pair | null} pair a what-if, while one is open
 * @property {Partial<Answer>} answer what its pairs say
 */

/** Nothing is known yet. @returns {State} */
export const unknown = () => ({
  world: null,
  status: null,
  frame: null,
  agent: null,
  inspection: null,
  looking: false,
  leaving: false,
  waiting: {},
  about: [],
  memory: {},
  curve: { columns: [[], []], now: [] },
  past: null,
  pair: null,
  answer: {},
});

/** A life begins: what was known of the one before is forgotten. @param {State} state @param {World} world */
export function begin(state, world) {
  const curve = { columns: [[], ...world.headline.map(() => [])], now: [] };
  Object.assign(state, { world, curve, frame: null, inspection: null, waiting: {}, memory: {}, about: [] });
}

/**
 * The agent to inspect when a world appears: the one before, else the scene's, else the middle one.
 *
 * @param {State} state
 * @param {World} world
 */
export function firstAgent({ agent }, world) {
  const last = world.agents.length - 1;
  return Math.min(agent ?? world.scene.agent ?? Math.floor(last / 2), last);
}

/** Whether a moment of the past is shown. @param {State} state */
export const isBack = ({ frame }) => frame?.looking ?? false;

/** The world that people change: in a what-if, B. @param {State} state @returns {(Status & Changing) | null} */
export const changing = ({ status, pair }) => (pair && status?.twin ? { ...status, ...status.twin } : status);

/** The what-if with what its pairs say. @param {State} state @returns {Compared | null} */
export const compared = ({ pair, answer }) => pair && { ...pair, ...answer };

/**
 * Points of the learning curve; null where nothing was measured.
 *
 * @param {State} state
 * @returns {[number[], (number | null)[]]}
 */
export const points = ({ curve }) => [
  curve.columns[0],
  curve.columns[1].map((value) => (Number.isFinite(value) ? value : null)),
];

/** The table of a message of curves, by column. @param {DataView<ArrayBuffer>} buffer @param {number} columns */
export function columnsOf(buffer, columns) {
  const table = new Float32Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
  return Array.from({ length: columns }, (_, c) =>
    Array.from({ length: table.length / columns }, (_, r) => table[r * columns + c]),
  );
}
