// What opens over a world: changing it, sharing it, and all keys. One panel at a time; Escape closes it.

import { button, fill, h, icon } from "./dom.js";
import { choice } from "./rail.js";
import { press, said } from "./switches.js";
import { shown, title } from "./words.js";

const KEYS = [
  ["Space", "play or pause"],
  [".", "one step"],
  ["R", "reset"],
  ["C", "change this world"],
  ["F", "what if: fork this world"],
  ["← →", "look back (Shift: one tick)"],
  ["Tab", "next agent"],
  ["P", "parameters (narrow window)"],
  ["D", "light or dark"],
  ["/", "search worlds"],
  ["Esc", "close"],
  ["?", "all keys"],
];

export function panels(root) {
  let open = null,
    from = null;
  function close() {
    open?.element.remove();
    open = null;
    from?.focus?.({ preventScroll: true });
  }
  return {
    close,
    get name() {
      return open?.name;
    },
    file(text) {
      open?.file?.(text);
    },
    refresh(...news) {
      open?.refresh?.(...news);
    },
    toggle(name, build) {
      const again = open?.name === name;
      close();
      if (again) return;
      from = document.activeElement;
      const { title: heading, body, up, refresh, file } = build();
      const element = h(
        "section",
        { class: `el-panel ${up ? "el-up" : ""}`, role: "dialog", "aria-label": heading },
        h(
          "div",
          { class: "el-sec" },
          h("h2", null, heading),
          h(
            "button",
            { type: "button", class: "el-btn el-quiet el-aside", onclick: close },
            "Close",
            h("kbd", null, "Esc"),
          ),
        ),
        body,
      );
      root.append(element);
      open = { name, element, refresh, file };
      element.querySelector("select, input, button:not(.el-aside)")?.focus({ preventScroll: true });
    },
  };
}

/** Change any live parameter now, take out an edge, and go back to the schedule. */
export function changePanel(heading, world, status, { change, release, toggle }) {
  const live = world.knobs.filter((knob) => knob.live && knob.kind !== "list" && knob.kind !== "text");
  const edges = world.scene.switches?.names.length ? switching(world.scene.switches, status.parameters, toggle) : null;
  const body = h("div"),
    changed = h("section", { class: "el-block" });
  let knob = live.find((candidate) => !candidate.name.startsWith("cooperat")) ?? live[0];

  const field = h("div", { class: "el-line" });
  function ask() {
    const value = status.parameters[knob.name];
    const input =
      knob.kind === "bool"
        ? choice(
            "Value",
            [
              ["true", "on"],
              ["false", "off"],
            ],
            () => {},
          )
        : knob.kind === "choice"
          ? choice(
              "Value",
              knob.choices.map((name) => [name, name]),
              () => {},
            )
          : h("input", {
              class: "el-field",
              type: "number",
              "aria-label": "Value",
              min: knob.low,
              max: knob.high,
              step: "any",
              onkeydown: (event) => event.key === "Enter" && apply(),
            });
    input.value = String(value);
    const apply = () =>
      change(
        knob,
        knob.kind === "bool" ? input.value === "true" : knob.kind === "choice" ? input.value : Number(input.value),
      );
    const bounds = knob.low !== null && knob.high !== null ? `${knob.low} to ${knob.high}` : "";
    fill(
      field,
      input,
      h(
        "span",
        { class: "el-faint el-xs", style: "margin-left:0;white-space:nowrap" },
        `${knob.unit} ${bounds}`.trim(),
      ),
      button("Apply", apply),
    );
  }
  const pick = choice(
    "Parameter",
    live.map((candidate) => [candidate.name, title(candidate)]),
    (name) => {
      knob = live.find((candidate) => candidate.name === name);
      ask();
    },
  );
  pick.value = knob.name;
  ask();

  function list() {
    const names = Object.keys(status.changed);
    fill(
      changed,
      h("h2", null, "Changed now"),
      names.length
        ? names.map((name) => {
            const of = world.knobs.find((candidate) => candidate.name === name);
            return h(
              "div",
              { class: "el-line" },
              h("span", null, `${title(of)} `, h("b", null, shown(of, status.changed[name])), ` ${of.unit}`),
              button("Release", () => release([name]), { kind: "el-quiet" }),
            );
          })
        : h("p", { class: "el-mute" }, "Nothing: the schedule holds."),
      names.length > 1 && button("Back to the schedule", () => release(names)),
    );
  }
  list();

  fill(
    body,
    h(
      "section",
      { class: "el-block" },
      h(
        "p",
        { class: "el-mute el-xs", style: "margin-bottom:8px" },
        "Applies from the next tick and holds over the schedule, until you release it.",
      ),
      pick,
      field,
    ),
    edges?.place,
    changed,
  );
  return {
    title: heading,
    body,
    refresh: (next) => {
      status = next;
      list();
      edges?.refresh(status.parameters);
    },
  };
}

/** An edge by name, for those who do not click in the picture. */
function switching(switches, parameters, toggle) {
  const select = choice(
    switches.noun[0].toUpperCase() + switches.noun.slice(1),
    switches.names.map((names, edge) => [edge, said(names)]),
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
    refresh(next) {
      parameters = next;
      show();
    },
  };
}

const HERE = ["127.0.0.1", "localhost", "[::1]"];

/** Where others open the page: here, or where this address holds for this machine alone, at one that it has for others. */
async function placeForOthers() {
  if (!HERE.includes(location.hostname)) return location.href;
  return (await (await fetch(new URL("addresses.json", import.meta.url))).json())[0];
}

/** Two links: the same settings in a run of one's own, or this very run, watched together. */
export function sharePanel(search, run) {
  const alone = h(
    "p",
    { class: "el-mute", hidden: true },
    "Only this computer can open these. Start the page with --host 0.0.0.0 to let others in.",
  );
  const inputs = [];
  placeForOthers().then((place) => {
    alone.hidden = Boolean(place);
    for (const [input, query] of inputs) input.value = new URL(query, place ?? location.href).href;
  });
  const row = (label, text, query) => {
    const input = h("input", {
      class: "el-field",
      readonly: true,
      "aria-label": label,
      value: new URL(query, location.href).href,
      onfocus: () => input.select(),
    });
    inputs.push([input, query]);
    const copy = button("Copy", async () => {
      input.select();
      await (navigator.clipboard?.writeText(input.value) ?? Promise.resolve(document.execCommand("copy"))); // no clipboard without https
      copy.textContent = "Copied";
    });
    return h(
      "section",
      { class: "el-block" },
      h("h2", null, label),
      h("p", { class: "el-mute el-xs" }, text),
      h("div", { class: "el-line", style: "margin-top:4px" }, input, copy),
    );
  };
  return {
    title: "Share",
    up: true,
    body: h(
      "div",
      null,
      row(
        "This world from its start",
        "Scenario, learner, seed and changed parameters, in a run of their own.",
        search,
      ),
      row(
        "This very run, watched together",
        "Everybody sees and steers the same run, as long as somebody watches it.",
        `?run=${run}`,
      ),
      alone,
    ),
  };
}

export const keysPanel = () => ({
  title: "Keys",
  up: true,
  body: h(
    "div",
    { class: "el-keys" },
    KEYS.flatMap(([key, text]) => [h("kbd", null, key), h("span", null, text)]),
  ),
});

/** The bar on top of every page; `middle` is what lies between the brand and the buttons. */
export function topBar(app, ...middle) {
  return h(
    "header",
    { class: "el-top" },
    h(
      "a",
      { class: "el-brand", href: location.pathname, onclick: (event) => app.follow(event, "") },
      h("span", { html: LOGO, "aria-hidden": "true" }),
      "Everlearn",
    ),
    h("span", { class: "el-rule" }),
    ...middle,
    h(
      "button",
      {
        type: "button",
        class: "el-btn el-quiet",
        title: "Light or dark",
        "aria-label": "Light or dark",
        onclick: app.flip,
      },
      icon("theme"),
      h("kbd", null, "D"),
    ),
    h(
      "button",
      { type: "button", class: "el-btn el-quiet", title: "All keys", "aria-label": "All keys", onclick: app.keys },
      h("kbd", null, "?"),
    ),
  );
}

const LOGO =
  '<svg width="26" height="16" viewBox="0 0 26 16"><path d="M2 8c0-7 7.5-7 11 0s11 7 11 0-7.5-7-11 0-11 7-11 0z" fill="none" style="stroke:var(--accent)" stroke-width="2.4"/><circle cx="13" cy="8" r="2.6" style="fill:var(--orange-fill);stroke:var(--surface)" stroke-width="1.2"/></svg>';
