// The answer of a what-if in a sentence, with what it rests on.

import { button, fill, h } from "../dom.js";
import { signed } from "./pairs.js";

/** @import { World } from "../messages.js" */
/** @import { Compared } from "../page.js" */

const FINDING = /[−\d.,]+(?: [^\s[]+)? \[[^\]]+\]|after [\d.,]+ \w+(?= \[)/; // what a reader looks for in a sentence

/** @param {() => void} save */
export function answer(save) {
  const sentence = h("p", { class: "el-answer", role: "status" }),
    small = h("p", { class: "el-mute el-xs" }),
    done = h("span", { class: "el-mute el-done" });
  const copy = button("Copy sentence", async () => {
    await navigator.clipboard?.writeText(sentence.textContent ?? "");
    copy.textContent = "Copied";
  });
  const place = h(
    "header",
    { class: "el-said" },
    h("div", null, sentence, small),
    h("span", { class: "el-spacer" }),
    done,
    copy,
    button("Save data", save, { image: "save" }),
  );
  return {
    place,
    /** @param {World} world @param {Compared} pair */
    update(world, pair) {
      const [first] = pair.sentences ?? [];
      done.textContent = first ? `${pair.done} of ${pair.of} pairs done` : "";
      copy.hidden = !first;
      if (first) fill(sentence, first.split(/(?<=;) /).map(strong));
      else fill(sentence, pair.events.length ? "What does it do?" : "What if?");
      small.textContent = pair.fault ?? (first ? restsOn(world, pair) : waiting(pair));
    },
  };
}

/** Why there is no answer yet. @param {Compared} pair */
export function waiting(pair) {
  if (!pair.events.length) return "Both worlds are the same and meet the same arrivals. Change B to see the effect.";
  return `${pair.done} of ${pair.of} pairs done, each with arrivals of its own; the answer is written from 5 on.`;
}

/** @param {World} world @param {Compared} pair */
function restsOn(world, { over, seeds = [], worst = null, sentences = [] }) {
  const unit = world.metrics[world.headline[0]].unit;
  const mean = `Mean over the ${over} after the change, world B minus world A, 95 % interval over ${seeds.length} pairs`;
  const least = worst === null ? "" : ` Worst pair ${signed(worst)}${unit ? ` ${unit}` : ""}.`;
  return `${mean} that share a seed.${least} ${sentences[1] ?? ""}`;
}

/** A part of a sentence, its finding in bold. @param {string} text */
function strong(text) {
  const found = text.match(FINDING);
  if (!found) return h("span", null, text, " ");
  const [start, end] = [found.index ?? 0, (found.index ?? 0) + found[0].length];
  return h("span", null, text.slice(0, start), h("b", null, found[0]), text.slice(end), " ");
}
