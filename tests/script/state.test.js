// What a view knows, and what it makes of what it hears.

import assert from "node:assert/strict";
import { test } from "node:test";

import { reel } from "../../app/static/picture/reel.js";
import {
  begin,
  changing,
  columnsOf,
  compared,
  firstAgent,
  isBack,
  points,
  unknown,
} from "../../app/static/live/state.js";
import { press } from "../../app/static/switches.js";

const world = /** @type {any} */ ({ agents: ["a", "b", "c", "d", "e"], headline: ["reward", "delay"], scene: {} });
const status = /** @type {any} */ ({
  parameters: { kappa: 0 },
  changed: {},
  twin: { parameters: { kappa: 1 }, changed: { kappa: 1 } },
});

test("a new life forgets the one before, but not who is inspected or what people compare", () => {
  const state = unknown();
  Object.assign(state, { agent: 3, frame: {}, waiting: { learner: "q" }, memory: { lane: {} }, pair: {}, status });
  begin(state, world);
  assert.deepEqual([state.frame, state.waiting, state.memory, state.about], [null, {}, {}, []]);
  assert.deepEqual(state.curve.columns, [[], [], []]);
  assert.deepEqual([state.agent, state.world], [3, world]);
});

test("the agent before is inspected again where there is one, else the scene's, else the middle one", () => {
  const state = unknown();
  assert.equal(firstAgent(state, world), 2);
  assert.equal(firstAgent(state, { ...world, scene: { agent: 1 } }), 1);
  assert.equal(firstAgent({ ...state, agent: 9 }, world), 4);
});

test("in a what-if it is world B that people change", () => {
  const state = { ...unknown(), status };
  assert.equal(changing(state)?.parameters.kappa, 0);
  assert.equal(changing({ ...state, pair: /** @type {any} */ ({}) })?.parameters.kappa, 1);
  assert.equal(changing(unknown()), null);
});

test("a pair and its answer are one; without a pair there is none", () => {
  const answer = { done: 5 };
  assert.deepEqual(compared({ ...unknown(), answer, pair: /** @type {any} */ ({ tick: 7 }) }), { tick: 7, done: 5 });
  assert.equal(compared({ ...unknown(), answer }), null);
});

test("a table of curves is taken apart by column, wherever its bytes begin", () => {
  const bytes = new ArrayBuffer(3 + 24);
  new Uint8Array(bytes).set(new Uint8Array(Float32Array.from([10, 1, 20, 2, 30, NaN]).buffer), 3);
  const columns = columnsOf(new DataView(bytes, 3), 2);
  assert.deepEqual(columns, [
    [10, 20, 30],
    [1, 2, NaN],
  ]);
  const state = { ...unknown(), curve: { columns, now: [] } };
  assert.deepEqual(points(state)[1], [1, 2, null]);
});

test("nobody looks back before a frame has come", () => {
  assert.equal(isBack(unknown()), false);
});

const SWITCHES = { parameter: "closed", noun: "road", off: "Close", on: "Open", names: [["A-B", "B-A"], ["B-C"]] };

test("a press takes an edge out, and a second one puts it back by whatever name", () => {
  const first = press(SWITCHES, { closed: ["B-C"] }, 0);
  assert.deepEqual([first.text, first.value], ["Close road A–B", ["B-C", "A-B"]]);
  assert.deepEqual(press(SWITCHES, { closed: ["B-A"] }, 0).value, []);
});

/** A reel with frames at (tick, ms). @param {[number, number][]} came */
function reelOf(...came) {
  const frames = reel();
  for (const [tick, at] of came) frames.add({ tick, at });
  return frames;
}

test("stills show the newest frame at once", () => {
  const frames = reelOf([0, 0], [10, 100]);
  frames.pass(110, true);
  assert.ok(frames.hasCome());
  assert.equal(frames.between().to.tick, 10);
});

test("a moving picture goes on evenly, never beyond the newest frame and never back", () => {
  const frames = reelOf([0, 0]);
  let now = 0,
    last = 0;
  for (let tick = 10; tick <= 200; tick += 10) {
    frames.add({ tick, at: 10 * tick });
    for (; now < 10 * (tick + 10); now += 16) {
      frames.pass(now, false);
      const { from, to, part } = frames.between();
      const shown = from.tick + part * (to.tick - from.tick);
      assert.ok(shown >= last - 1e-9 && shown <= tick);
      last = shown;
    }
  }
  assert.ok(last >= 180);
});

test("a frame of an earlier tick begins anew, and one of the same tick takes its place", () => {
  const frames = reelOf([10, 0], [20, 1], [5, 2]);
  frames.pass(3, true);
  assert.equal(frames.between().from.tick, 5);
  frames.add({ tick: 5, at: 3, id: 1 });
  assert.equal(frames.newest()?.id, 1);
  frames.pass(4, true);
  assert.equal(frames.between().from.id, 1);
});
