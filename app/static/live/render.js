// Draws what a view knows: each function shows one thing in the parts that say it.

import { changing, compared, isBack, points } from "./state.js";
import { sidebar } from "./sidebar.js";
import { whatif } from "../whatif/whatif.js";

/** @import { Acts } from "./acts.js" */
/** @import { Values } from "../messages.js" */
/** @import { App } from "../page.js" */
/** @import { Parts } from "./parts.js" */
/** @import { State } from "./state.js" */
/** @typedef {ReturnType<typeof renderer>} Render */

/** @param {App} app @param {State} state @param {Parts} parts @param {Acts} act */
export function renderer(app, state, parts, act) {
  const render = {
    ...worldRenderer(state, parts),
    ...pairRenderer(app, state, parts, act),
    /** What a new life brings: its parameters, scene and name. */
    life() {
      const { world, pair } = state;
      if (!world) return;
      parts.wait.end();
      document.title = `${world.title} · Everlearn`;
      parts.bar.setWorld(world);
      parts.top.tell(world, pair);
      parts.side = sidebar(world, {
        change: act.change,
        wait(name, value) {
          state.waiting[name] = value;
          render.play();
        },
      });
      parts.left.replaceChildren(...parts.side.place.childNodes);
      parts.picture.setScene(world.scene);
      render.memory();
      render.about();
      app.dialogs.close();
    },
    /** Recovery times, Memory lane, and the tables of an agent that has a memory. */
    memory() {
      if (state.world) parts.remember.update(state.world, state.memory);
      if (!state.inspection || state.inspection.remembers) render.agent();
      render.time();
    },
    /** Where on the time axis, of the world or of a what-if. */
    time() {
      const { world, frame, status, memory, past } = state;
      if (!world || !frame || !status) return;
      if (parts.sides) parts.sides.move(frame);
      else parts.timeline.draw(world, frame, status.events, memory.lane ?? null, past);
    },
  };
  return render;
}

/** @param {State} state @param {Parts} parts */
function worldRenderer(state, parts) {
  return {
    /** Whether it plays, how fast, and what waits for a reset. */
    play() {
      const { world, status, waiting, pair } = state,
        looking = isBack(state);
      if (!world || !status) return;
      parts.top.state(status, looking);
      parts.bar.update(world, status, { waiting, paired: pair !== null, looking });
      parts.side?.update(status, waiting);
    },
    /** Why the last order was refused; one that was put away stays away. */
    refusal() {
      const text = state.status?.refusal ?? "";
      if (text !== parts.refusal.textContent) parts.refusal.hidden = !text;
      parts.refusal.textContent = text;
    },
    /** Headline numbers of what the picture shows. */
    numbers() {
      const { world, status, frame, curve } = state;
      if (!world || !status) return;
      parts.headlines.update(world, status, frame?.regime ?? 0, curve.columns, frame?.now?.[0] ?? curve.now);
    },
    curve() {
      const { world, status, frame } = state;
      if (world && status) parts.chart.update(world, status, frame?.tick ?? 0, ...points(state));
    },
    about() {
      const { world, about, curve, agent } = state;
      if (world) parts.panels.update(about, { world, columns: curve.columns, agent });
    },
    /** The agent that is inspected. */
    agent() {
      const { world, inspection, agent, memory } = state;
      if (!world) return;
      parts.inspector.update(inspection, agent === null ? null : world.agents[agent], world, memory.lane ?? null);
    },
    /** Which agent is marked in the pictures. */
    selection() {
      parts.picture.select(state.agent);
      parts.sides?.theirs.select(state.agent);
    },
  };
}

/** @param {App} app @param {State} state @param {Parts} parts @param {Acts} act */
function pairRenderer(app, state, parts, act) {
  const { picture, stage, place, bar, top } = parts;

  /** Tell pictures the parameters of their worlds. @param {Values} mine @param {Values} [theirs] */
  function tell(mine, theirs) {
    picture.tell(mine);
    if (theirs) parts.sides?.theirs.tell(theirs);
  }

  /** Tell them those of the moment that is shown. */
  function parameters() {
    const { status, frame } = state;
    if (frame?.told) tell(frame.told[0], frame.told[1]);
    else if (status) tell(status.parameters, status.twin?.parameters);
  }

  /** Two pictures side by side. */
  function open() {
    const { world, pair, status, frame } = state;
    if (!world) return;
    parts.sides = whatif(picture, { pick: act.pick, toggle: act.toggle, look: act.look, save: act.openSave });
    place.insertBefore(parts.sides.place, bar.place);
    place.classList.add("el-paired");
    bar.key.append(picture.legend);
    picture.fix(true);
    parts.sides.open(world);
    if (status?.twin) tell(status.parameters, status.twin.parameters);
    if (frame) parts.sides.theirs.select(state.agent);
    top.tell(world, pair);
  }

  /** One picture again. */
  function close() {
    stage.prepend(picture.legend, picture.place);
    picture.fix(false);
    parts.sides?.end();
    parts.sides?.place.remove();
    parts.sides = null;
    place.classList.remove("el-paired");
    app.dialogs.close();
    if (state.world) top.tell(state.world, state.pair);
  }

  return {
    parameters,
    sides: () => (state.pair ? open() : close()),
    /** What the pairs of a what-if say. */
    pair() {
      const pair = compared(state);
      if (pair && state.world) parts.sides?.update(state.world, pair, state.frame ?? pair);
    },
    /** The dialog that is open over the world. */
    dialog() {
      const now = changing(state);
      if (now) app.dialogs.refresh(now);
    },
  };
}
