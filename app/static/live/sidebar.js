// The left sidebar: cooperation, the learner, and the world's parameters, drawn from the schema. Live ones apply from the next
// tick; the others are kept until the world is reset, and say so.

import { fill, h, icon, range, setRange } from "../dom.js";
import { box, choice, segment, slider } from "./fields.js";
import { press, said } from "../switches.js";
import { called, number, shown, title } from "../words.js";

/** @import { Knob, Status, World } from "../messages.js" */
/** @import { Change, Waiting } from "../page.js" */
/**
 * Shows a parameter; marked where people have set it.
 *
 * @typedef {{ knob: Knob, place: HTMLElement, set: (now: any, marked: boolean) => void }} Setter
 */
/**
 * What people do here: change a live parameter, or let one wait for a reset.
 *
 * @typedef {{ change: Change, wait: (name: string, value: any) => void }} Act
 */

const PATIENCE_MS = 1000; // how long what a person set is shown before the world has said that it took it
const FEW = 2; // edges up to which the sidebar has a box for each; more are switched in the picture

/** @param {World} world @param {Act} act */
export function sidebar(world, { change, wait }) {
  const knobs = world.knobs.filter((knob) => knob.name !== "cooperation" && editable(knob));
  const setters = /** @type {Setter[]} */ ([]);
  /** @param {Setter} setter */
  const keep = (setter) => {
    setters.push(setter);
    return setter.place;
  };
  const asked = /** @type {Map<string, { value: any, until: number }>} */ (new Map());
  /** @type {Change} What was said of the world before it heard of this is not shown. */
  const ask = (knob, value, text) => {
    asked.set(knob.name, { value, until: performance.now() + PATIENCE_MS });
    for (const setter of setters) if (setter.knob === knob) setter.set(value, true);
    change(knob, value, text);
  };
  const control = (/** @type {Knob} */ knob) =>
    keep(parameter(knob, (value) => (knob.live ? ask(knob, value) : wait(knob.name, value))));

  const kappa = world.knobs.find((knob) => knob.name === "cooperation"),
    whom = knobs.find((knob) => knob.live && knob.name === "cooperate_with");
  const cooperation = kappa && keep(cooperate(kappa, (value) => ask(kappa, value)));
  if (whom) cooperation?.append(h("div", { style: "margin-top:13px" }, control(whom)));
  const learner = learners(world, wait),
    memory = memories(world, wait);
  const now = h(
    "section",
    { class: "el-block" },
    h(
      "div",
      { class: "el-sec" },
      h("h2", null, "Parameters"),
      h("span", { class: "el-aside" }, "apply from the next tick"),
    ),
    learner.place,
    memory.place,
    openings(world, ask).map(keep),
    knobs.filter((knob) => knob.live && knob !== whom).map(control),
  );
  const later = knobs.filter((knob) => !knob.live).map(control);
  const more = h("details", { class: "el-more" }, h("summary", null, "More, applied at reset"), later);
  return {
    place: h("div", null, cooperation, now, later.length > 0 && h("section", { class: "el-block" }, more)),
    /** @param {Status} status @param {Waiting} waiting */
    update(status, waiting) {
      learner.update(status, waiting);
      memory.update(status, waiting);
      for (const [name, { value, until }] of asked)
        if (performance.now() > until || same(value, status.parameters[name])) asked.delete(name);
      for (const { knob, set } of setters) {
        const { name } = knob,
          waits = name in waiting;
        if (!asked.has(name)) set(waits ? waiting[name] : status.parameters[name], waits || name in status.changed);
      }
    },
  };
}

/** Whether two values of a parameter are equal. @param {any} one @param {any} other */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Lists and free text have their own places (closing a road), or none. @param {Knob} knob */
const editable = (knob) =>
  knob.kind === "bool" ||
  knob.kind === "choice" ||
  ((knob.kind === "float" || knob.kind === "int") && knob.low !== null);

/** Who decides, from the next reset on. @param {World} world @param {Act["wait"]} wait */
function learners(world, wait) {
  const own = `as the scenario says (${world.learner
    .split(", ")
    .map((kind) => called(world, kind))
    .join(", ")})`;
  const named = Object.entries(world.learners).map(([kind, title]) => [
    kind,
    world.worse_than_random.includes(kind) ? `${title} (worse than random here)` : title,
  ]);
  const options = /** @type {[string, string][]} */ ([["", own], ...named]);
  const select = choice("Learner", options, (value) => wait("learner", value || null));
  const place = h(
    "div",
    { class: "el-param" },
    h(
      "div",
      { class: "el-row" },
      h("label", { class: "el-name", for: "el-learner" }, "Learner"),
      h("span", { class: "el-when el-val" }, "at reset"),
    ),
    select,
    h("div", { class: "el-mean" }, "How agents decide and learn."),
  );
  return {
    place,
    /** @param {Status} status @param {Waiting} waiting */
    update(status, waiting) {
      select.value = ("learner" in waiting ? waiting.learner : status.learner) ?? "";
    },
  };
}

/**
 * Whether agents keep what they know of regimes, from the next reset on.
 *
 * @param {World} world
 * @param {Act["wait"]} wait
 */
function memories(world, wait) {
  const field = box("Lifelong memory", (value) => wait("lifelong", value));
  const place = h(
    "div",
    { class: "el-param" },
    h(
      "div",
      { class: "el-row el-check" },
      h("span", { class: "el-name" }, "Lifelong memory"),
      h("span", { class: "el-when el-val" }, "at reset"),
      field.place,
    ),
    h("div", { class: "el-mean" }, "Keeps a table for each regime and recalls it when the regime returns."),
  );
  return {
    place,
    /** @param {Status} status @param {Waiting} waiting */
    update(status, waiting) {
      place.hidden = !world.returns || !(world.can_remember || "learner" in waiting);
      field.set(("lifelong" in waiting ? waiting.lifelong : status.lifelong) ?? world.lifelong);
      place.classList.toggle("el-set", "lifelong" in waiting);
    },
  };
}

/**
 * A parameter with its title, value and meaning.
 *
 * @param {Knob} knob
 * @param {(value: any) => void} changed
 * @returns {Setter}
 */
function parameter(knob, changed) {
  const value = h("b"),
    name = h("span", { class: "el-name" }, title(knob));
  const numeric = knob.kind === "float" || knob.kind === "int";
  const field = numeric
    ? slider(
        knob,
        (now) => {
          value.textContent = shown(knob, now);
        },
        changed,
      )
    : knob.kind === "bool"
      ? box(title(knob), changed)
      : segment(knob, changed);
  const place = h(
    "div",
    { class: "el-param", title: knob.name },
    h(
      "div",
      { class: "el-row" },
      name,
      knob.kind === "choice"
        ? null
        : h(
            "span",
            { class: "el-val" },
            knob.kind === "bool" ? field.place : [field.typed ? null : value, knob.unit ? ` ${knob.unit}` : ""],
          ),
    ),
    knob.kind === "bool" ? null : field.place,
    h("div", { class: "el-mean" }, knob.meaning),
  );
  return {
    knob,
    place,
    set(now, marked) {
      place.classList.toggle("el-set", marked);
      field.set(now);
      if (numeric && !field.place.matches(":active")) value.textContent = shown(knob, now);
    },
  };
}

/**
 * A box for each edge that people can take out, where they are few: ticked while it is open.
 *
 * @param {World} world
 * @param {Change} change
 * @returns {Setter[]}
 */
function openings({ scene, knobs }, change) {
  const { switches } = scene;
  const knob = knobs.find((each) => each.name === switches?.parameter);
  if (!knob || !switches || switches.names.length > FEW) return [];
  let now = /** @type {string[]} */ ([]);
  return switches.names.map((names, edge) => {
    const label = `${switches.noun[0].toUpperCase()}${switches.noun.slice(1)} ${said(names)}`;
    const field = box(label, () => {
      const { text, value } = press(switches, { [knob.name]: now }, edge);
      change(knob, value, text);
    });
    const place = h(
      "div",
      { class: "el-param", title: knob.name },
      h(
        "div",
        { class: "el-row el-check" },
        h("span", { class: "el-name" }, label),
        h("span", { class: "el-val" }, "open "),
        field.place,
      ),
    );
    return {
      knob,
      place,
      /** @param {string[]} out */
      set(out, marked) {
        now = out;
        field.set(!out.some((name) => names.includes(name)));
        place.classList.toggle("el-set", marked);
      },
    };
  });
}

/**
 * The cooperation slider: whose reward counts.
 *
 * @param {Knob} knob
 * @param {(value: number) => void} changed
 * @returns {Setter}
 */
function cooperate(knob, changed) {
  const value = h("b", { style: "color:var(--ink)" }),
    means = h("p", { class: "el-xs el-mute", style: "margin-top:4px" });
  const show = (/** @type {number} */ now) => {
    value.textContent = now.toFixed(2);
    const share =
      now === 0
        ? "its own reward only"
        : now === 1
          ? "others’ reward only"
          : `${number(Math.round(100 * (1 - now)))} % its own and ${number(Math.round(100 * now))} % others’ reward`;
    fill(means, `Each agent learns from ${share}.`);
  };
  const input = range("Cooperation", { min: 0, max: 1, step: 0.05, value: 0 }, show, changed);
  const place = h(
    "section",
    { class: "el-block" },
    h("div", { class: "el-sec" }, h("h2", null, "Cooperation"), h("span", { class: "el-aside" }, "κ = ", value)),
    input,
    h(
      "div",
      { class: "el-ends" },
      h("span", { class: "el-tag el-comp" }, icon("compete", 13), "compete"),
      h("span", { class: "el-tag el-coop" }, "cooperate", icon("cooperate", 13)),
    ),
    means,
  );
  return {
    knob,
    place,
    set: (now) => {
      setRange(input, now);
      if (!input.matches(":active")) show(now);
    },
  };
}
