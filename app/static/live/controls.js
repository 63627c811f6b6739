// The control bar: play and step, speed, and what people do to a world; for both worlds of a what-if alike.

import { button, fill, h, icon, range, setRange } from "../dom.js";
import { large, pace } from "../words.js";

/** @import { FrameMessage, Status, World } from "../messages.js" */
/** @import { Waiting } from "../page.js" */
/**
 * What the buttons do.
 *
 * @typedef {object} Act
 * @property {() => void} playOrPause
 * @property {() => void} step
 * @property {() => void} reset
 * @property {() => void} goOn
 * @property {() => void} openChange
 * @property {() => void} fork
 * @property {(keep: boolean) => void} join
 * @property {() => void} drawer
 * @property {(ticksPerS: number | null) => void} speed
 */
/**
 * How the bar looks: what waits for a reset, and whether it is a what-if, or a moment of the past.
 *
 * @typedef {{ waiting: Waiting, paired: boolean, looking: boolean }} Look
 */

// Ticks a second of each notch of the speed slider, nearly logarithmic; after them comes "as fast as it can".
const CLOCKED = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000, 86400]; // 60: a minute a second
const ROUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];

/** @param {Act} act */
export function controls(act) {
  const buttons = buttonsOf(act),
    speed = speedOf(act.speed);
  const { play, onward, step, reset, drawer, change, fork, keep, close } = buttons;
  const key = h("span", { class: "el-key el-opt" });
  const place = h(
    "div",
    { class: "el-controls" },
    [play, onward, step, reset, speed.place, speed.rate, speed.told, key],
    h("span", { class: "el-spacer" }),
    [drawer, change, fork, keep, close],
  );
  return {
    place,
    key, // where the meaning of the picture's marks stands in a what-if
    setWorld: speed.setWorld,
    tell: speed.tell,
    /** @param {World} world @param {Status} status @param {Look} look */
    update(world, status, look) {
      name(buttons, status, look);
      offer(buttons, look);
      speed.update(world, status);
    },
  };
}

/** @param {Act} act */
function buttonsOf(act) {
  const play = button("Pause", act.playOrPause, { kind: "el-main-act" });
  play.style.minWidth = "124px";
  return {
    play,
    onward: button("Play on from here", act.goOn, { title: "Discard what came after this moment and go on" }),
    step: button("Step", act.step, { image: "step", key: "." }),
    reset: button("Reset", act.reset, { image: "reset", key: "R" }),
    drawer: button("", act.drawer, { image: "sliders", key: "P", kind: "el-only-narrow", title: "Parameters" }),
    change: button("Change", act.openChange, { image: "change", key: "C" }),
    fork: button("What if", act.fork, {
      image: "fork",
      key: "F",
      title: "Copy this world, change the copy, and compare",
    }),
    keep: button("Keep B", () => act.join(true), { title: "Continue with world B alone" }),
    close: button("Close", () => act.join(false), { key: "Esc", title: "Continue with world A alone" }),
  };
}

/**
 * Say what the buttons do now.
 *
 * @param {ReturnType<typeof buttonsOf>} buttons
 * @param {Status} status
 * @param {Look} look
 */
function name({ play, step, reset, change }, status, { waiting, paired, looking }) {
  /** @param {Element} element @param {string} image @param {string} text @param {string} hint */
  const label = (element, image, text, hint) =>
    fill(element, icon(image), text, h("kbd", { "aria-hidden": "true" }, hint));
  const many = Object.keys(waiting).length,
    both = paired ? " both" : "";
  if (looking) label(play, "live", "Back to live", "Space");
  else if (status.playing) label(play, "pause", `Pause${both}`, "Space");
  else label(play, "play", `Play${both}`, "Space");
  label(step, "step", `Step${both}`, ".");
  label(reset, "reset", many ? `Reset to apply ${many}` : "Reset", "R");
  label(change, "change", paired ? "Change B" : "Change", "C");
  reset.classList.toggle("el-main-act", many > 0);
}

/** Show the buttons that do something now. @param {ReturnType<typeof buttonsOf>} buttons @param {Look} look */
function offer({ onward, step, reset, drawer, change, fork, keep, close }, { paired, looking }) {
  onward.hidden = !looking;
  step.hidden = change.hidden = looking;
  reset.hidden = paired || looking;
  drawer.hidden = fork.hidden = paired;
  keep.hidden = close.hidden = !paired;
}

/** The speed slider, and what it comes to. @param {Act["speed"]} ask */
function speedOf(ask) {
  let notches = CLOCKED;
  const input = range("Speed", { min: 0, max: CLOCKED.length, step: 1, value: 0 }, (at) => ask(notches[at] ?? null));
  const rate = h("b"),
    told = h("span", { class: "el-mute el-xs el-opt" });
  const to = (/** @type {number | null} */ ticks) => () => ask(ticks);
  const place = h(
    "div",
    { class: "el-speed" },
    h("button", { type: "button", onclick: to(1) }, "slow motion"),
    input,
    h("button", { type: "button", onclick: to(null) }, "max"),
  );
  return {
    place,
    rate,
    told,
    /** @param {World} world */
    setWorld(world) {
      notches = world.seconds_per_tick ? CLOCKED : ROUNDS;
      input.max = String(notches.length);
    },
    /** @param {World} world @param {Status} status */
    update(world, { speed }) {
      setRange(input, speed === null ? notches.length : notches.findLastIndex((each) => each <= speed));
      input.setAttribute("aria-valuetext", pace(speed ?? 0, world.seconds_per_tick).join(", "));
    },
    /** @param {World} world @param {Status} status @param {FrameMessage} frame */
    tell(world, { speed, playing }, frame) {
      const reached = `${large(frame.rate)} ticks`;
      const [main, more] = pace(speed ?? frame.rate, world.seconds_per_tick);
      rate.textContent = speed === null ? "max" : main;
      if (speed === null) told.textContent = playing ? `${reached} a second` : "";
      else if (playing && frame.rate > 0 && frame.rate < 0.7 * speed)
        told.textContent = `${more} asked, ${reached} reached`;
      else told.textContent = more;
    },
  };
}
