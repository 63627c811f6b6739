// The control bar: play and step, speed, and what people do to a world; for both worlds of a what-if alike.

import { button, fill, h, icon, range, setRange } from "./dom.js";
import { large, pace } from "./words.js";

// Ticks a second of each notch of the speed slider, nearly logarithmic; after them comes "as fast as it can".
const CLOCKED = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000, 86400]; // 60: a minute a second
const ROUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];

/** `act` holds what the buttons do: playOrPause, step, reset, goOn, openChange, fork, join, drawer, speed. */
export function controls(act) {
  let notches = CLOCKED;
  const play = button("Pause", act.playOrPause, { kind: "el-main-act" });
  play.style.minWidth = "124px";
  const step = button("Step", act.step, { image: "step", key: "." });
  const reset = button("Reset", act.reset, { image: "reset", key: "R" });
  const onward = button("Play on from here", act.goOn, { title: "Give up what came after this moment" });
  const speed = range("Speed", { min: 0, max: CLOCKED.length, step: 1, value: 0 }, (at) =>
    act.speed(notches[at] ?? null),
  );
  const rate = h("b"),
    told = h("span", { class: "el-mute el-xs el-opt" }),
    key = h("span", { class: "el-key el-opt" });
  const to = (ticks) => () => act.speed(ticks);
  const drawer = button("", act.drawer, { image: "sliders", key: "P", kind: "el-only-narrow", title: "Parameters" });
  const change = button("Change", act.openChange, { image: "change", key: "C" });
  const fork = button("What if", act.fork, {
    image: "fork",
    key: "F",
    title: "Copy this world, change the copy, and compare",
  });
  const keep = button("Keep B", () => act.join(true), { title: "Go on with world B alone" });
  const close = button("Close", () => act.join(false), { key: "Esc", title: "Go on with world A alone" });
  const place = h(
    "div",
    { class: "el-controls" },
    play,
    onward,
    step,
    reset,
    h(
      "div",
      { class: "el-speed" },
      h("button", { type: "button", onclick: to(1) }, "slow motion"),
      speed,
      h("button", { type: "button", onclick: to(null) }, "max"),
    ),
    rate,
    told,
    key,
    h("span", { class: "el-spacer" }),
    drawer,
    change,
    fork,
    keep,
    close,
  );
  const notch = (ticks) => (ticks === null ? notches.length : notches.findLastIndex((each) => each <= ticks));
  const label = (element, image, text, hint) =>
    fill(element, icon(image), text, h("kbd", { "aria-hidden": "true" }, hint));

  return {
    place,
    key, // where the meaning of the picture's marks stands in a what-if
    setWorld(world) {
      notches = world.seconds_per_tick ? CLOCKED : ROUNDS;
      speed.max = notches.length;
    },
    update(world, status, { waiting, paired, looking }) {
      const many = Object.keys(waiting).length,
        both = paired ? " both" : "";
      if (looking) label(play, "live", "Back to live", "Space");
      else if (status.playing) label(play, "pause", `Pause${both}`, "Space");
      else label(play, "play", `Play${both}`, "Space");
      label(step, "step", `Step${both}`, ".");
      label(reset, "reset", many ? `Reset to apply ${many}` : "Reset", "R");
      label(change, "change", paired ? "Change B" : "Change", "C");
      reset.classList.toggle("el-main-act", many > 0);
      for (const [element, shown] of [
        [onward, looking],
        [step, !looking],
        [reset, !paired && !looking],
        [drawer, !paired],
        [change, !looking],
        [fork, !paired],
        [keep, paired],
        [close, paired],
      ])
        element.hidden = !shown;
      setRange(speed, notch(status.speed));
      speed.setAttribute("aria-valuetext", pace(status.speed ?? 0, world.seconds_per_tick).join(", "));
    },
    tell(world, status, frame) {
      const [main, more] = pace(status.speed ?? frame.rate, world.seconds_per_tick);
      const slow = status.speed !== null && status.playing && frame.rate > 0 && frame.rate < 0.7 * status.speed;
      rate.textContent = status.speed === null ? "max" : main;
      told.textContent =
        status.speed === null
          ? status.playing
            ? `${large(frame.rate)} ticks a second`
            : ""
          : slow
            ? `${more} asked, ${large(frame.rate)} ticks reached`
            : more;
    },
  };
}
