// Numbers and times as people read them.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cause,
  duration,
  large,
  number,
  pace,
  shown,
  timeMarks,
  timeUnit,
  title,
  verdict,
} from "../../app/static/words.js";

const DAY = 86400;

test("a number has at most three figures and a real minus sign", () => {
  const told = [0, 0.3141, 3.14159, 31.4159, 314.159, 3141.59, -0.5, -0.0001, null, undefined, NaN].map(number);
  assert.deepEqual(told, ["0", "0.314", "3.14", "31.4", "314", "3,142", "−0.5", "0", "–", "–", "–"]);
});

test("large numbers are told in thousands and millions", () => {
  assert.deepEqual([9_949, 9_950, 999_499, 999_500, 1_200_000].map(large), [
    "9,949",
    "9.95 k",
    "999 k",
    "1 M",
    "1.2 M",
  ]);
});

test("a duration is told in the largest unit of which there is one", () => {
  assert.deepEqual([1, 45, 60, 90, 7200, 2.5 * DAY].map(duration), [
    "1 second",
    "45 seconds",
    "1 minute",
    "1.5 minutes",
    "2 hours",
    "2.5 days",
  ]);
});

test("a speed is told in the world's own time", () => {
  assert.deepEqual(pace(60, 1), ["60×", "1 minute a second"]);
  assert.deepEqual(pace(1, DAY), ["1", "day a second"]);
  assert.deepEqual(pace(5, null), ["5", "rounds a second"]);
});

test("a parameter's title leaves out the unit that is said beside it", () => {
  assert.equal(title({ title: "Demand veh per s", unit: "veh/s" }), "Demand");
  assert.equal(title({ title: "Cooperation", unit: "" }), "Cooperation");
});

test("values are told by kind", () => {
  assert.equal(shown({ kind: "bool" }, true), "on");
  assert.equal(shown({ kind: "list" }, []), "none");
  assert.equal(shown({ kind: "list" }, ["a", "b"]), "2 set");
  assert.equal(shown({ kind: "int" }, 1842), "1,842");
  assert.equal(shown({ kind: "choice" }, "fixed_time"), "fixed time");
});

test("a stretch of ticks is told in a unit of which there are three at least, in rounds without a clock", () => {
  assert.deepEqual(timeUnit(10, null), ["Rounds", 1, "rounds"]);
  assert.deepEqual(timeUnit(170, 1), ["Seconds", 1, "s"]);
  assert.deepEqual(timeUnit(3600, 1), ["Minutes", 60, "min"]);
  assert.deepEqual(timeUnit(4 * 24, 3600), ["Days", 24, "days"]);
});

test("marks of time stand at round times, in order and inside", () => {
  for (const seconds of [null, 0.1, 1, 3600, DAY])
    for (const [from, to] of [
      [0, 100],
      [0, 7200],
      [5_000, 90_000],
      [0, 3e6],
    ]) {
      const marks = timeMarks(from, to, seconds).map(({ tick }) => tick);
      assert.ok(marks.every((tick, i) => tick >= from && tick <= to + 1e-6 && (i === 0 || tick > marks[i - 1])));
      assert.ok(marks.length <= 8, `${marks.length} marks from ${from} to ${to} at ${seconds} s`);
    }
});

test("hours of a day have two figures each, and days a name", () => {
  const labels = timeMarks(0, 12 * 3600, 1).map(({ label }) => label);
  assert.deepEqual(labels, ["Day 1", "02:00", "04:00", "06:00", "08:00", "10:00", "12:00"]);
  assert.equal(timeMarks(0, 96, 3600)[0].label, "Day 1");
});

test("a verdict says how far, which way, and whether that is good", () => {
  assert.deepEqual(verdict(90, 100, "the rule", "low"), { text: "✓ 10 % under the rule", good: true });
  assert.deepEqual(verdict(90, 100, "the rule", "high"), { text: "✕ 10 % under the rule", good: false });
  assert.deepEqual(verdict(101, 100, "the rule", "low"), { text: "○ like the rule", good: null });
  assert.deepEqual(verdict(500, 100, "the rule", null), { text: "5 times the rule", good: null });
  assert.equal(verdict(-3, 1, "the rule", null, "s")?.text, "4 s under the rule");
  assert.equal(verdict(null, 1, "the rule", "low"), null);
});

test("a change becomes the beginning of a sentence", () => {
  assert.equal(cause("Close road B2–B3"), "closing road B2–B3");
  assert.equal(cause("Demand 3"), "demand 3");
});
