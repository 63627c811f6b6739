// The gallery: every scenario as a card. Its picture is its own world after a short run; the strip shows how it changes.

import { fill, h, icon } from "./dom.js";
import { topBar } from "./popups.js";
import { still, unpack } from "./picture.js";
import { opener } from "./saving.js";
import { strip } from "./strip.js";

const ROWS = {
  traffic: ["Traffic", "Signals and drivers on a road network."],
  grid: ["Power grid", "Companies that sell power on a network, hour by hour."],
  oligopoly: ["Oligopoly", "Firms that post prices and watch each other."],
  games: ["Games", "Players who meet their neighbours, round after round."],
  market: ["Market", "Dealers and traders on a network."],
};
const AGENTS = {
  traffic: "signal",
  routes: "driver",
  crossing: "car",
  oligopoly: "firm",
  games: "player",
  market: "trader",
};

export function galleryView(app) {
  let cards = [],
    filter = "all";
  const stills = new Map(),
    shown = new Map();
  const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search worlds", oninput: draw });
  const chips = h("div", { class: "el-filters" }),
    rows = h("div", { class: "el-galrows" });
  const place = h(
    "div",
    { class: "el-gal" },
    topBar(
      app,
      h("span", { class: "el-crumb" }, h("b", null, "Worlds")),
      h("span", { class: "el-spacer" }),
      opener(app, "el-quiet"),
    ),
    h(
      "div",
      { class: "el-galhead" },
      h(
        "div",
        null,
        h("h1", null, "Pick a world to watch"),
        h(
          "p",
          null,
          "Agents that share a world and never stop learning. The strip under a picture shows how that world changes.",
        ),
      ),
      h(
        "div",
        { class: "el-filters" },
        chips,
        h("label", { class: "el-chip el-search" }, icon("search", 14), search, h("kbd", null, "/")),
      ),
    ),
    rows,
  );

  const lifelong = (card) => new Set(card.regimes.map((regime) => regime.kind)).size > 1;
  const KINDS = {
    all: ["All", null, () => true],
    lifelong: ["Changing", "lifelong", lifelong],
    steady: ["Steady", null, (card) => !lifelong(card)],
  };

  function draw() {
    const asked = search.value.trim().toLowerCase();
    const found = cards.filter(
      (card) => KINDS[filter][2](card) && `${card.title} ${card.question} ${card.name}`.toLowerCase().includes(asked),
    );
    const kinds = cards.some(lifelong) && !cards.every(lifelong) ? Object.entries(KINDS) : [];
    fill(
      chips,
      kinds.map(([name, [label, image, fits]]) =>
        h(
          "button",
          {
            type: "button",
            class: "el-chip",
            "aria-pressed": String(filter === name),
            onclick: () => {
              filter = name;
              draw();
            },
          },
          image && icon(image, 14),
          `${label} ${cards.filter(fits).length}`,
        ),
      ),
    );
    shown.clear();
    fill(
      rows,
      [...new Set(found.map((card) => card.row))].map((row) => {
        const [title, about] = ROWS[row] ?? [row, ""];
        return h(
          "section",
          { class: "el-galrow" },
          h("header", null, h("h2", null, title), h("p", null, about)),
          h("div", { class: "el-cards" }, found.filter((card) => card.row === row).map(cardOf)),
        );
      }),
      cards.length > 0 &&
        !found.length &&
        h("p", { class: "el-words el-mute" }, `No world matches “${search.value}”. Try a shorter word.`),
    );
    for (const name of stills.keys()) paintStill(name);
  }

  function cardOf(card) {
    const canvas = h("canvas"),
      size = h("span", { class: "el-size" });
    shown.set(card.name, { canvas, size, card });
    const cycle = card.regimes.reduce((sum, regime) => sum + regime.ticks, 0);
    const query = `?scenario=${card.name}`;
    return h(
      "a",
      { class: "el-card", href: query, onclick: (event) => app.follow(event, query) },
      h(
        "div",
        { class: "el-thumb" },
        canvas,
        lifelong(card) &&
          h(
            "div",
            { class: "el-strip" },
            strip(card.regimes, card.repeat, 0, card.repeat ? cycle * 2.5 : Math.max(cycle, card.ticks), 420, 9),
          ),
      ),
      h("h3", null, card.title, size),
      h("p", null, card.question),
      h(
        "div",
        { class: "el-tags" },
        lifelong(card) &&
          h(
            "span",
            { class: "el-tag el-life" },
            icon("lifelong", 14),
            `${new Set(card.regimes.map((regime) => regime.kind)).size} regimes${card.lifelong ? ", with memory" : ""}`,
          ),
        card.cooperation > 0 && h("span", { class: "el-tag el-coop" }, icon("cooperate", 14), "cooperate"),
      ),
    );
  }

  function paintStill(name) {
    const spot = shown.get(name),
      made = stills.get(name);
    if (!spot?.canvas.clientWidth) return;
    still(spot.canvas, made);
    const what = AGENTS[spot.card.domain] ?? "agent";
    spot.size.textContent = `${made.agents.toLocaleString("en")} ${what}${made.agents === 1 ? "" : "s"}`;
  }

  document.title = "Everlearn";
  return {
    place,
    hear(message, buffers) {
      if (message.k === "gallery" && message.cards) {
        cards = message.cards;
        draw();
      }
      if (message.k === "still") {
        stills.set(message.name, { ...message, frame: unpack(message.parts, buffers) });
        paintStill(message.name);
      }
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
