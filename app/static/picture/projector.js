// Draws frames on a canvas as time passes, while there is something to draw.

import { fill, h } from "../dom.js";
import { ALL, seen } from "./lens.js";
import { brush, paintWith, surface } from "./surface.js";

/** @import { Painter } from "../page.js" */
/** @import { Sight } from "./lens.js" */
/** @import { reel } from "./reel.js" */
/** @import { Scene } from "../scenes.js" */

const DESCRIBE_MS = 1000; // between two descriptions in words, while it moves

export const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {HTMLCanvasElement} canvas @param {HTMLElement} legend @param {ReturnType<typeof reel>} frames */
export function projector(canvas, legend, frames) {
  const film = { drawn: 0, selected: -1, still: true, alive: true };
  const set = setOf(canvas, legend, () => (film.still = false));
  let described = 0;

  /** @param {number} now */
  function draw(now) {
    if (!film.alive) return;
    requestAnimationFrame(draw);
    frames.pass(now, stillness.matches);
    const newest = frames.newest();
    if (!set.painter || !newest || (film.still && frames.hasCome())) return; // all is drawn already
    const unsettled = paint(set.painter, now);
    film.drawn++;
    film.still = frames.hasCome() && !unsettled;
    if (!film.still && now - described <= DESCRIBE_MS) return;
    described = now;
    canvas.setAttribute("aria-label", set.painter.describe(/** @type {any} */ (newest)));
  }

  /** @param {Painter} painter @param {number} now */
  function paint(painter, now) {
    const c = brush(canvas),
      { from, to, part } = /** @type {any} */ (frames.between());
    c.save();
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(set.back, 0, 0);
    c.restore();
    c.save();
    c.translate(-set.sight.x, -set.sight.y);
    const unsettled = painter.moving(c, from, to, part, film.selected, stillness.matches ? null : now / 1000);
    c.restore();
    return unsettled;
  }

  requestAnimationFrame(draw);
  return Object.assign(film, {
    painter: () => set.painter,
    /** Make the painter anew, for another size or theme. */
    build: set.build,
    sight: () => set.sight,
    /** See another part of the picture. @param {Sight} next */
    look(next) {
      set.sight = next;
      set.build();
    },
    /** @param {Scene} scene */
    setScene(scene) {
      set.scene = scene;
      set.sight = ALL;
      set.build();
    },
  });
}

/**
 * The painter of a scene, and what it draws once; `made` is called when there is another.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} legend
 * @param {() => void} made
 */
function setOf(canvas, legend, made) {
  const set = {
    back: h("canvas"), // what does not move
    scene: /** @type {Scene | null} */ (null),
    painter: /** @type {Painter | null} */ (null),
    sight: ALL,
    build() {
      if (!set.scene || !canvas.clientWidth) return;
      const { ratio, width, height } = surface(canvas),
        { zoom, x, y } = set.sight;
      const painter = paintWith(set.scene, canvas, { width: width * zoom, height: height * zoom }, {}, set.build);
      set.painter = painter && seen(painter, set.sight);
      if (!set.painter) return;
      set.back.width = canvas.width;
      set.back.height = canvas.height;
      brush(set.back).setTransform(ratio, 0, 0, ratio, -x * ratio, -y * ratio);
      set.painter.ground(brush(set.back));
      const marks = set.painter.legend();
      fill(
        legend,
        marks.map(([mark, text, more]) => h("span", { class: more ? "el-opt" : null }, mark, text)),
      );
      made();
    },
  };
  return set;
}
