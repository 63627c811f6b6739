// The moving picture: a canvas that draws a world between the last frames it was sent (reel.js, projector.js), and
// the hand that points at it.

import { h } from "../dom.js";
import { ALL, lens } from "./lens.js";
import { projector } from "./projector.js";
import { reel } from "./reel.js";
import { unpack } from "./surface.js";
import { press } from "../switches.js";

/** @import { FrameMessage, Values } from "../messages.js" */
/** @import { Scene } from "../scenes.js" */

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
  const film = projector(canvas, legend, frames);
  const stats = counting(film);
  const glass = lens(canvas, film.sight, film.look);
  const hand = pointing(canvas, film, glass.dragged, pick, toggle);
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
      stats.count(message, buffers, frame.id?.length ?? 0);
      frames.add(frame);
      film.still = false;
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
      film.still = false;
    },
    /** Mark an agent, or none. @param {number | null} agent */
    select(agent) {
      film.selected = agent ?? -1;
      film.still = false;
    },
    /** The arrays of the newest frame, in the order in which they came. */
    last: () => Object.values(frames.newest() ?? {}).filter(ArrayBuffer.isView),
    placeOf: (/** @type {number} */ agent) => film.painter()?.at(agent),
    placeOfEdge: (/** @type {number} */ edge) => film.painter()?.middle?.(edge),
    redraw: film.build,
    /** See less and larger, or more and smaller. */
    enlarge: glass.enlarge,
    /** See all. */
    whole: () => film.look(ALL),
    end() {
      film.alive = false;
      resized.disconnect();
    },
  };
}

/** How many frames came and were drawn, and their bytes, for tests. @param {{ drawn: number }} film */
function counting(film) {
  const stats = {
    received: 0,
    bytes: 0,
    largest: 0,
    mostVehicles: 0,
    get drawn() {
      return film.drawn;
    },
    /** @param {FrameMessage} message @param {DataView<ArrayBuffer>[]} buffers @param {number} vehicles */
    count(message, buffers, vehicles) {
      const size = buffers.reduce((sum, part) => sum + part.byteLength, 0) + JSON.stringify(message).length;
      stats.received++;
      stats.bytes += size;
      stats.largest = Math.max(stats.largest, size);
      stats.mostVehicles = Math.max(stats.mostVehicles, vehicles);
    },
  };
  return stats;
}

/**
 * What a hand does on the picture.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ReturnType<typeof projector>} film
 * @param {() => boolean} dragged whether a click ends a drag
 * @param {(agent: number) => void} pick
 * @param {(edge: number) => void} toggle
 */
function pointing(canvas, film, dragged, pick, toggle) {
  const hand = {
    scene: /** @type {Scene | null} */ (null),
    parameters: /** @type {Values | null} */ (null),
    fixed: false,
  };

  /**
   * What lies at a place of the picture: an agent, else an edge that can be switched; -1 for none.
   *
   * @param {MouseEvent} event
   */
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
    if (dragged()) return;
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
