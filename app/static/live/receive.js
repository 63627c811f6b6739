// Which message of a live world changes what, and what is drawn anew then.

import { stillness } from "../picture/projector.js";
import { handOver } from "../saving.js";
import { begin, columnsOf, firstAgent, isBack } from "./state.js";

/** @import { Acts } from "./acts.js" */
/** @import { FrameMessage, Said } from "../messages.js" */
/** @import { App, Receive } from "../page.js" */
/** @import { Parts } from "./parts.js" */
/** @import { Render } from "./render.js" */
/** @import { State } from "./state.js" */
/**
 * What is done with each kind of message.
 *
 * @typedef {{ [K in keyof Said]?: (message: Said[K], buffers: DataView<ArrayBuffer>[]) => void }} Receivers
 */

/** @param {App} app @param {State} state @param {Parts} parts @param {Render} render @param {Acts} act @returns {Receive} */
export function receiver(app, state, parts, render, act) {
  /** @type {Receivers} */
  const on = {
    ...worldReceivers(app, state, render, act),
    ...otherReceivers(state, render),
    frame: frameReceiver(app, state, parts, render),
    inspection(message) {
      parts.picture.select(state.agent);
      state.inspection = state.agent === null ? null : message.inspection;
      render.agent();
      if (!state.looking || !message.inspection || message.agent !== state.agent) return;
      state.looking = false;
      parts.inspector.place.scrollIntoView({ block: "nearest", behavior: stillness.matches ? "auto" : "smooth" });
    },
    waiting: ({ seconds }) => parts.wait.begin(seconds),
    file(message, [buffer]) {
      if (message.kind === "cell") app.dialogs.file(new TextDecoder().decode(buffer));
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
 * @param {Render} render
 * @param {Acts} act
 * @returns {Receivers}
 */
function worldReceivers(app, state, render, act) {
  return {
    world(message) {
      begin(state, message);
      render.life();
      act.watch(firstAgent(state, message));
    },
    status(message) {
      state.status = message;
      render.refusal();
      app.remember(message.search);
      render.play();
      if (!isBack(state)) render.parameters();
      render.dialog();
      render.numbers();
      if (state.frame) render.curve();
    },
    curve({ columns, now }, [buffer]) {
      state.curve = { now, columns: columnsOf(buffer, columns) };
      render.numbers();
      render.curve();
    },
  };
}

/** What is said beside it. @param {State} state @param {Render} render @returns {Receivers} */
function otherReceivers(state, render) {
  return {
    pair({ pair }) {
      const turned = Boolean(pair) !== Boolean(state.pair);
      state.pair = pair;
      if (turned) render.sides();
      render.pair();
      if (!turned) return;
      render.play();
      render.time();
    },
    answer({ answer }) {
      state.answer = answer;
      render.pair();
    },
    past(message) {
      state.past = message;
    },
    memory(message) {
      state.memory = message;
      render.memory();
    },
    panels({ panels }) {
      state.about = panels;
      render.about();
    },
  };
}

/** A picture arrives. @param {App} app @param {State} state @param {Parts} parts @param {Render} render */
function frameReceiver(app, state, parts, render) {
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
    if (jumps) render.parameters();
    if (turned) render.play();
    parts.bar.tell(state.world, state.status, message);
    if (jumps) render.numbers();
    render.time();
  };
}
