// A lens over a picture: how much it is enlarged, and which part of it is seen. Wheel and two fingers enlarge, a drag moves.

/** @import { Painter, Place } from "../page.js" */
/** @typedef {{ zoom: number, x: number, y: number }} Sight times enlarged; pixels of the enlarged picture that are out of sight */
/** @typedef {{ width: number, height: number }} Size */

export const ALL = /** @type {Sight} */ ({ zoom: 1, x: 0, y: 0 });
const MOST = 16, // times
  WHEEL = 0.0016, // by a pixel of the wheel
  CLICK = 4; // pixels within which a press is a click and not a drag

/** @param {number} value @param {number} most */
const within = (value, most) => Math.max(0, Math.min(most, value));

/** What is seen after the picture has moved. @param {Sight} sight @param {Size} size @param {number} dx @param {number} dy @returns {Sight} */
export const moved = ({ zoom, x, y }, { width, height }, dx, dy) => ({
  zoom,
  x: within(x - dx, width * (zoom - 1)),
  y: within(y - dy, height * (zoom - 1)),
});

/** What is seen after the picture has been enlarged about a place, which stays where it is. @param {Sight} sight @param {Size} size @param {number} factor @param {Place} place @returns {Sight} */
export function enlarged(sight, size, factor, [px, py]) {
  const zoom = Math.max(1, Math.min(MOST, sight.zoom * factor)),
    by = zoom / sight.zoom;
  return moved({ zoom, x: (sight.x + px) * by - px, y: (sight.y + py) * by - py }, size, 0, 0);
}

/** A painter of the enlarged picture, whose places are those of the canvas. @param {Painter} painter @param {Sight} sight @returns {Painter} */
export function seen(painter, { x, y }) {
  /** @param {Place} place @returns {Place} */
  const here = ([px, py]) => [px - x, py - y];
  return {
    ...painter,
    hit: (px, py) => painter.hit(px + x, py + y),
    edge: painter.edge && ((px, py) => painter.edge?.(px + x, py + y) ?? -1),
    note: painter.note && ((px, py) => painter.note?.(px + x, py + y) ?? ""),
    at: (agent) => here(painter.at(agent)),
    middle: painter.middle && ((edge) => here(/** @type {Place} */ (painter.middle?.(edge)))),
  };
}

/**
 * Listens to a hand; `look` is called with what is to be seen.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {() => Sight} sight
 * @param {(next: Sight) => void} look
 */
export function lens(canvas, sight, look) {
  const fingers = /** @type {Map<number, Place>} */ (new Map());
  let travelled = 0;
  const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });
  /** @param {PointerEvent | WheelEvent} event @returns {Place} */
  const placeOf = ({ offsetX, offsetY }) => [offsetX, offsetY];

  canvas.addEventListener(
    "wheel",
    (event) => {
      if (sight().zoom === 1 && event.deltaY > 0) return; // there is nothing to take back
      event.preventDefault();
      look(enlarged(sight(), size(), Math.exp(-event.deltaY * WHEEL), placeOf(event)));
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, placeOf(event));
    travelled = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId),
      now = placeOf(event);
    if (!before) return;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    if (other) {
      const factor =
        Math.hypot(now[0] - other[0], now[1] - other[1]) / Math.hypot(before[0] - other[0], before[1] - other[1]);
      look(
        enlarged(sight(), size(), Number.isFinite(factor) ? factor : 1, [
          (now[0] + other[0]) / 2,
          (now[1] + other[1]) / 2,
        ]),
      );
    } else if (sight().zoom > 1) look(moved(sight(), size(), now[0] - before[0], now[1] - before[1]));
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (travelled > CLICK && !canvas.hasPointerCapture(event.pointerId)) canvas.setPointerCapture(event.pointerId);
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "pointerleave"]))
    canvas.addEventListener(end, ({ pointerId }) => fingers.delete(pointerId));
  return {
    /** Whether the press that ends now was a drag. */
    dragged: () => travelled > CLICK,
    /** Enlarge about the middle. @param {number} factor */
    enlarge: (factor) => look(enlarged(sight(), size(), factor, [canvas.clientWidth / 2, canvas.clientHeight / 2])),
  };
}
