// A card of the gallery: the picture of a scenario, how it changes, and the question it asks.

import { h, icon } from "../dom.js";
import { bands } from "../regimes.js";

/** @import { Card } from "../messages.js" */
/** @import { App } from "../page.js" */

const WIDE = 420, // of bands, before they stretch over their card
  PASSES = 2.5; // of a schedule that repeats

const kinds = (/** @type {Card} */ card) => new Set(card.regimes.map((regime) => regime.kind)).size;

/** Whether its world changes. @param {Card} card */
export const isChanging = (card) => kinds(card) > 1;

/** @param {App} app @param {Card} card */
export function cardOf(app, card) {
  const canvas = h("canvas"),
    size = h("span", { class: "el-size" });
  const query = `?scenario=${card.name}`;
  const place = h(
    "a",
    { class: "el-card", href: query, onclick: (/** @type {MouseEvent} */ event) => app.follow(event, query) },
    h("div", { class: "el-thumb" }, canvas, isChanging(card) && h("div", { class: "el-band" }, bandsOf(card))),
    h("h3", null, card.title, size),
    h("p", null, card.question),
    h("div", { class: "el-tags" }, tags(card)),
  );
  return { card, place, canvas, size };
}

/** @param {Card} card */
function bandsOf({ regimes, repeat, ticks }) {
  const cycle = regimes.reduce((sum, regime) => sum + regime.ticks, 0);
  return bands(regimes, repeat, 0, repeat ? cycle * PASSES : Math.max(cycle, ticks), WIDE, 9);
}

/** @param {Card} card */
function tags(card) {
  const life = `${kinds(card)} regimes${card.lifelong ? ", with memory" : ""}`;
  return [
    isChanging(card) && h("span", { class: "el-tag el-life" }, icon("lifelong", 14), life),
    card.cooperation > 0 && h("span", { class: "el-tag el-coop" }, icon("cooperate", 14), "cooperate"),
  ];
}
