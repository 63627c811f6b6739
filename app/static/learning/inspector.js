// The inspector: one agent's values as a heat map, its policy in words, and what it is about to do.

import { fill, h } from "../dom.js";
import { heatMap } from "./heat.js";
import { active, fillOf, known } from "../timeline/lane.js";
import { swatch } from "../timeline/lanes.js";
import { letter } from "../regimes.js";
import { called, number, timeUnit } from "../words.js";

/** @import { Inspection, Lane, World } from "../messages.js" */

/** @param {() => void} next called to inspect the next agent */
export function inspector(next) {
  const place = h("section", { class: "el-block", "aria-live": "polite", "aria-label": "Inspector" });

  /** @param {string} name @param {string} learner */
  const head = (name, learner) =>
    h(
      "div",
      { class: "el-sec" },
      h("h2", null, name),
      h("span", { class: "el-mute" }, learner),
      h("button", { type: "button", class: "el-aside", onclick: next }, h("kbd", null, "Tab"), " next agent"),
    );

  /**
   * Show an agent.
   *
   * @param {Inspection | null} inspection
   * @param {string | null} picked its name
   * @param {World} world
   * @param {Lane | null} lane the Memory lane, where there is one
   */
  function update(inspection, picked, world, lane) {
    if (!inspection) {
      const text = picked ? "Looking…" : "Click an agent in the picture to see what it has learned.";
      fill(place, head(picked ?? "Nobody picked", ""), h("p", { class: "el-words el-mute" }, text));
      return;
    }
    const { name, learner, remembers, heat, facts } = inspection;
    const told = sentences(inspection);
    fill(
      place,
      head(name, `${called(world, learner)}${remembers ? " with memory" : ""}`),
      heat ? heatMap(heat, name, told) : told,
      h(
        "dl",
        { class: "el-kv", style: "margin-top:12px" },
        remembers && lane && memories(lane, world),
        facts.map(([label, value]) => [h("dt", null, label), h("dd", null, value)]),
      ),
    );
  }

  return { place, update };
}

/** What it has learned and does, in words. @param {Inspection} inspection */
const sentences = ({ policy, now, clock }) =>
  h(
    "div",
    null,
    policy.map((sentence) => h("p", { class: "el-words" }, sentence)),
    h("p", { class: "el-words el-mute" }, h("b", { style: "color:var(--ink)" }, `${clock}: `), now),
  );

/** The tables that agents keep, and how soon they noticed the last change. @param {Lane} lane @param {World} world */
function memories(lane, world) {
  const used = active(lane);
  /** @param {{ kind: number | null, name: string }} table */
  const named = ({ kind, name }) =>
    kind === null ? name : `${name} ${world.regimes.find((regime) => regime.kind === kind)?.name}`;
  const told = known(lane).map((each) =>
    h(
      "span",
      { class: "el-memory" },
      swatch(fillOf(each.kind)),
      each.context === used?.context ? h("b", null, `${named(each)}, in use`) : named(each),
    ),
  );
  return [
    h("dt", null, "Memories"),
    h("dd", null, told, used ? null : h("b", null, "searching")),
    lane.change && [h("dt", null, "Last change"), h("dd", null, changed(lane.change, world))],
  ];
}

/** @param {NonNullable<Lane["change"]>} change @param {World} world */
function changed({ kind, noticed, found }, world) {
  const [, size, brief] = timeUnit(found, world.seconds_per_tick);
  const into = (/** @type {number} */ ticks) => number(ticks / size);
  return `noticed ${into(noticed)} ${brief} into regime ${letter(kind)}, settled after ${into(found)}`;
}
