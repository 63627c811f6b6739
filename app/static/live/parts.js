// The parts of a live world and where they stand.

import { banner } from "./banner.js";
import { chart } from "../chart/chart.js";
import { controls } from "./controls.js";
import { countdown } from "./countdown.js";
import { h } from "../dom.js";
import { headlines } from "./headlines.js";
import { inspector } from "../learning/inspector.js";
import { panels } from "../learning/panels.js";
import { picture } from "../picture/picture.js";
import { remember } from "../learning/remember.js";
import { timeTravel } from "./time_travel.js";
import { timeline } from "../timeline/timeline.js";

/** @import { Acts } from "./acts.js" */
/** @import { App } from "../page.js" */
/** @import { sidebar } from "./sidebar.js" */
/** @import { whatif } from "../whatif/whatif.js" */
/** @typedef {ReturnType<typeof parts>} Parts */

/** @param {App} app @param {Acts} act */
export function parts(app, act) {
  const made = make(app, act, () => place.classList.toggle("el-drawer"));
  const { stage, place } = layout(made);
  timeTravel(made.timeline.place, made.timeline.tickAt, act.look);
  return { ...made, stage, place };
}

/** @param {App} app @param {Acts} act @param {() => void} drawer shows parameters in a narrow window, or hides them */
function make(app, act, drawer) {
  const made = {
    top: banner(app, { save: act.openSave, share: act.share }),
    bar: controls({ ...act, drawer }),
    picture: picture(act.pick, act.toggle),
    chart: chart(),
    headlines: headlines(),
    timeline: timeline(),
    inspector: inspector(act.next),
    panels: panels(act.pick),
    remember: remember(),
    wait: countdown(),
    refusal: refusal(),
    left: h("aside", { class: "el-sidebar el-left", "aria-label": "Parameters" }),
    side: /** @type {ReturnType<typeof sidebar> | null} */ (null), // what is in it, of this life
    sides: /** @type {ReturnType<typeof whatif> | null} */ (null), // the view of a what-if, while one is open
  };
  made.picture.place.append(made.wait.place);
  made.chart.place.append(made.remember.bars);
  return made;
}

/** Why the last order was refused; a press puts it away. */
function refusal() {
  const note = h("button", {
    type: "button",
    class: "el-refusal",
    role: "alert",
    title: "Close",
    hidden: true,
    onclick: () => {
      note.hidden = true;
    },
  });
  return note;
}

/** @param {ReturnType<typeof make>} made */
function layout({ top, bar, picture, chart, headlines, timeline, inspector, panels, remember, refusal, left }) {
  const stage = h("section", { class: "el-stage" }, picture.legend, picture.place, timeline.place);
  const right = h(
    "aside",
    { class: "el-sidebar el-right", "aria-label": "Learning" },
    chart.place,
    remember.worth,
    panels.place,
    inspector.place,
  );
  const main = h("div", { class: "el-main" }, left, stage, right); // Solara's own page has a <main>
  return { stage, place: h("div", { class: "el-app" }, top.place, headlines.place, main, bar.place, refusal) };
}
