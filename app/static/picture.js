// The moving picture: a canvas that draws a world between the last frames it was sent.
//
// Frames arrive unevenly; the picture runs on a clock of its own in ticks, a little behind the newest frame, so that
// vehicles move evenly. A person who asked their system for less motion gets stills.

import { crossing } from "./crossing.js";
import { fill, h, token } from "./dom.js";
import { games } from "./games.js";
import { grid } from "./grid.js";
import { market } from "./market.js";
import { oligopoly } from "./oligopoly.js";
import { isPlan, roads } from "./roads.js";
import { routes } from "./routes.js";
import { press } from "./switches.js";
import { traffic } from "./traffic.js";

const PAINTERS = {
  crossing,
  games,
  grid,
  market,
  oligopoly,
  routes,
  traffic: (scene, ...rest) => (isPlan(scene) ? traffic : roads)(scene, ...rest),
};
const TYPES = {
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
};
const KEPT = 4; // frames
export const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** The arrays of a message; copied, because a view may start where its type must not. */
export function unpack(layout, buffers) {
  return Object.fromEntries(
    layout.map(([name, type], i) => {
      const { buffer, byteOffset, byteLength } = buffers[i];
      return [name, new TYPES[type](buffer.slice(byteOffset, byteOffset + byteLength))];
    }),
  );
}

/** Colours of the theme, by token name, read once per theme. */
export function inks(element) {
  const names = [
    "ground",
    "road",
    "road-edge",
    "ink",
    "ink-2",
    "ink-3",
    "surface",
    "accent",
    "hair",
    "edge",
    "blue-fill",
    "orange-fill",
    "verm-fill",
    "verm-line",
    "verm-text",
    "green-line",
    "green-fill",
    "purple-fill",
    "orange-line",
    "sky-fill",
    "yellow-fill",
    "grey-line",
    "orange-text",
    ...[0, 1, 2, 3, 4].flatMap((level) => [`p${level}`, `p${level}-ink`]),
  ];
  return {
    ...Object.fromEntries(names.map((name) => [name, token(element, `--${name}`)])),
    font: token(element, "--font"),
  };
}

/** Draw one frame into a card of the gallery. */
export function still(canvas, { scene, frame }) {
  const { width, height } = surface(canvas);
  const painter = PAINTERS[scene.kind](scene, inks(canvas), width, height, { card: true });
  painter.ground(canvas.getContext("2d"));
  painter.moving(canvas.getContext("2d"), frame, frame, 1, -1);
}

/** Give a canvas the pixels of its place on this screen; sizes in CSS pixels. */
function surface(canvas) {
  const ratio = Math.min(devicePixelRatio || 1, 2),
    { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
  return { width, height, ratio };
}

/** The picture of a world; a click on an agent calls `pick` with its number, on an edge that can be switched `toggle`. */
export function picture(pick, toggle) {
  const canvas = h("canvas", {
    role: "img",
    tabindex: 0,
    "aria-label": "The world",
    onclick: (event) => click(event),
    onmousemove: (event) => point(event),
  });
  const back = document.createElement("canvas");
  const place = h("div", { class: "el-picture" }, canvas);
  const legend = h("div", { class: "el-stagehead", "aria-hidden": "true" });
  let scene,
    painter,
    frames = [],
    parameters = null,
    clock = 0,
    rate = 0,
    before = 0,
    selected = -1,
    alive = true,
    still = true,
    fixed = false,
    described = 0;
  const stats = { received: 0, drawn: 0, bytes: 0, largest: 0, mostVehicles: 0 };

  function build() {
    if (!scene || !canvas.clientWidth) return;
    const { width, height, ratio } = surface(canvas);
    painter = PAINTERS[scene.kind](scene, inks(canvas), width, height, {});
    back.width = canvas.width;
    back.height = canvas.height;
    const context = back.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    painter.ground(context);
    fill(
      legend,
      painter.legend().map(([mark, text, more]) => h("span", { class: more ? "el-opt" : null }, mark, text)),
    );
    still = false;
  }

  function draw(now) {
    if (!alive) return;
    requestAnimationFrame(draw);
    const passed = Math.min(now - before, 100);
    before = now;
    if (!painter || !frames.length) return;
    const newest = frames[frames.length - 1];
    if (frames.length > 1 && !stillness.matches) {
      const gap = newest.tick - frames[frames.length - 2].tick;
      const aim = newest.tick - gap + Math.min(gap, rate * (now - newest.at));
      clock += rate * passed;
      clock = Math.abs(aim - clock) > 3 * gap ? aim : clock + (aim - clock) * 0.12;
      clock = Math.min(clock, newest.tick);
    } else clock = newest.tick;
    if (still && clock === newest.tick) return; // all is drawn already
    let i = frames.length - 1;
    while (i > 0 && frames[i - 1].tick >= clock) i--;
    const from = frames[Math.max(0, i - 1)],
      to = frames[i];
    const part = to.tick > from.tick ? Math.max(0, Math.min(1, (clock - from.tick) / (to.tick - from.tick))) : 1;
    const context = canvas.getContext("2d");
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(back, 0, 0);
    context.restore();
    const unsettled = painter.moving(context, from, to, part, selected, stillness.matches ? null : now / 1000);
    stats.drawn++;
    still = clock === newest.tick && !unsettled;
    if (still || now - described > 1000) {
      described = now;
      canvas.setAttribute("aria-label", painter.describe(newest));
    }
  }

  /** What lies at a place of the picture: an agent, else an edge that can be switched; -1 for none. */
  function under({ offsetX, offsetY }) {
    const agent = painter?.hit(offsetX, offsetY) ?? -1;
    const edge = agent < 0 && !fixed && scene?.switches && parameters ? (painter?.edge(offsetX, offsetY) ?? -1) : -1;
    return { agent, edge };
  }

  function click(event) {
    const { agent, edge } = under(event);
    if (agent >= 0) pick(agent);
    else if (edge >= 0) toggle(edge);
  }

  function point(event) {
    const { agent, edge } = under(event);
    canvas.style.cursor = agent >= 0 || edge >= 0 ? "pointer" : "";
    const note = painter?.note?.(event.offsetX, event.offsetY) ?? "";
    canvas.title = edge >= 0 ? `${note} Click: ${press(scene.switches, parameters, edge).text}`.trim() : note;
  }

  const resized = new ResizeObserver(build);
  resized.observe(place);
  requestAnimationFrame(draw);

  return {
    place,
    legend,
    stats,
    setScene(next) {
      scene = next;
      frames = [];
      build();
    },
    frame(message, buffers) {
      const frame = { ...unpack(message.parts, buffers), tick: message.tick, at: performance.now() };
      const size = buffers.reduce((sum, part) => sum + part.byteLength, 0) + JSON.stringify(message).length;
      stats.received++;
      stats.bytes += size;
      stats.largest = Math.max(stats.largest, size);
      stats.mostVehicles = Math.max(stats.mostVehicles, frame.id?.length ?? 0);
      const last = frames[frames.length - 1];
      if (last && frame.tick < last.tick) frames = [];
      if (last && frame.tick > last.tick) {
        const now = (frame.tick - last.tick) / Math.max(frame.at - last.at, 1);
        rate = Math.abs(now - rate) > rate ? now : rate + 0.15 * (now - rate); // a new speed at once, jitter slowly
      }
      if (last && frame.tick === last.tick) frames.pop();
      frames.push(frame);
      if (frames.length > KEPT) frames.shift();
      still = false;
    },
    /** Forget the frames before, so that nothing moves from one moment to a distant one. */
    clear() {
      frames = [];
    },
    /** Let edges be switched by a press, or not. */
    fix(now) {
      fixed = now;
    },
    tell(next) {
      parameters = next;
      still = false;
    },
    select(agent) {
      selected = agent ?? -1;
      still = false;
    },
    /** The arrays of the newest frame, in the order in which they came. */
    last: () => Object.values(frames.at(-1) ?? {}).filter(ArrayBuffer.isView),
    placeOf: (agent) => painter.at(agent),
    placeOfEdge: (edge) => painter.middle(edge),
    redraw: build,
    end() {
      alive = false;
      resized.disconnect();
    },
  };
}
