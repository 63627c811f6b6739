// What a world says of itself beside the picture, drawn for any world: a dial between benchmarks, a table of agents with bars,
// and a ledger whose parts add up. `models/panels.py` describes them.

import { dial } from "./dial.js";
import { fill, h, inside } from "../dom.js";
import { ledger } from "./ledger.js";
import { table } from "./table.js";

/** @import { Panel, Sentences, World } from "../messages.js" */
/** @import { Child, Curve } from "../page.js" */
/**
 * What panels are drawn from, beside what they say.
 *
 * @typedef {{ world: World, columns: Curve["columns"], agent: number | null }} Context
 */

/** @type {{ [K in Panel["kind"]]: (panel: Extract<Panel, { kind: K }>, context: Context) => Child }} */
const DRAW = { dial, table, ledger, words };

/**
 * Panels of the world that is shown; a press on a row of a table calls `pick` with its agent.
 *
 * @param {(agent: number) => void} pick
 */
export function panels(pick) {
  const place = h("div", { class: "el-panels", onclick: press });
  let sections = /** @type {HTMLElement[]} */ ([]);

  /** @param {Event} event */
  function press(event) {
    const row = /** @type {HTMLElement | null} */ (inside(event).closest("tr[data-agent]"));
    if (row) pick(Number(row.dataset.agent));
  }

  return {
    place,
    /** Show panels. @param {Panel[]} shown @param {Context} context */
    update(shown, context) {
      if (sections.length !== shown.length) {
        sections = shown.map((panel) => h("section", { class: "el-block", "aria-label": panel.title }));
        fill(place, sections);
      }
      shown.forEach((panel, i) =>
        fill(sections[i], head(panel), DRAW[panel.kind](/** @type {any} */ (panel), context)),
      );
    },
  };
}

/** @param {Panel} panel */
const head = ({ title, note }) =>
  h("div", { class: "el-sec" }, h("h2", null, title), h("span", { class: "el-aside" }, note));

/** @param {Sentences} panel */
function words({ sentences }) {
  return sentences.map((sentence) => h("p", { class: "el-words" }, sentence));
}
