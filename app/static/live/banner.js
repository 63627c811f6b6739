// The bar on top of a world: where one is, the question, whether it is live, the time, and what leaves the page.

import { button, fill, h } from "../dom.js";
import { topBar } from "../topbar.js";

/** @import { Pair, Status, World } from "../messages.js" */
/** @import { App } from "../page.js" */

/** @param {App} app @param {{ save: () => void, share: () => void }} act */
export function banner(app, { save, share }) {
  const crumb = h("span", { class: "el-crumb" }),
    question = h("span", { class: "el-question" });
  const clock = h("b"),
    live = h("span"),
    seed = h("span", { class: "el-opt" });
  let shown = /** @type {{ playing: boolean, looking: boolean } | null} */ (null),
    isLost = false;

  function draw() {
    if (!shown) return;
    const held = isLost || shown.looking || !shown.playing;
    const text = isLost ? "connection lost" : shown.looking ? "looking back" : shown.playing ? "live" : "paused";
    fill(live, h("i", { class: `el-dot ${held ? "el-held" : ""}` }), text);
  }

  const place = topBar(
    app,
    crumb,
    question,
    h("span", { class: "el-status" }, live, clock, seed),
    button("Save", save, {
      image: "save",
      kind: "el-quiet",
      title: "Save this world, its record, its figure; open one",
    }),
    button("Share", share, { image: "share", kind: "el-quiet", title: "A link to this world, or to this run" }),
  );
  return {
    place,
    /**
     * Which world it is, and when it was forked where a what-if is open.
     *
     * @param {World} world
     * @param {Pair | null} pair
     */
    tell(world, pair) {
      fill(crumb, crumbs(app, world, pair));
      question.textContent = question.title = pair ? `forked from ${pair.clock}` : world.question;
    },
    /** @param {Status} status @param {boolean} looking */
    state(status, looking) {
      shown = { playing: status.playing, looking };
      draw();
      seed.textContent = `seed ${status.seed}`;
    },
    /** Whether the server cannot be reached. @param {boolean} is */
    lost(is) {
      isLost = is;
      draw();
    },
    /** @param {string} text */
    time(text) {
      clock.textContent = text;
    },
  };
}

/** Where one is. @param {App} app @param {World} world @param {Pair | null} pair */
function crumbs(app, world, pair) {
  const home = (/** @type {MouseEvent} */ event) => app.follow(event, "");
  return [
    h("a", { href: location.pathname, onclick: home }, world.world_title),
    " / ",
    pair ? [world.title, " / ", h("b", null, "What if")] : h("b", null, world.title),
  ];
}
