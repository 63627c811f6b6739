// A live world: what it knows (state.js), what people do (acts.js), its parts, and what is drawn anew (render.js) when a message
// comes (receive.js).

import { acts } from "./acts.js";
import { receiver } from "./receive.js";
import { keys } from "./keys.js";
import { parts as makeParts } from "./parts.js";
import { renderer } from "./render.js";
import { compared, unknown } from "./state.js";

/** @import { App } from "../page.js" */

/** @param {App} app */
export function worldView(app) {
  const state = unknown();
  const act = acts(app, state, () => render.selection());
  const parts = makeParts(app, act);
  const render = renderer(app, state, parts, act);
  const resized = new ResizeObserver(render.time);
  resized.observe(parts.timeline.place);

  return {
    place: parts.place,
    receive: receiver(app, state, parts, render, act),
    key: keys(state, act, parts.place, parts.picture),
    lost: parts.top.lost,
    redraw() {
      parts.picture.redraw();
      parts.sides?.theirs.redraw();
      parts.chart.redraw();
    },
    /** @param {boolean} closed */
    escape(closed) {
      state.leaving = true;
      if (state.pair && !closed) act.join(false);
    },
    end() {
      parts.wait.end();
      parts.picture.end();
      parts.chart.end();
      parts.remember.end();
      parts.sides?.end();
      resized.disconnect();
    },
    // What tests look at:
    get state() {
      return { ...state, pair: compared(state) };
    },
    stats: parts.picture.stats,
    ownFrame: parts.picture.last,
    twinFrame: () => parts.sides?.theirs.last(),
    twinDrawn: () => parts.sides?.theirs.stats.drawn ?? 0,
    placeOf: parts.picture.placeOf,
    placeOfEdge: parts.picture.placeOfEdge,
  };
}
