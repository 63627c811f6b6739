// Which message of a live world changes what, and what is drawn anew then.

import { stillness } from "../picture/projector.js";
import { handOver } from "../saving.js";
import { begin, columnsOf, firstAgent, isBack } from "./state.js";

/** @import { Acts } from "./acts.js" */
/** @import { FrameMessage, Said } from "../messages.js" */
/** @import { App, Hear } from "../page.js" */
/** @import { Parts } from "./parts.js" */
/** @import { Shows } from "./shows.js" */
/** @import { State } from "./state.js" */
/**
 * What is done with a kind of message.
 *
 * @typedef {{ [K in keyof Said]?: (message: Said[K], buffers: DataView<ArrayBuffer>[]) => void }} Heard
 */

/** @param {App} app @param {State} state @param {Parts} parts @param {Shows} show @param {Acts} act @returns {Hear} */
export function hears(app, state, parts, show, act) {
  /** @type {Heard} */
  const on = {
    ...hearsWorld(app, state, show, act),
    ...hearsMore(state, show),
    frame: hearsFrame(app, state, parts, show),
    inspection(message) {
      parts.picture.select(state.agent);
      state.inspection = state.agent === null ? null : message.inspection;
      show.agent();
      if (!state.looking || !message.inspection || message.agent !== state.agent) return;
      state.looking = false;
      parts.inspector.place.scrollIntoView({ block: "nearest", behavior: stillness.matches ? "auto" : "smooth" });
    },
    waiting: ({ seconds }) => parts.wait.begin(seconds),
    file(message, [buffer]) {
      if (message.kind === "cell") app.panels.file(new TextDecoder().decode(buffer));
      else handOver(message.name, buffer);
    },
  };
  return (message, buffers) => on[message.k]?.(/** @type {any} */ (message), buffers);
}

/**
 * What is said of the world.
 *
 * @param {App} app
 * @param {State} state
 * @param {Shows} show
 * @param {Acts} act
 * @returns {Heard}
 */
function hearsWorld(app, state, show, act) {
  return {
    world(message) {
      begin(state, message);
      show.life();
      act.watch(firstAgent(state, message));
    },
    status(message) {
      state.status = message;
      show.refusal();
      app.remember(message.search);
      show.play();
      if (!isBack(state)) show.parameters();
      show.panel();
      show.numbers();
      if (state.frame) show.curve();
    },
    curve({ columns, now }, [buffer]) {
      state.curve = { now, columns: columnsOf(buffer, columns) };
      show.numbers();
      show.curve();
    },
  };
}

/** What is said beside it. @param {State} state @param {Shows} show @returns {Heard} */
function hearsMore(state, show) {
  return {
    pair({ pair }) {
      const turned = Boolean(pair) !== Boolean(state.pair);
      state.pair = pair;
      if (turned) show.sides();
      show.pair();
      if (!turned) return;
      show.play();
      show.time();
    },
    answer({ answer }) {
      state.answer = answer;
      show.pair();
    },
    past(message) {
      state.past = message;
    },
    memory(message) {
      state.memory = message;
      show.memory();
    },
    panels({ panels }) {
      state.about = panels;
      show.about();
    },
  };
}

/** A picture arrives. @param {App} app @param {State} state @param {Parts} parts @param {Shows} show */
function hearsFrame(app, state, parts, show) {
  return (/** @type {FrameMessage} */ message, /** @type {DataView<ArrayBuffer>[]} */ buffers) => {
    const turned = isBack(state) !== message.looking,
      jumps = turned || message.looking,
      theirs = message.twin.length ? parts.sides?.theirs : null;
    state.frame = message;
    if (jumps) parts.picture.clear();
    parts.picture.frame(message, buffers);
    if (jumps) theirs?.clear();
    theirs?.frame({ ...message, parts: message.twin }, buffers.slice(message.parts.length));
    app.send("ack", { i: message.i });
    parts.top.time(message.clock);
    if (!state.world || !state.status) return;
    if (jumps) show.parameters();
    if (turned) show.play();
    parts.bar.tell(state.world, state.status, message);
    if (jumps) show.numbers();
    show.time();
  };
}
