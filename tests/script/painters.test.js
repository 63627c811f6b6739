// What painters compute before they draw: places, scales, paths and words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { layoutOf } from "../../app/static/worlds/crossing.js";
import { carsOf } from "../../app/static/worlds/crossing/cars.js";
import { meetings } from "../../app/static/worlds/games/matrix.js";
import { payoffsInWords } from "../../app/static/worlds/games/payoffs.js";
import { range, shown } from "../../app/static/worlds/market/prices.js";
import { middleLine, scaleAlong } from "../../app/static/worlds/network/plan.js";
import { pathOf } from "../../app/static/worlds/oligopoly/path.js";
import { eased } from "../../app/static/worlds/power/values.js";
import { around, costOf, lengthInside, packing } from "../../app/static/worlds/power/packing.js";
import { segmentsOf as linesOf } from "../../app/static/worlds/power/plan.js";
import { SHADES, levelOf, rescaled } from "../../app/static/worlds/power/prices.js";
import { placeOn } from "../../app/static/worlds/routes/dots.js";
import { segmentsOf } from "../../app/static/worlds/routes/layout.js";
import { delayOf, meanTime } from "../../app/static/worlds/routes/times.js";
import { along, nearestSegment, nearestSpot } from "../../app/static/worlds/shared/lines.js";
import { before, routesInWords } from "../../app/static/worlds/shared/vehicles.js";

const EAST = 3 << 2; // heading of a vehicle's state
const vehicles = (id, places, state = id.map(() => EAST)) => ({
  id: Uint16Array.from(id),
  vehicles: Uint16Array.from(places.flat()),
  state: Uint8Array.from(state),
});

test("a place beside a segment lies to the right of its way", () => {
  assert.deepEqual(along([0, 0, 10, 0], 0.5, 2), [5, 2]); // eastward, and y points down
  assert.deepEqual(along([0, 10, 0, 0], 0.25), [0, 7.5]);
});

test("what lies nearest is found within reach only", () => {
  const segments = [
    [0, 0, 10, 0],
    [0, 6, 10, 6],
  ];
  assert.equal(nearestSegment(segments, 5, 4, 3), 1);
  assert.equal(nearestSegment(segments, 13, 2, 3), -1); // beyond its end
  assert.equal(
    nearestSpot(
      [
        [0, 0],
        [3, 4],
      ],
      3,
      3,
      2,
    ),
    1,
  );
  assert.equal(nearestSpot([], 0, 0, 9), -1);
});

test("a vehicle is found in the frame before, unless it leapt or was not there", () => {
  const extent = { width: 655.35, height: 655.35 }; // a hundred steps a metre
  const from = vehicles(
    [7, 8],
    [
      [0, 0],
      [100, 100],
    ],
  );
  const to = vehicles(
    [9, 8, 7],
    [
      [0, 0],
      [1000, 600],
      [1000, 1001],
    ],
  );
  const slotBefore = before(extent, from, to, 20);
  assert.deepEqual([0, 1, 2].map(slotBefore), [-1, 1, -1]); // new, 14 m further, and 20.01 m
  assert.equal(before(extent, to, to, 20)(0), -1);
});

test("a car is half of its way after half of the time, and one that came back from another side is where it is", () => {
  const scene = { width: 65.535, height: 65.535, lane: 2, line: 8, car: 4, cars: 2, fleets: 1 };
  const layout = layoutOf(scene, {}, 655.35, 655.35, false); // ten pixels a metre
  const from = vehicles(
    [1, 2],
    [
      [10000, 20000],
      [30000, 30000],
    ],
  );
  const to = vehicles(
    [1, 2],
    [
      [12000, 20000],
      [31000, 30000],
    ],
    [EAST, 0],
  );
  const places = carsOf(layout, from, to, 0.5).map(({ at }) => at.map(Math.round));
  assert.deepEqual(places, [
    [110, 200],
    [310, 300],
  ]);
});

test("routes are counted, and those who left theirs", () => {
  const states = [0, 1 << 4, 1 << 4, 2 << 4];
  assert.equal(routesInWords({ state: states }, 2), "2 on route 1, 1 on route 2, 1 off their route");
});

test("a plan keeps crossings in their place, ends roads at the stop lines as drawn, and never turns back", () => {
  const x = scaleAlong([100, 300], 400, 2, 0, 10, 30);
  assert.deepEqual([100, 300].map(x), [200, 600]);
  assert.deepEqual([90, 110, 290].map(x), [170, 230, 570]);
  const places = Array.from({ length: 401 }, (_, m) => x(m));
  assert.ok(places.every((place, m) => !m || place > places[m - 1]));
});

test("the middle line of a road runs from crossing to crossing, and to the edge where there is none", () => {
  assert.deepEqual(middleLine([108, 203, 292, 203], [100, 300], [200], 10), [100, 200, 300, 200]);
  assert.deepEqual(middleLine([97, 0, 97, 190], [100, 300], [200], 10), [100, 0, 100, 200]);
});

test("pairs that meet add up to one, and on a graph no one is first", () => {
  const ring = {
    nodes: [0, 1, 2, 3],
    edges: [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
    ],
    actions: ["a", "b"],
  };
  const shares = meetings(ring)([0, 0, 1, 0]);
  assert.deepEqual([...shares], [0.5, 0.25, 0.25, 0]);
});

test("two players' meetings approach what they keep doing", () => {
  const met = meetings({ nodes: [0, 1], edges: [[0, 1]], actions: ["a", "b"] });
  let shares = met([1, 0]);
  for (let i = 0; i < 200; i++) shares = met([1, 0]);
  assert.ok(shares[2] > 0.999 && shares[1] === 0);
});

test("a cell says what row and column players get, each by its own action", () => {
  const payoff = [3, 0, 5, 1, 30, 0, 50, -1]; // prisoners' dilemma, the column player's in tens
  assert.equal(payoffsInWords(payoff, 2, 0, 1, true), "0, 50");
  assert.equal(payoffsInWords(payoff, 2, 1, 1, true), "1, −1");
  assert.equal(payoffsInWords(payoff, 2, 1, 0, false), "5");
});

test("prices have a tenth below a hundred, and no minus before a zero", () => {
  assert.deepEqual([12.34, 99.96, 1234.5, -0.04, -3].map(shown), ["12.3", "100", "1,235", "0", "−3"]);
  const [low, high] = range([10, 10]);
  assert.ok(low < 10 && high > 10);
});

test("a path holds a few hundred points from its beginning to now, however long it grows", () => {
  const follow = pathOf([[1, 2]]);
  let path = follow(0, [0]);
  for (let tick = 1; tick <= 5000; tick++) path = follow(tick, [tick % 2]);
  assert.ok(path.length <= 361 && path.length > 150);
  assert.deepEqual([path[0].tick, path.at(-1)], [0, { tick: 5000, values: [1] }]);
  assert.ok(path.every(({ tick }, i) => !i || tick > path[i - 1].tick));
  assert.deepEqual(follow(5000, [1]), path);
  assert.deepEqual(follow(3, [1]), [{ tick: 3, values: [2] }]); // another life
});

test("two ways between places lie side by side, each on its right", () => {
  const [out, back, alone] = segmentsOf(
    {
      links: [
        [0, 1],
        [1, 0],
        [1, 2],
      ],
    },
    [
      [0, 0],
      [10, 0],
      [10, 10],
    ],
    3,
  );
  assert.deepEqual(
    [out, back, alone],
    [
      [0, 3, 10, 3],
      [10, -3, 0, -3],
      [10, 0, 10, 10],
    ],
  );
});

test("a dot at a share of its route is on the link that it has come to", () => {
  assert.deepEqual(placeOn([2, 0], [30, 99, 10], 0.5), { link: 0, share: 1 / 3 });
  assert.deepEqual(placeOn([2, 0], [30, 99, 10], 0.1), { link: 2, share: 0.4 });
  assert.deepEqual(placeOn([1], [0, 0], 0.7), { link: 1, share: 0 });
});

test("the mean trip is that of drivers, and a delay is told against the empty road", () => {
  assert.equal(meanTime({ route_flow: [30, 10, 0], route_time: [10, 20, 99] }), 12.5);
  assert.equal(delayOf(30, 20, 60), 0.5);
  assert.equal(delayOf(15, 0, 60), 0.5);
});

test("the part of a line inside a box is as long as it is", () => {
  assert.equal(lengthInside([0, 5, 20, 5], [5, 0, 10, 10]), 10);
  assert.ok(Math.abs(lengthInside([0, 0, 10, 10], [0, 0, 5, 5]) - 5 * Math.SQRT2) < 1e-9);
  assert.equal(lengthInside([0, 20, 20, 20], [5, 0, 10, 10]), 0);
});

test("what is put into a picture takes the free spot, and then it is taken", () => {
  const spots = [around(50, 50, 20, 20), around(120, 50, 20, 20)];
  const room = packing([around(50, 50, 10, 10)], [], 200, 100);
  assert.equal(room.place(spots), spots[1]);
  assert.equal(room.placeIfFree(spots), null);
  assert.equal(costOf(around(50, 50, 20, 20), [around(60, 50, 20, 20)], [], 200, 100), 3 * 10 * 20);
});

test("lines between the same two buses lie side by side, whichever way they are told", () => {
  const lines = [
    { from: 0, to: 1 },
    { from: 1, to: 0 },
    { from: 0, to: 2 },
  ];
  const segments = linesOf(
    lines,
    [
      [0, 0],
      [100, 0],
      [0, 100],
    ],
    8,
  );
  assert.deepEqual(
    segments.map((each) => each.map((at) => at + 0)),
    [
      [0, -4, 100, -4],
      [100, 4, 0, 4],
      [0, 0, 0, 100],
    ],
  );
});

test("shades of prices hold the range between round numbers, and stay while they do", () => {
  const scale = rescaled({ low: 0, step: 0 }, 31, 52);
  assert.deepEqual(scale, { low: 30, step: 10 });
  assert.equal(rescaled(scale, 30, 60), scale);
  assert.deepEqual(
    [29, 30, 39.9, 79, 999].map((price) => levelOf(scale, price)),
    [0, 0, 0, 4, SHADES - 1],
  );
  for (const [least, most] of [
    [0, 0],
    [-20, 4],
    [99.9, 100.1],
    [0, 2000],
  ]) {
    const { low, step } = rescaled({ low: 0, step: 0 }, least, most);
    assert.ok(low <= least && most <= low + SHADES * step);
  }
});

test("values go part of the way and arrive", () => {
  const frame = (value) =>
    Object.fromEntries(
      ["price", "flow", "load", "shed", "choice", "stored", "cap"].map((name) => [name, Float32Array.of(value)]),
    );
  const halfway = eased(frame(0), frame(100), 0.5);
  assert.deepEqual([halfway.shown.price[0], halfway.moving], [50, true]);
  assert.deepEqual([eased(frame(99.9), frame(100), 0.5).shown.price[0]], [100]);
  assert.equal(eased(frame(0), frame(100), 1).moving, false);
});
