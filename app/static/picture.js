// The moving picture: a canvas that draws a world between the last frames it was sent (reel.js). A person who asked their
// system for less motion gets stills.

import { fill, h } from "./dom.js";
import { reel } from "./reel.js";
import { brush, paintWith, surface, unpack } from "./surface.js";
import { press } from "./switches.js";

/** @import { FrameMessage, Values } from "./messages.js" */
/** @import { Painter } from "./page.js" */
/** @import { Scene } from "./scenes.js" */
/** @typedef {ReturnType<typeof reel>} Reel */

const DESCRIBE_MS = 1000; // between two descriptions in words, while it moves

export const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * The picture of a world.
 *
 * @param {(agent: number) => void} pick called by a click on an agent
 * @param {(edge: number) => void} toggle called by a click on an edge that can be switched
 */
export function picture(pick, toggle) {
  const canvas = h("canvas", { role: "img", tabindex: 0, "aria-label": "The world" });
  const place = h("div", { class: "el-picture" }, canvas);
  const legend = h("div", { class: "el-stagehead", "aria-hidden": "true" });
  const frames = reel();
  const stats = { received: 0, drawn: 0, bytes: 0, largest: 0, mostVehicles: 0 };
  const film = projector(canvas, legend, frames, stats);
  const hand = pointing(canvas, film, pick, toggle);
  const resized = new ResizeObserver(film.build);
  resized.observe(place);

  return {
    place,
    legend,
    stats,
    /** @param {Scene} next */
    setScene(next) {
      frames.clear();
      hand.scene = next;
      film.setScene(next);
    },
    /** @param {FrameMessage} message @param {DataView<ArrayBuffer>[]} buffers */
    frame(message, buffers) {
      const frame = { ...unpack(message.parts, buffers), tick: message.tick, at: performance.now() };
      const size = buffers.reduce((sum, part) => sum + part.byteLength, 0) + JSON.stringify(message).length;
      stats.received++;
      stats.bytes += size;
      stats.largest = Math.max(stats.largest, size);
      stats.mostVehicles = Math.max(stats.mostVehicles, frame.id?.length ?? 0);
      frames.add(frame);
      film.wake();
    },
    /** Forget the frames before, so that nothing moves from one moment to a distant one. */
    clear: frames.clear,
    /** Let edges be switched by a press, or not. @param {boolean} now */
    fix(now) {
      hand.fixed = now;
    },
    /** The parameters of the world that is shown. @param {Values} next */
    tell(next) {
      hand.parameters = next;
      film.wake();
    },
    /** Mark an agent, or none. @param {number | null} agent */
    select: (agent) => film.select(agent ?? -1),
    /** The arrays of the newest frame, in the order in which they came. */
    last: () => Object.values(frames.newest() ?? {}).filter(ArrayBuffer.isView),
    placeOf: (/** @type {number} */ agent) => film.painter()?.at(agent),
    placeOfEdge: (/** @type {number} */ edge) => film.painter()?.middle?.(edge),
    redraw: film.build,
    end() {
      film.end();
      resized.disconnect();
    },
  };
}

/**
 * Draws frames on a canvas as time passes, while there is something to draw.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} legend
 * @param {Reel} frames
 * @param {{ drawn: number }} stats
 */
function projector(canvas, legend, frames, stats) {
  const back = h("canvas"); // what does not move
  let scene = /** @type {Scene | null} */ (null),
    painter = /** @type {Painter | null} */ (null),
    selected = -1,
    alive = true,
    still = true,
    described = 0;

  function build() {
    if (!scene || !canvas.clientWidth) return;
    const { ratio, ...size } = surface(canvas);
    painter = paintWith(scene, canvas, size, {}, build);
    if (!painter) return;
    back.width = canvas.width;
    back.height = canvas.height;
    brush(back).setTransform(ratio, 0, 0, ratio, 0, 0);
    painter.ground(brush(back));
    const marks = painter.legend();
    fill(
      legend,
      marks.map(([mark, text, more]) => h("span", { class: more ? "el-opt" : null }, mark, text)),
    );
    still = false;
  }

  /** @param {number} now */
  function draw(now) {
    if (!alive) return;
    requestAnimationFrame(draw);
    if (painter) frames.pass(now, stillness.matches);
    const newest = frames.newest();
    if (!painter || !newest || (still && frames.hasCome())) return; // all is drawn already
    const unsettled = paint(painter, now);
    stats.drawn++;
    still = frames.hasCome() && !unsettled;
    if (!still && now - described <= DESCRIBE_MS) return;
    described = now;
    canvas.setAttribute("aria-label", painter.describe(/** @type {any} */ (newest)));
  }

  /** @param {Painter} painter @param {number} now */
  function paint(painter, now) {
    const c = brush(canvas),
      { from, to, part } = /** @type {any} */ (frames.between());
    c.save();
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(back, 0, 0);
    c.restore();
    return painter.moving(c, from, to, part, selected, stillness.matches ? null : now / 1000);
  }

  requestAnimationFrame(draw);
  return {
    build,
    painter: () => painter,
    /** @param {Scene} next */
    setScene(next) {
      scene = next;
      build();
    },
    /** @param {number} agent */
    select(agent) {
      selected = agent;
      still = false;
    },
    /** Draw once more. */
    wake() {
      still = false;
    },
    end() {
      alive = false;
    },
  };
}

/**
 * What a hand does on the picture.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ReturnType<typeof projector>} film
 * @param {(agent: number) => void} pick
 * @param {(edge: number) => void} toggle
 */
function pointing(canvas, film, pick, toggle) {
  const hand = {
    scene: /** @type {Scene | null} */ (null),
    parameters: /** @type {Values | null} */ (null),
    fixed: false,
  };

  /** What lies at a place of the picture: an agent, else an edge that can be switched; -1 for none. @param {MouseEvent} event */
  function under({ offsetX, offsetY }) {
    const painter = film.painter(),
      { scene, parameters, fixed } = hand;
    const agent = painter?.hit(offsetX, offsetY) ?? -1;
    const edge = agent < 0 && !fixed && scene?.switches && parameters ? (painter?.edge?.(offsetX, offsetY) ?? -1) : -1;
    return { agent, edge };
  }

  /** What a press on an edge would do, in words. @param {number} edge */
  const told = (edge) =>
    hand.scene?.switches && hand.parameters ? press(hand.scene.switches, hand.parameters, edge).text : "";

  canvas.addEventListener("click", (event) => {
    const { agent, edge } = under(event);
    if (agent >= 0) pick(agent);
    else if (edge >= 0) toggle(edge);
  });
  canvas.addEventListener("mousemove", (event) => {
    const { agent, edge } = under(event);
    canvas.style.cursor = agent >= 0 || edge >= 0 ? "pointer" : "";
    const note = film.painter()?.note?.(event.offsetX, event.offsetY) ?? "";
    canvas.title = edge >= 0 ? `${note} Click: ${told(edge)}`.trim() : note;
  });
  return hand;
}
