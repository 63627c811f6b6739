// The left rail: cooperation, the learner, and the world's parameters, drawn from the schema. Live ones apply from the next
// tick; the others are kept until the world is reset, and say so.

import { fill, h, icon, range, setRange } from "./dom.js";
import { press, said } from "./switches.js";
import { number, shown, title, words } from "./words.js";

const STEPS = 200;
const FEW = 2; // edges up to which the rail has a box for each; more are switched in the picture

export function rail(world, { change, wait }) {
  const knobs = world.knobs.filter((knob) => knob.name !== "cooperation" && editable(knob));
  const live = knobs.filter((knob) => knob.live),
    later = knobs.filter((knob) => !knob.live);
  const setters = [];
  const control = (knob) => {
    const made = parameter(knob, (value) => (knob.live ? change(knob, value) : wait(knob.name, value)));
    setters.push(made);
    return made.place;
  };
  const learner = choice(
    "Learner",
    [
      ["", `as the scenario says (${world.learner.split(", ").map(words).join(", ")})`],
      ...world.learners.map((name) => [name, words(name)]),
    ],
    (value) => wait("learner", value || null),
  );
  const memory = box("Lifelong memory", (value) => wait("lifelong", value));
  const remembers = h(
    "div",
    { class: "el-param" },
    h(
      "div",
      { class: "el-row el-check" },
      h("span", { class: "el-name" }, "Lifelong memory"),
      h("span", { class: "el-when el-val" }, "at reset"),
      memory.place,
    ),
    h("div", { class: "el-mean" }, "Keeps a table per regime; recalls it when that regime returns."),
  );
  const kappa = world.knobs.find((knob) => knob.name === "cooperation");
  const cooperation = kappa && cooperate(kappa, (value) => change(kappa, value));
  if (cooperation) setters.push(cooperation);
  const whom = live.find((knob) => knob.name === "cooperate_with");
  if (whom) cooperation?.place.append(h("div", { style: "margin-top:13px" }, control(whom)));

  const edges = openings(world, change);
  setters.push(...edges);

  const place = h(
    "aside",
    { class: "el-rail el-left", "aria-label": "Parameters" },
    cooperation?.place,
    h(
      "section",
      { class: "el-block" },
      h(
        "div",
        { class: "el-sec" },
        h("h2", null, "Parameters"),
        h("span", { class: "el-aside" }, "apply from the next tick"),
      ),
      h(
        "div",
        { class: "el-param" },
        h(
          "div",
          { class: "el-row" },
          h("label", { class: "el-name", for: "el-learner" }, "Learner"),
          h("span", { class: "el-when el-val" }, "at reset"),
        ),
        learner,
        h("div", { class: "el-mean" }, "How agents decide and learn."),
      ),
      remembers,
      edges.map((edge) => edge.place),
      live.filter((knob) => knob !== whom).map(control),
    ),
    later.length > 0 &&
      h(
        "section",
        { class: "el-block" },
        h("details", { class: "el-more" }, h("summary", null, "More, applied at reset"), later.map(control)),
      ),
  );

  return {
    place,
    update(status, waiting) {
      learner.value = ("learner" in waiting ? waiting.learner : status.learner) ?? "";
      remembers.hidden = !world.returns || !(world.can_remember || "learner" in waiting);
      memory.set(("lifelong" in waiting ? waiting.lifelong : status.lifelong) ?? world.lifelong);
      remembers.classList.toggle("el-set", "lifelong" in waiting);
      for (const setter of setters) {
        const name = setter.knob.name;
        setter.set(
          name in waiting ? waiting[name] : status.parameters[name],
          name in status.changed || name in waiting,
        );
      }
    },
  };
}

/** Lists and free text have their own places (closing a road), or none. */
const editable = (knob) =>
  knob.kind === "bool" ||
  knob.kind === "choice" ||
  ((knob.kind === "float" || knob.kind === "int") && knob.low !== null);

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

/** A range over the bounds; logarithmic where they span more than three powers of ten; a number field where there is no upper bound. */
function slider(knob, moved, changed) {
  const whole = (value) => (knob.kind === "int" ? Math.round(value) : Number(value.toPrecision(3)));
  if (knob.high === null) {
    const input = h("input", {
      type: "number",
      class: "el-field",
      min: knob.low,
      step: knob.kind === "int" ? 1 : "any",
      "aria-label": title(knob),
      onchange: () => input.value !== "" && changed(whole(Number(input.value))),
    });
    return {
      place: input,
      typed: true,
      set: (value) => {
        if (document.activeElement !== input) input.value = value;
      },
    };
  }
  const curved = knob.low >= 0 && knob.high - knob.low > 1000;
  const span = knob.high - knob.low;
  const value = (at) => whole(curved ? knob.low + (span + 1) ** (at / STEPS) - 1 : knob.low + (span * at) / STEPS);
  const place = (now) =>
    Math.round(STEPS * (curved ? Math.log(now - knob.low + 1) / Math.log(span + 1) : (now - knob.low) / span));
  const input = range(
    title(knob),
    { min: 0, max: STEPS, step: 1, value: 0 },
    (at) => moved(value(at)),
    (at) => changed(value(at)),
  );
  return { place: input, set: (now) => setRange(input, place(now)) };
}

function box(label, changed) {
  const input = h("input", { type: "checkbox", "aria-label": label, onchange: () => changed(input.checked) });
  return {
    place: input,
    set: (value) => {
      input.checked = value;
    },
  };
}

function segment(knob, changed) {
  const buttons = knob.choices.map((option) =>
    h("button", { type: "button", onclick: () => changed(option) }, words(option)),
  );
  return {
    place: h("div", { class: "el-seg", role: "group", "aria-label": title(knob) }, buttons),
    set: (value) => buttons.forEach((button, i) => button.setAttribute("aria-pressed", knob.choices[i] === value)),
  };
}

/** A box for each edge that people can take out, where they are few: ticked while it is open. */
function openings({ scene, knobs }, change) {
  const { switches } = scene;
  if (!switches || switches.names.length > FEW) return [];
  const knob = knobs.find((each) => each.name === switches.parameter);
  let now = [];
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
      set(out, marked) {
        now = out;
        field.set(!out.some((name) => names.includes(name)));
        place.classList.toggle("el-set", marked);
      },
    };
  });
}

export function choice(label, options, picked) {
  const select = h(
    "select",
    { class: "el-field", id: `el-${label.toLowerCase()}`, "aria-label": label, onchange: () => picked(select.value) },
    options.map(([value, text]) => h("option", { value }, text)),
  );
  return select;
}

/** The cooperation slider: whose reward counts. */
function cooperate(knob, changed) {
  const value = h("b", { style: "color:var(--ink)" }),
    means = h("p", { class: "el-xs el-mute", style: "margin-top:4px" });
  const show = (now) => {
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
