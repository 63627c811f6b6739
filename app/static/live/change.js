// Changing a world: any live parameter now, an edge taken out, and back to the schedule.

import { button, fill, h } from "../dom.js";
import { choice } from "./fields.js";
import { press, said } from "../switches.js";
import { shown, title } from "../words.js";

/** @import { Knob, Values, World } from "../messages.js" */
/** @import { Change, Changing, OpenDialog } from "../page.js" */
/** @import { Switches } from "../scenes.js" */

const BOOL = /** @type {[string, string][]} */ ([
  ["true", "on"],
  ["false", "off"],
]);

/**
 * The dialog, for the parameters that a world has now.
 *
 * @param {string} heading
 * @param {World} world
 * @param {Changing} now
 * @param {{ change: Change, release: (names: string[]) => void, toggle: (edge: number) => void }} act
 * @returns {OpenDialog}
 */
export function changeDialog(heading, world, now, { change, release, toggle }) {
  const { switches } = world.scene;
  const edges = switches?.names.length ? switching(switches, now.parameters, toggle) : null;
  const asked = asking(world, now.parameters, change);
  const held = h("section", { class: "el-block" });
  list(held, world, now, release);
  return {
    title: heading,
    body: h("div", null, asked.place, edges?.place, held),
    refresh(next) {
      asked.refresh(next.parameters);
      list(held, world, next, release);
      edges?.refresh(next.parameters);
    },
  };
}

/** Choose a parameter, then its value. @param {World} world @param {Values} parameters @param {Change} change */
function asking(world, parameters, change) {
  const live = world.knobs.filter((knob) => knob.live && knob.kind !== "list" && knob.kind !== "text");
  const first = live.find((knob) => !knob.name.startsWith("cooperat")) ?? live[0];
  const field = h("div", { class: "el-line" });

  /** @param {string} name */
  function ask(name) {
    const knob = live.find((candidate) => candidate.name === name) ?? first;
    const apply = () => change(knob, valueOf(knob, input.value));
    const input = inputOf(knob, apply);
    input.value = String(parameters[knob.name]);
    const bounds = knob.low !== null && knob.high !== null ? `${knob.low} to ${knob.high}` : "";
    const unit = `${knob.unit} ${bounds}`.trim();
    fill(
      field,
      input,
      h("span", { class: "el-faint el-xs", style: "margin-left:0;white-space:nowrap" }, unit),
      button("Apply", apply),
    );
  }

  const options = live.map((knob) => /** @type {[string, string]} */ ([knob.name, title(knob)]));
  const pick = choice("Parameter", options, ask);
  pick.value = first.name;
  ask(first.name);
  const about = "Applies from the next tick and overrides the schedule until you release it.";
  return {
    place: h(
      "section",
      { class: "el-block" },
      h("p", { class: "el-mute el-xs", style: "margin-bottom:8px" }, about),
      pick,
      field,
    ),
    /** @param {Values} next */
    refresh(next) {
      parameters = next;
    },
  };
}

/** A field for a value of a parameter. @param {Knob} knob @param {() => void} apply */
function inputOf(knob, apply) {
  if (knob.kind === "bool") return choice("Value", BOOL, () => {});
  if (knob.kind === "choice")
    return choice(
      "Value",
      knob.choices.map((name) => [name, name]),
      () => {},
    );
  return h("input", {
    class: "el-field",
    type: "number",
    "aria-label": "Value",
    min: knob.low,
    max: knob.high,
    step: "any",
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && apply(),
  });
}

/** @param {Knob} knob @param {string} text */
function valueOf({ kind }, text) {
  if (kind === "bool") return text === "true";
  return kind === "choice" ? text : Number(text);
}

/**
 * What is changed now.
 *
 * @param {HTMLElement} place
 * @param {World} world
 * @param {Changing} now
 * @param {(names: string[]) => void} release
 */
function list(place, world, { changed }, release) {
  const names = Object.keys(changed);
  const line = (/** @type {string} */ name) => {
    const knob = /** @type {Knob} */ (world.knobs.find((candidate) => candidate.name === name));
    return h(
      "div",
      { class: "el-line" },
      h("span", null, `${title(knob)} `, h("b", null, shown(knob, changed[name])), ` ${knob.unit}`),
      button("Release", () => release([name]), { kind: "el-quiet" }),
    );
  };
  fill(
    place,
    h("h2", null, "Changed now"),
    names.length ? names.map(line) : h("p", { class: "el-mute" }, "Nothing: the schedule holds."),
    names.length > 1 && button("Back to the schedule", () => release(names)),
  );
}

/**
 * An edge by name, for those who do not click in the picture.
 *
 * @param {Switches} switches
 * @param {Values} parameters
 * @param {(edge: number) => void} toggle
 */
function switching(switches, parameters, toggle) {
  const select = choice(
    switches.noun[0].toUpperCase() + switches.noun.slice(1),
    switches.names.map((names, edge) => [String(edge), said(names)]),
    show,
  );
  const act = button(switches.off, () => toggle(Number(select.value)));
  function show() {
    act.textContent = press(switches, parameters, Number(select.value)).verb;
  }
  show();
  return {
    place: h(
      "section",
      { class: "el-block" },
      h("h2", null, `${switches.off} a ${switches.noun}`),
      h("p", { class: "el-mute el-xs" }, `Or click it in the picture; again to ${switches.on.toLowerCase()}.`),
      h("div", { class: "el-line" }, select, act),
    ),
    /** @param {Values} next */
    refresh(next) {
      parameters = next;
      show();
    },
  };
}
