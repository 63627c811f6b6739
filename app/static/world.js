// A live world: puts the parts together, hands them what arrives, and sends what people ask.

import { button, fill, h, icon, range, setRange } from "./dom.js";
import { chart } from "./chart.js";
import { heads } from "./heads.js";
import { inspector } from "./inspector.js";
import { panels } from "./panels.js";
import { picture, stillness } from "./picture.js";
import { changePanel, sharePanel, topBar } from "./popups.js";
import { rail } from "./rail.js";
import { remember } from "./remember.js";
import { press } from "./switches.js";
import { timeline } from "./timeline.js";
import { large, pace, shown, title, words } from "./words.js";

// Ticks a second of each notch of the speed slider, nearly logarithmic; after them comes "as fast as it can".
const CLOCKED = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000, 86400]; // 60: a minute a second
const ROUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];

export function worldView(app) {
  const { send, panels: over } = app;
  const parts = {
    picture: picture(pick, toggle),
    chart: chart(),
    heads: heads(),
    timeline: timeline(),
    inspector: inspector(next),
    panels: panels(pick),
    remember: remember(),
  };
  let notches = CLOCKED,
    world = null,
    status = null,
    side = null,
    agent = null,
    leaving = false,
    waiting = {},
    frame = null,
    about = [], // what the world says of itself: panels
    memory = {}, // Memory lane, recovery times, what a memory is worth
    inspection = null,
    looking = false, // for the inspector, until it has come into sight
    curve = { columns: [[], []], now: [] };

  const crumb = h("span", { class: "el-crumb" }),
    question = h("span", { class: "el-question" });
  const clock = h("b"),
    live = h("span"),
    seed = h("span", { class: "el-opt" });
  const play = button("Pause", () => send("play", { playing: !status?.playing }), { kind: "el-main-act" });
  play.style.minWidth = "124px";
  const reset = button("Reset", doReset, { image: "reset", key: "R" });
  const speed = range("Speed", { min: 0, max: CLOCKED.length, step: 1, value: 0 }, (at) =>
    send("speed", { ticks_per_s: notches[at] ?? null }),
  );
  const rate = h("b"),
    told = h("span", { class: "el-mute el-xs el-opt" });
  const to = (ticks) => () => send("speed", { ticks_per_s: ticks });
  const wait = h("div", { class: "el-wait", role: "status" }, "Preparing this world…");
  const refusal = h("button", {
    type: "button",
    class: "el-refusal",
    role: "alert",
    title: "Close",
    hidden: true,
    onclick: () => {
      refusal.hidden = true;
    },
  });
  const left = h("aside", { class: "el-rail el-left", "aria-label": "Parameters" });
  parts.picture.place.append(wait);
  parts.chart.place.append(parts.remember.bars);

  const place = h(
    "div",
    { class: "el-app" },
    topBar(
      app,
      crumb,
      question,
      h("span", { class: "el-status" }, live, clock, seed),
      button("Share", () => over.toggle("share", () => sharePanel(status.search, world.run)), {
        image: "share",
        kind: "el-quiet",
        title: "A link to this world, or to this run",
      }),
    ),
    parts.heads.place,
    h(
      "main",
      { class: "el-main" },
      left,
      h("section", { class: "el-stage" }, parts.picture.legend, parts.picture.place, parts.timeline.place),
      h(
        "aside",
        { class: "el-rail el-right", "aria-label": "Learning" },
        parts.chart.place,
        parts.remember.worth,
        parts.panels.place,
        parts.inspector.place,
      ),
    ),
    h(
      "div",
      { class: "el-controls" },
      play,
      button("Step", () => send("step"), { image: "step", key: "." }),
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
      h("span", { class: "el-spacer" }),
      button("", () => place.classList.toggle("el-drawer"), {
        image: "sliders",
        key: "P",
        kind: "el-only-narrow",
        title: "Parameters",
      }),
      button("Change", openChange, { image: "change", key: "C" }),
    ),
    refusal,
  );

  const notch = (ticks) => (ticks === null ? notches.length : notches.findLastIndex((each) => each <= ticks));

  function watch(which) {
    leaving = false;
    agent = which;
    parts.picture.select(agent);
    send("watch", { agent });
  }

  /** Somebody asked for this agent, so its inspector comes into sight. */
  function pick(which) {
    looking = true;
    watch(which);
  }

  function showPanels() {
    parts.panels.update(about, { world, columns: curve.columns, agent });
  }

  function next() {
    pick(agent === null ? 0 : (agent + 1) % world.agents.length);
  }

  function change(knob, value, text) {
    send("change", {
      text: text ?? `${title(knob)} ${shown(knob, value)}${knob.unit ? ` ${knob.unit}` : ""}`,
      parameters: { [knob.name]: value },
    });
  }

  function toggle(edge) {
    const { parameter, text, value } = press(world.scene.switches, status.parameters, edge);
    send("change", { text, parameters: { [parameter]: value } });
  }

  function release(names) {
    const titles = names.map((name) => title(world.knobs.find((knob) => knob.name === name)));
    send("change", {
      text: `${titles.join(", ")} released`,
      parameters: Object.fromEntries(names.map((name) => [name, null])),
    });
  }

  function openChange() {
    if (status) over.toggle("change", () => changePanel(world, status, { change, release, toggle }));
  }

  function doReset() {
    const { learner = status.learner, lifelong = status.lifelong, ...parameters } = waiting;
    waiting = {};
    send("reset", { learner, lifelong, seed: status.seed, changes: { ...status.made, ...parameters } });
  }

  function showPlay() {
    fill(
      play,
      icon(status.playing ? "pause" : "play"),
      status.playing ? "Pause" : "Play",
      h("kbd", { "aria-hidden": "true" }, "Space"),
    );
    fill(live, h("i", { class: `el-dot ${status.playing ? "" : "el-held"}` }), status.playing ? "live" : "paused");
    const many = Object.keys(waiting).length;
    fill(reset, icon("reset"), many ? `Reset to apply ${many}` : "Reset", h("kbd", { "aria-hidden": "true" }, "R"));
    reset.classList.toggle("el-main-act", many > 0);
    side?.update(status, waiting);
  }

  function showRate() {
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
  }

  const showTime = () => frame && status && parts.timeline.draw(world, frame.tick, status.events, memory.lane);
  const showAgent = () => parts.inspector.update(inspection, agent === null ? null : world.agents[agent], world, memory.lane);

  function showMemory() {
    parts.remember.update(world, memory);
    if (!inspection || inspection.remembers) showAgent();
    showTime();
  }

  const resized = new ResizeObserver(showTime);
  resized.observe(parts.timeline.place);

  const on = {
    world(message) {
      world = message;
      frame = null;
      waiting = {};
      notches = world.seconds_per_tick ? CLOCKED : ROUNDS;
      speed.max = notches.length;
      curve = { columns: [[], ...world.headline.map(() => [])], now: [] };
      document.title = `${world.title} · Everlearn`;
      fill(
        crumb,
        h(
          "a",
          { href: location.pathname, onclick: (event) => app.follow(event, "") },
          words(world.domain[0].toUpperCase() + world.domain.slice(1)),
        ),
        " / ",
        h("b", null, world.title),
      );
      question.textContent = question.title = world.question;
      side = rail(world, {
        change,
        wait: (name, value) => {
          waiting[name] = value;
          showPlay();
        },
      });
      left.replaceChildren(...side.place.childNodes);
      parts.picture.setScene(world.scene);
      inspection = null;
      memory = {};
      showMemory();
      about = [];
      showPanels();
      over.close();
      watch(Math.min(agent ?? world.scene.agent ?? Math.floor((world.agents.length - 1) / 2), world.agents.length - 1));
    },
    status(message) {
      status = message;
      seed.textContent = `seed ${status.seed}`;
      if (status.refusal !== refusal.textContent) refusal.hidden = !status.refusal;
      refusal.textContent = status.refusal;
      setRange(speed, notch(status.speed));
      speed.setAttribute("aria-valuetext", pace(status.speed ?? 0, world.seconds_per_tick).join(", "));
      app.remember(status.search);
      showPlay();
      parts.picture.tell(status.parameters);
      over.refresh(status);
      parts.heads.update(world, status, frame?.regime ?? 0, curve.columns, curve.now);
      if (frame) parts.chart.update(world, status, frame.tick, ...points());
    },
    curve(message, [buffer]) {
      const table = new Float32Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
      const rows = table.length / message.columns;
      curve = {
        now: message.now,
        columns: Array.from({ length: message.columns }, (_, c) =>
          Array.from({ length: rows }, (_, r) => table[r * message.columns + c]),
        ),
      };
      if (!status) return;
      parts.heads.update(world, status, frame?.regime ?? 0, curve.columns, curve.now);
      parts.chart.update(world, status, frame?.tick ?? 0, ...points());
    },
    frame(message, buffers) {
      frame = message;
      parts.picture.frame(message, buffers);
      send("ack", { i: message.i });
      clock.textContent = message.clock;
      wait.hidden = message.tick > 0 || !status?.playing;
      wait.textContent = "Compiling this world, once…";
      if (!status) return;
      showRate();
      showTime();
    },
    memory(message) {
      memory = message;
      showMemory();
    },
    panels(message) {
      about = message.panels;
      showPanels();
    },
    inspection(message) {
      parts.picture.select(agent);
      inspection = agent === null ? null : message.inspection;
      showAgent();
      if (!looking || !message.inspection || message.agent !== agent) return;
      looking = false;
      parts.inspector.place.scrollIntoView({ block: "nearest", behavior: stillness.matches ? "auto" : "smooth" });
    },
  };

  const points = () => [curve.columns[0], curve.columns[1].map((value) => (Number.isFinite(value) ? value : null))];

  return {
    place,
    stats: parts.picture.stats,
    placeOf: parts.picture.placeOf,
    placeOfEdge: parts.picture.placeOfEdge,
    get state() {
      return { world, status, frame, curve, agent, memory };
    },
    hear: (message, buffers) => on[message.k]?.(message, buffers),
    redraw() {
      parts.picture.redraw();
      parts.chart.redraw();
    },
    escape() {
      leaving = true;
    },
    key(event) {
      const free = document.activeElement === document.body || place.contains(document.activeElement);
      const onPicture = document.activeElement === document.body || document.activeElement?.tagName === "CANVAS";
      if (!free || !status) return false;
      if (event.key === "Tab" && onPicture && !leaving && !event.shiftKey && agent !== world.agents.length - 1) {
        place.querySelector("canvas").focus({ preventScroll: true }); // so that after the last agent, or Escape, Tab goes on to the controls
        next();
      } else if (event.key === " ") send("play", { playing: !status.playing });
      else if (event.key === ".") send("step");
      else if (event.key === "r") doReset();
      else if (event.key === "c") openChange();
      else if (event.key === "p") place.classList.toggle("el-drawer");
      else return false;
      return true;
    },
    end() {
      parts.picture.end();
      parts.chart.end();
      parts.remember.end();
      resized.disconnect();
    },
  };
}
