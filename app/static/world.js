// A live world: puts the parts together, hands them what arrives, and sends what people ask.

import { banner } from "./banner.js";
import { h } from "./dom.js";
import { chart } from "./chart.js";
import { controls } from "./controls.js";
import { heads } from "./heads.js";
import { inspector } from "./inspector.js";
import { panels } from "./panels.js";
import { picture, stillness } from "./picture.js";
import { changePanel, sharePanel } from "./popups.js";
import { rail } from "./rail.js";
import { remember } from "./remember.js";
import { handOver, savePanel } from "./saving.js";
import { scrub } from "./scrub.js";
import { press } from "./switches.js";
import { timeline } from "./timeline.js";
import { cause, shown, title } from "./words.js";
import { whatif } from "./whatif.js";

const BACK = 0.01; // share of a run's length by which an arrow key looks back

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
  let world = null,
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
    curve = { columns: [[], []], now: [] },
    past = null, // what is kept to look back at
    pair = null, // a what-if, while one is open
    answer = {}, // what its pairs say
    sides = null; // its view

  const top = banner(app, {
    save: openSave,
    share: () => over.toggle("share", () => sharePanel(status.search, world.run)),
  });
  const bar = controls({
    playOrPause,
    goOn: () => send("go_on"),
    step: () => send("step"),
    reset: doReset,
    speed: (ticks) => send("speed", { ticks_per_s: ticks }),
    drawer: () => place.classList.toggle("el-drawer"),
    openChange,
    fork: () => send("fork"),
    join: (keep) => send("join", { keep }),
  });
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

  const stage = h("section", { class: "el-stage" }, parts.picture.legend, parts.picture.place, parts.timeline.place);
  const place = h(
    "div",
    { class: "el-app" },
    top.place,
    parts.heads.place,
    h(
      "div", // Solara's own page has a <main>
      { class: "el-main" },
      left,
      stage,
      h(
        "aside",
        { class: "el-rail el-right", "aria-label": "Learning" },
        parts.chart.place,
        parts.remember.worth,
        parts.panels.place,
        parts.inspector.place,
      ),
    ),
    bar.place,
    refusal,
  );

  scrub(parts.timeline.place, parts.timeline.tickAt, look);

  function look(tick) {
    send("look", { tick });
  }

  function playOrPause() {
    if (frame?.looking) look(null);
    else send("play", { playing: !status?.playing });
  }

  /** What is on the screen, in a what-if: world B. */
  const changing = () => (pair && status.twin ? { ...status, ...status.twin } : status);

  function watch(which) {
    leaving = false;
    agent = which;
    parts.picture.select(agent);
    sides?.theirs.select(agent);
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
    const said = text ?? `${title(knob)} ${shown(knob, value)}${knob.unit ? ` ${knob.unit}` : ""}`;
    send("change", { text: said, name: cause(said), parameters: { [knob.name]: value } });
  }

  function toggle(edge) {
    const { parameter, text, value } = press(world.scene.switches, changing().parameters, edge);
    send("change", { text, name: cause(text), parameters: { [parameter]: value } });
  }

  function release(names) {
    const titles = names.map((name) => title(world.knobs.find((knob) => knob.name === name)));
    send("change", {
      text: `${titles.join(", ")} released`,
      name: `the schedule's ${titles.join(" and ").toLowerCase()}`,
      parameters: Object.fromEntries(names.map((name) => [name, null])),
    });
  }

  /** Look back by an arrow key: a hundredth of the run, with Shift one tick. */
  function arrow({ key, shiftKey }) {
    if (document.activeElement?.matches("input") || !frame) return false;
    const by = shiftKey ? 1 : Math.max(1, Math.round(BACK * frame.live));
    const tick = frame.tick + (key === "ArrowLeft" ? -by : by);
    look(tick >= frame.live ? null : Math.max(past?.first ?? 0, tick));
    return true;
  }

  function openChange() {
    const head = pair ? "Change world B" : "Change this world";
    if (status) over.toggle("change", () => changePanel(head, world, changing(), { change, release, toggle }));
  }

  function openSave() {
    if (status) over.toggle("save", () => savePanel(app, pair !== null));
  }

  function doReset() {
    const { learner = status.learner, lifelong = status.lifelong, ...parameters } = waiting;
    waiting = {};
    send("reset", { learner, lifelong, seed: status.seed, changes: { ...status.made, ...parameters } });
  }

  function showPlay() {
    const looking = frame?.looking ?? false;
    top.state(status, looking);
    bar.update(world, status, { waiting, paired: pair !== null, looking });
    side?.update(status, waiting);
  }

  /** Headline numbers of what the picture shows. */
  const showNumbers = () =>
    parts.heads.update(world, status, frame?.regime ?? 0, curve.columns, frame?.looking ? frame.now[0] : curve.now);

  const showTime = () => {
    if (!frame || !status) return;
    if (pair) sides.move(frame);
    else parts.timeline.draw(world, frame, status.events, memory.lane, past);
  };
  const showAgent = () =>
    parts.inspector.update(inspection, agent === null ? null : world.agents[agent], world, memory.lane);

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
      bar.setWorld(world);
      curve = { columns: [[], ...world.headline.map(() => [])], now: [] };
      document.title = `${world.title} · Everlearn`;
      top.tell(world, pair);
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
      if (status.refusal !== refusal.textContent) refusal.hidden = !status.refusal;
      refusal.textContent = status.refusal;
      app.remember(status.search);
      showPlay();
      if (!frame?.looking) tellPictures(status.parameters, status.twin?.parameters);
      over.refresh(changing());
      showNumbers();
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
      showNumbers();
      parts.chart.update(world, status, frame?.tick ?? 0, ...points());
    },
    frame(message, buffers) {
      const turned = (frame?.looking ?? false) !== message.looking;
      frame = message;
      if (turned || frame.looking) parts.picture.clear();
      parts.picture.frame(message, buffers);
      if (sides && message.twin.length) {
        if (turned || frame.looking) sides.theirs.clear();
        sides.theirs.frame({ ...message, parts: message.twin }, buffers.slice(message.parts.length));
      }
      send("ack", { i: message.i });
      top.time(message.clock);
      wait.hidden = message.tick > 0 || !status?.playing || message.looking;
      wait.textContent = "Compiling this world, once…";
      if (!status) return;
      if (frame.looking) tellPictures(...message.told);
      else if (turned) tellPictures(status.parameters, status.twin?.parameters);
      if (turned) showPlay();
      bar.tell(world, status, frame);
      if (turned || frame.looking) showNumbers();
      showTime();
    },
    pair(message) {
      const turned = Boolean(message.pair) !== Boolean(pair);
      pair = message.pair;
      if (turned) (pair ? openSides : closeSides)();
      showPair();
      if (turned && status) showPlay();
      if (turned) showTime();
    },
    answer(message) {
      answer = message.answer;
      showPair();
    },
    past(message) {
      past = message;
    },
    file(message, [buffer]) {
      if (message.kind === "cell") over.file(new TextDecoder().decode(buffer));
      else handOver(message.name, buffer);
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

  function tellPictures(mine, theirs) {
    parts.picture.tell(mine);
    if (sides && theirs) sides.theirs.tell(theirs);
  }

  function showPair() {
    if (pair) sides.update(world, { ...pair, ...answer }, frame ?? pair);
  }

  function openSides() {
    sides = whatif(parts.picture, { pick, toggle, look, save: openSave });
    place.insertBefore(sides.place, bar.place);
    place.classList.add("el-paired");
    bar.key.append(parts.picture.legend);
    parts.picture.fix(true);
    sides.open(world);
    if (status?.twin) tellPictures(status.parameters, status.twin.parameters);
    if (frame) sides.theirs.select(agent);
    top.tell(world, pair);
  }

  function closeSides() {
    stage.prepend(parts.picture.legend, parts.picture.place);
    parts.picture.fix(false);
    sides.end();
    sides.place.remove();
    sides = null;
    place.classList.remove("el-paired");
    over.close();
    top.tell(world, pair);
  }

  const points = () => [curve.columns[0], curve.columns[1].map((value) => (Number.isFinite(value) ? value : null))];

  return {
    place,
    stats: parts.picture.stats,
    ownFrame: () => parts.picture.last(),
    twinFrame: () => sides.theirs.last(),
    twinDrawn: () => sides?.theirs.stats.drawn ?? 0,
    placeOf: parts.picture.placeOf,
    placeOfEdge: parts.picture.placeOfEdge,
    get state() {
      return { world, status, frame, curve, agent, memory, past, pair: pair && { ...pair, ...answer } };
    },
    hear: (message, buffers) => on[message.k]?.(message, buffers),
    redraw() {
      parts.picture.redraw();
      sides?.theirs.redraw();
      parts.chart.redraw();
    },
    lost: top.lost,
    escape(closed) {
      leaving = true;
      if (pair && !closed) send("join", { keep: false });
    },
    key(event) {
      const free = document.activeElement === document.body || place.contains(document.activeElement);
      const onPicture = document.activeElement === document.body || document.activeElement?.tagName === "CANVAS";
      if (!free || !status) return false;
      if (event.key === "Tab" && onPicture && !leaving && !event.shiftKey && agent !== world.agents.length - 1) {
        place.querySelector("canvas").focus({ preventScroll: true }); // so that after the last agent, or Escape, Tab goes on to the controls
        next();
      } else if (event.key === " ") playOrPause();
      else if (event.key === "ArrowLeft" || event.key === "ArrowRight") return arrow(event);
      else if (event.key === "f" && !pair) send("fork");
      else if (event.key === ".") send("step");
      else if (event.key === "r" && !pair) doReset();
      else if (event.key === "c") openChange();
      else if (event.key === "p") place.classList.toggle("el-drawer");
      else return false;
      return true;
    },
    end() {
      parts.picture.end();
      parts.chart.end();
      parts.remember.end();
      sides?.end();
      resized.disconnect();
    },
  };
}
