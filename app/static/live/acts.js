// What people do to a world, said to the server. Nothing here draws; `selected` is called when another
// agent is inspected.

import { changeDialog } from "./change.js";
import { saveDialog } from "../saving.js";
import { shareDialog } from "../share.js";
import { changing, isBack } from "./state.js";
import { press } from "../switches.js";
import { cause, shown, title } from "../words.js";

/** @import { App, Change } from "../page.js" */
/** @import { Knob } from "../messages.js" */
/** @import { State } from "./state.js" */
/** @typedef {ReturnType<typeof acts>} Acts */

/** @param {App} app @param {State} state @param {() => void} selected */
export function acts(app, state, selected) {
  const { send, dialogs } = app;

  /** @param {number | null} tick of the past; null: the run itself */
  const look = (tick) => send("look", { tick });

  /** @param {number} agent */
  function watch(agent) {
    state.leaving = false;
    state.agent = agent;
    selected();
    send("watch", { agent });
  }

  /** Somebody asked for this agent, so its inspector comes into sight. @param {number} agent */
  function pick(agent) {
    state.looking = true;
    watch(agent);
  }

  return {
    look,
    watch,
    pick,
    next() {
      if (state.world) pick(state.agent === null ? 0 : (state.agent + 1) % state.world.agents.length);
    },
    playOrPause() {
      if (isBack(state)) look(null);
      else send("play", { playing: !state.status?.playing });
    },
    step: () => send("step"),
    goOn: () => send("go_on"),
    fork: () => send("fork"),
    /** @param {boolean} keep */
    join: (keep) => send("join", { keep }),
    /** @param {number | null} ticks_per_s */
    speed: (ticks_per_s) => send("speed", { ticks_per_s }),
    reset() {
      if (!state.status) return;
      const { learner = state.status.learner, lifelong = state.status.lifelong, ...parameters } = state.waiting;
      state.waiting = {};
      send("reset", { learner, lifelong, seed: state.status.seed, changes: { ...state.status.made, ...parameters } });
    },
    ...changes(app, state),
    openSave() {
      if (state.status) dialogs.toggle("save", () => saveDialog(app, state.pair !== null));
    },
    share() {
      const { status, world } = state;
      if (status && world) dialogs.toggle("share", () => shareDialog(status.search, world.run));
    },
  };
}

/** Changes of parameters. @param {App} app @param {State} state */
function changes({ send, dialogs }, state) {
  /** @type {Change} */
  function change(knob, value, text) {
    const said = text ?? `${title(knob)} ${shown(knob, value)}${knob.unit ? ` ${knob.unit}` : ""}`;
    send("change", { text: said, name: cause(said), parameters: { [knob.name]: value } });
  }

  /** Take an edge out, or put it back. @param {number} edge */
  function toggle(edge) {
    const switches = state.world?.scene.switches,
      now = changing(state);
    if (!switches || !now) return;
    const { parameter, text, value } = press(switches, now.parameters, edge);
    send("change", { text, name: cause(text), parameters: { [parameter]: value } });
  }

  /** Give parameters back to the schedule. @param {string[]} names */
  function release(names) {
    const knobs = names.map((name) => state.world?.knobs.find((knob) => knob.name === name));
    const titles = knobs.map((knob) => title(/** @type {Knob} */ (knob)));
    send("change", {
      text: `${titles.join(", ")} released`,
      name: `the schedule's ${titles.join(" and ").toLowerCase()}`,
      parameters: Object.fromEntries(names.map((name) => [name, null])),
    });
  }

  function openChange() {
    const now = changing(state),
      { world, pair } = state;
    if (!now || !world) return;
    const head = pair ? "Change world B" : "Change this world";
    dialogs.toggle("change", () => changeDialog(head, world, now, { change, release, toggle }));
  }

  return { change, toggle, openChange };
}
