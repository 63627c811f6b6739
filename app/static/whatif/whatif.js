// What if: a world and its changed fork side by side, with the answer in a sentence, the difference over time, and numbers.

import { answer, waiting } from "./answer.js";
import { difference } from "./difference.js";
import { fill, h } from "../dom.js";
import { pairsDots, pairsTable } from "./pairs.js";
import { picture } from "../picture/picture.js";
import { timeTravel } from "../live/time_travel.js";
import { number } from "../words.js";

/** @import { FrameMessage, World } from "../messages.js" */
/** @import { Compared } from "../page.js" */
/** The moment that is shown: that of a frame, or of the fork. @typedef {FrameMessage | Compared} Moment */
/**
 * What people do here.
 *
 * @typedef {object} Act
 * @property {(agent: number) => void} pick
 * @property {(edge: number) => void} toggle
 * @property {(tick: number) => void} look
 * @property {() => void} save
 */

/**
 * `mine` is the picture of world A, borrowed while a what-if is open; a press on an edge of B is told to `toggle`.
 *
 * @param {ReturnType<typeof picture>} mine
 * @param {Act} act
 */
export function whatif(mine, { pick, toggle, look, save }) {
  const theirs = picture(pick, toggle),
    chart = difference(),
    told = answer(save),
    [a, b] = ["A", "B"].map(side);
  b.place.append(theirs.place);
  const numbers = h("section", { class: "el-numbers", "aria-label": "In numbers" });
  timeTravel(chart.place, chart.tickAt, look);
  let shown = /** @type {[World, Compared, Moment] | null} */ (null);
  const resized = new ResizeObserver(() => shown && chart.draw(...shown));
  resized.observe(chart.place);

  /** Show both worlds at another moment. @param {Moment} now */
  function move(now) {
    if (!shown) return;
    const [world, pair] = shown;
    shown = [world, pair, now];
    chart.draw(world, pair, now);
    const past = "looking" in now ? now.now : null;
    a.tell(world, past?.[0] ?? pair.base);
    b.tell(world, past?.[1] ?? pair.now);
  }

  return {
    place: h(
      "div",
      { class: "el-whatif" },
      told.place,
      h("div", { class: "el-sides" }, a.place, b.place),
      h("div", { class: "el-below" }, chart.place, numbers),
    ),
    theirs,
    move,
    /** @param {World} world */
    open(world) {
      a.place.append(mine.place);
      theirs.setScene(world.scene);
    },
    /** @param {World} world @param {Compared} pair @param {Moment} now */
    update(world, pair, now) {
      told.update(world, pair);
      shown = [world, pair, now];
      move(now);
      a.title.textContent = "As it was";
      b.title.textContent = pair.events.map(([, text]) => text).join(", ") || "The same so far";
      fill(numbers, inNumbers(world, pair));
    },
    end() {
      resized.disconnect();
      theirs.end();
    },
  };
}

/** @param {World} world @param {Compared} pair */
function inNumbers(world, { numbers, over = "", seeds = [], ...pair }) {
  if (!numbers) return h("p", { class: "el-mute" }, waiting(pair));
  return [pairsTable(world, { numbers, over }), pairsDots(world, seeds)];
}

/** One of the two worlds: its title, its numbers now, and the place of its picture. @param {string} name */
function side(name) {
  const title = h("b"),
    now = h("span", { class: "el-mute el-aside" });
  const badge = h("span", { class: `el-badge el-${name}`, "aria-hidden": "true" }, name);
  return {
    title,
    place: h(
      "section",
      { class: "el-side", "aria-label": `World ${name}` },
      h("div", { class: "el-sidehead" }, badge, title, now),
    ),
    /** @param {World} world @param {(number | null)[]} values headline numbers */
    tell(world, values) {
      const spans = world.headline.slice(0, 2).map((name, m) => {
        const { title, unit } = world.metrics[name],
          value = values[m] ?? null;
        return h(
          "span",
          null,
          `${title.toLowerCase()} `,
          h("b", null, number(value)),
          value === null ? "" : ` ${unit}`,
        );
      });
      now.replaceChildren(...spans);
    },
  };
}
