// The gallery: every scenario as a card. Its picture is its own world after a short run; the strip shows how it changes.

import { cardOf, isChanging } from "./card.js";
import { fill, h, icon } from "../dom.js";
import { opener } from "../saving.js";
import { still, unpack } from "../picture/surface.js";
import { topBar } from "../topbar.js";

/** @import { Card, Said } from "../messages.js" */
/** @import { App, View } from "../page.js" */
/** A picture that has arrived. @typedef {Said["still"] & { frame: any }} Made */

/**
 * What the cards can be filtered by.
 *
 * @type {Record<string, [label: string, image: string | null, fits: (card: Card) => boolean]>}
 */
const KINDS = {
  all: ["All", null, () => true],
  lifelong: ["Changing", "lifelong", isChanging],
  steady: ["Steady", null, (card) => !isChanging(card)],
};

/** @param {App} app @returns {View} */
export function galleryView(app) {
  let cards = /** @type {Card[]} */ ([]),
    filter = "all";
  const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search worlds", oninput: draw });
  const chips = h("div", { class: "el-filters" }),
    rows = h("div", { class: "el-galrows" });
  const pictures = stills();

  function draw() {
    const asked = search.value.trim().toLowerCase();
    const found = cards.filter(
      (card) => KINDS[filter][2](card) && `${card.title} ${card.question} ${card.name}`.toLowerCase().includes(asked),
    );
    fill(chips, filters(cards, filter, choose));
    pictures.shown.clear();
    fill(
      rows,
      [...new Set(found.map((card) => card.domain))].map((domain) => section(app, domain, found, pictures.shown)),
      cards.length > 0 && !found.length && nothing(search.value),
    );
    pictures.paintAll();
  }

  /** @param {string} name */
  function choose(name) {
    filter = name;
    draw();
  }

  document.title = "Everlearn";
  return {
    place: layout(app, chips, search, rows),
    hear(message, buffers) {
      if (message.k === "gallery" && message.cards) {
        cards = message.cards;
        draw();
      } else if (message.k === "still") pictures.add(message, buffers);
    },
    redraw: draw,
    key(event) {
      if (event.key !== "/") return false;
      search.focus();
      return true;
    },
    end() {},
  };
}

/** @param {App} app @param {Element} chips @param {Element} search @param {Element} rows */
function layout(app, chips, search, rows) {
  const about =
    "Agents that share a world and never stop learning. The strip under each picture shows how its world changes.";
  const where = h("span", { class: "el-crumb" }, h("b", null, "Worlds"));
  return h(
    "div",
    { class: "el-gal" },
    topBar(app, where, h("span", { class: "el-spacer" }), opener(app, "el-quiet")),
    h(
      "div",
      { class: "el-galhead" },
      h("div", null, h("h1", null, "Pick a world to watch"), h("p", null, about)),
      h(
        "div",
        { class: "el-filters" },
        chips,
        h("label", { class: "el-chip el-search" }, icon("search", 14), search, h("kbd", null, "/")),
      ),
    ),
    rows,
  );
}

/**
 * Buttons to filter by, where there is something to tell apart.
 *
 * @param {Card[]} cards
 * @param {string} filter
 * @param {(name: string) => void} choose
 */
function filters(cards, filter, choose) {
  if (!cards.some(isChanging) || cards.every(isChanging)) return [];
  return Object.entries(KINDS).map(([name, [label, image, fits]]) =>
    h(
      "button",
      { type: "button", class: "el-chip", "aria-pressed": String(filter === name), onclick: () => choose(name) },
      image && icon(image, 14),
      `${label} ${cards.filter(fits).length}`,
    ),
  );
}

/**
 * A row of cards: the scenarios of one kind of world.
 *
 * @param {App} app
 * @param {string} domain
 * @param {Card[]} cards
 * @param {Map<string, ReturnType<typeof cardOf>>} shown
 */
function section(app, domain, cards, shown) {
  const mine = cards.filter((card) => card.domain === domain),
    own = mine.map((card) => cardOf(app, card));
  for (const each of own) shown.set(each.card.name, each);
  return h(
    "section",
    { class: "el-galrow" },
    h("header", null, h("h2", null, mine[0].world_title), h("p", null, mine[0].world_about)),
    h(
      "div",
      { class: "el-cards" },
      own.map((each) => each.place),
    ),
  );
}

/** @param {string} asked */
const nothing = (asked) => h("p", { class: "el-words el-mute" }, `No world matches “${asked}”. Try a shorter word.`);

/** @param {string} noun @param {number} number */
const many = (noun, number) => (number === 1 ? noun : noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`);

/** The pictures that have arrived, and the cards that are shown. */
function stills() {
  const made = /** @type {Map<string, Made>} */ (new Map()),
    shown = /** @type {Map<string, ReturnType<typeof cardOf>>} */ (new Map());

  /** @param {Made} picture */
  function paint(picture) {
    const spot = shown.get(picture.name);
    if (!spot?.canvas.clientWidth) return;
    still(spot.canvas, picture);
    spot.size.textContent = `${picture.agents.toLocaleString("en")} ${many(spot.card.agent_noun, picture.agents)}`;
  }

  return {
    shown,
    paintAll: () => made.forEach(paint),
    /** @param {Said["still"]} message @param {DataView<ArrayBuffer>[]} buffers */
    add(message, buffers) {
      const picture = { ...message, frame: unpack(message.parts, buffers) };
      made.set(message.name, picture);
      paint(picture);
    },
  };
}
