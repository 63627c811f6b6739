// Where things stand: axes, regimes, the Memory lane, lines to compare with.

import assert from "node:assert/strict";
import { test } from "node:test";

import { apart, roundUp, ticksOf } from "../../app/static/axes.js";
import { axesOf } from "../../app/static/whatif/difference.js";
import { since } from "../../app/static/whatif/layers.js";
import { sliderScale } from "../../app/static/live/fields.js";
import { bounds, guideLines, steps } from "../../app/static/chart/guides.js";
import { known, noticed, stretches } from "../../app/static/timeline/lane.js";
import { judged, stacked } from "../../app/static/whatif/pairs.js";
import { blocks } from "../../app/static/regimes.js";
import { axisOf } from "../../app/static/timeline/timeline.js";

const REGIMES = [
  { name: "calm", ticks: 100, kind: 0 },
  { name: "storm", ticks: 50, kind: 1 },
];
const WORLD = { regimes: REGIMES, repeat: true, ticks: 3000, seconds_per_tick: 1 };

test("round numbers are 1, 2 and 5 times a power of ten", () => {
  assert.deepEqual([1, 1.1, 2.5, 5, 6, 0.03, 1e6].map(roundUp), [1, 2, 5, 5, 10, 0.05, 1e6]);
});

test("names are pushed apart and stay between the edges", () => {
  const ends = [{ at: 98 }, { at: 50 }, { at: 97 }, { at: 99 }];
  apart(ends, 10, 0, 100);
  const places = ends.map(({ at }) => at);
  assert.ok(Math.max(...places) <= 100);
  places.slice(1).forEach((at, i) => assert.ok(at - places[i] >= 10));
});

test("blocks of a schedule fill every stretch without a gap, and the last one stays where nothing repeats", () => {
  for (const repeat of [true, false])
    for (const [from, to] of [
      [0, 600],
      [130, 410],
      [620, 640],
    ]) {
      const found = blocks(REGIMES, repeat, from, to);
      assert.deepEqual([found[0].from, found.at(-1)?.to], [from, to]);
      found.slice(1).forEach((block, i) => assert.equal(block.from, found[i].to));
    }
  assert.deepEqual(
    blocks(REGIMES, false, 0, 900).map(({ kind }) => kind),
    [0, 1],
  );
  assert.deepEqual(blocks([], true, 0, 10), []);
});

test("the timeline's ticks and places are each other's inverse", () => {
  const axis = axisOf(WORLD, { tick: 700, live: 900, looking: true }, null, 800);
  for (const tick of [0, 130, 700, 900]) assert.ok(Math.abs(axis.tickAt(axis.x(tick)) - tick) < 1e-9);
  assert.equal(axis.at, axis.x(700));
  assert.equal(axis.now, axis.x(900));
});

test("a timeline whose lane lags far behind is drawn as of the lane", () => {
  const lane = { tick: 500, stretches: [], marks: [], fits: {}, known: [], change: null };
  assert.equal(axisOf(WORLD, { tick: 900, live: 900, looking: false }, lane, 800).tick, 500);
  assert.equal(axisOf(WORLD, { tick: 505, live: 505, looking: false }, lane, 800).tick, 505);
});

test("what a slider gives is what it shows, over bounds of any size", () => {
  for (const [low, high] of [
    [0, 1],
    [-5, 5],
    [0, 1e6],
    [1, 50_000],
  ]) {
    const { value, place } = sliderScale(low, high, false);
    assert.equal(value(0), low);
    assert.ok(Math.abs(value(200) - high) <= 0.005 * high);
    for (let at = 0; at <= 200; at += 20) assert.ok(Math.abs(place(value(at)) - at) <= 1);
  }
  assert.equal(sliderScale(0, 9, true).value(99), 4);
});

test("a line to compare with follows the blocks while they are wide enough, else it is their mean over time", () => {
  assert.deepEqual(steps(WORLD, [1, 4], 300, 300), [
    [0, 100, 1],
    [100, 150, 4],
    [150, 250, 1],
    [250, 300, 4],
  ]);
  assert.deepEqual(steps(WORLD, [1, 4], 300_000, 300), [[0, 300_000, 2]]);
  assert.deepEqual(steps(WORLD, [null, 4], 200, 300), [[100, 150, 4]]);
});

test("what theory says exactly is drawn once, and few lines at most", () => {
  const lines = { q: [1], random: [2], fixed_time: [3], max_pressure: [4], detector_rule: [5], longest_queue: [6] };
  const compared = ["fixed_time", "random", "max_pressure", "detector_rule", "longest_queue"];
  const world = { ...WORLD, compared, learners: {}, theory_tones: {} };
  const names = guideLines(world, lines, { random: [2] }).map(({ name }) => name);
  assert.equal(names.length, 5);
  assert.equal(names.filter((name) => name === "random").length, 1);
});

test("a chart has zero in it, and lines far above its curve do not flatten it", () => {
  const [low, high] = bounds([3, 4, null], [{ values: [5, null] }, { values: [1000] }]);
  assert.equal(low, 0);
  assert.ok(high > 5 && high < 10);
  assert.ok(bounds([], [])[1] >= 0);
});

const LANE = {
  tick: 400,
  stretches: /** @type {[number, number][]} */ ([
    [0, 0],
    [110, -1],
    [130, 1],
    [260, 2],
  ]),
  marks: /** @type {[number, boolean][]} */ ([
    [110, true],
    [112, false],
    [260, true],
  ]),
  fits: { 0: [0], 1: [1], 2: [0] },
  known: [0, 1, 2],
  change: null,
};

test("a second table for a regime has a number of its own", () => {
  assert.deepEqual(
    known(LANE).map(({ name }) => name),
    ["A", "B", "A₂"],
  );
});

test("stretches of memory lie beside each other, and a search is one of them", () => {
  const found = stretches(LANE, 50, 400, WORLD);
  assert.deepEqual(
    found.map(({ from, to, name }) => [from, to, name]),
    [
      [50, 110, "A"],
      [110, 130, ""],
      [130, 260, "B"],
      [260, 400, "A₂"],
    ],
  );
  assert.ok(found[1].searching);
});

test("of alarms that would lie on each other the right one is drawn", () => {
  assert.deepEqual(
    noticed(LANE, 0, 400, (tick) => tick).map(({ tick }) => tick),
    [110, 260],
  );
});

test("the axes of a difference hold zero and all that is drawn", () => {
  const pair = {
    tick: 100,
    clock: "",
    end: 500,
    events: [],
    own: [
      [120, -3],
      [700, 90],
      [130, null],
    ],
    now: [],
    base: [],
  };
  const axes = axesOf(/** @type {any} */ (pair), 200, 600, 300);
  assert.ok(axes.low < -3 && axes.high > 0);
  assert.deepEqual(axes.own, [[120, -3]]);
  assert.ok(Math.abs(axes.tickAt(axes.x(321)) - 321) < 1e-9);
});

test("an axis has a few round values with zero among them", () => {
  assert.ok(ticksOf(-3, 7).some((value) => value === 0));
  assert.ok(ticksOf(-3, 7).length >= 2 && ticksOf(-3, 7).length <= 6);
});

test("time since the fork is told in one unit, named once", () => {
  assert.deepEqual(
    since({ seconds_per_tick: null }, 50, 350).map(({ label }) => label),
    ["fork", "+50 rounds", "+100", "+150", "+200", "+250", "+300"],
  );
});

test("a difference is judged only where its interval leaves out zero", () => {
  assert.deepEqual(judged(-2, -3, 1, "low"), { mark: "○", better: null });
  assert.deepEqual(judged(-2, -3, -1, "low"), { mark: "✓", better: true });
  assert.deepEqual(judged(-2, -3, -1, "high"), { mark: "✕", better: false });
  assert.deepEqual(judged(-2, -3, -1, null), { mark: "", better: null });
  assert.deepEqual(judged(null, null, null, "low"), { mark: "○", better: null });
});

test("dots of one column lie on each other", () => {
  assert.deepEqual(
    stacked([3, 4, 3, 3]).map(({ level }) => level),
    [0, 0, 1, 2],
  );
});
