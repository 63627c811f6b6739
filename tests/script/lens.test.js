// What a lens over a picture shows: the place under the hand stays there, and nothing beyond the picture is seen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ALL, enlarged, moved, seen } from "../../app/static/picture/lens.js";

const SIZE = { width: 600, height: 400 };
const pictureOf = ({ zoom, x, y }, [px, py]) => [(x + px) / zoom, (y + py) / zoom];

test("a place stays under the hand while the picture grows, and shrinking takes it back", () => {
  const hand = [450, 100];
  const near = enlarged(ALL, SIZE, 2.5, hand);
  assert.deepEqual(pictureOf(near, hand), hand);
  assert.deepEqual(enlarged(near, SIZE, 1 / 2.5, hand), ALL);
  assert.deepEqual(enlarged(ALL, SIZE, 0.2, hand), ALL); // all is the least that can be seen
  assert.equal(enlarged(near, SIZE, 1e9, hand).zoom, 16);
});

test("a drag moves what is seen as far as the edges", () => {
  const near = enlarged(ALL, SIZE, 2, [300, 200]); // the middle half: 300 and 200 pixels are out of sight on each side
  assert.deepEqual(near, { zoom: 2, x: 300, y: 200 });
  assert.deepEqual(moved(near, SIZE, 50, -30), { zoom: 2, x: 250, y: 230 });
  assert.deepEqual(moved(near, SIZE, 9e9, -9e9), { zoom: 2, x: 0, y: 400 });
  assert.deepEqual(moved(ALL, SIZE, 50, 50), ALL);
});

test("an enlarged picture is asked, and answers, in places of the canvas", () => {
  const asked = [];
  const painter = {
    hit: (x, y) => asked.push([x, y]) && 7,
    edge: (x, y) => asked.push([x, y]) && 3,
    at: () => [310, 220],
    middle: () => [300, 200],
  };
  const glass = seen(painter, { zoom: 2, x: 300, y: 200 });
  assert.deepEqual([glass.hit(5, 6), glass.edge(1, 2)], [7, 3]);
  assert.deepEqual(asked, [
    [305, 206],
    [301, 202],
  ]);
  assert.deepEqual(
    [glass.at(0), glass.middle(0)],
    [
      [10, 20],
      [0, 0],
    ],
  );
  assert.equal(glass.note, undefined);
});
