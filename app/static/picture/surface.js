// Canvases, colours and arrays that pictures are made of.

import { token } from "../dom.js";
import { load, painterOf } from "./painters.js";

/** @import { Layout } from "../messages.js" */
/** @import { Inks, Painter } from "../page.js" */
/** @import { FrameOf, Kind, Scene } from "../scenes.js" */

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

const LEVELS = [0, 1, 2, 3, 4].flatMap((level) => [`p${level}`, `p${level}-ink`]);
const TOKENS = [
  ..."ground road road-edge ink ink-2 ink-3 surface accent hair edge".split(" "),
  ..."blue-fill orange-fill verm-fill green-fill purple-fill sky-fill yellow-fill".split(" "),
  ..."verm-line green-line orange-line grey-line verm-text orange-text".split(" "),
  ...LEVELS,
];

/**
 * The arrays of a message; copied, because a view may start where its type must not.
 *
 * @param {Layout} layout
 * @param {DataView<ArrayBuffer>[]} buffers
 * @returns {any} a frame without its tick
 */
export function unpack(layout, buffers) {
  return Object.fromEntries(
    layout.map(([name, type], i) => {
      const { buffer, byteOffset, byteLength } = buffers[i];
      return [name, new TYPES[type](buffer.slice(byteOffset, byteOffset + byteLength))];
    }),
  );
}

/** Colours of the theme by token name, and its font; read once per theme. @param {Element} element @returns {Inks} */
const inks = (element) => Object.fromEntries([...TOKENS, "font"].map((name) => [name, token(element, `--${name}`)]));

/** What draws on a canvas. @param {HTMLCanvasElement} canvas */
export const brush = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** Give a canvas the pixels of its place on this screen; sizes in CSS pixels. @param {HTMLCanvasElement} canvas */
export function surface(canvas) {
  const ratio = Math.min(devicePixelRatio || 1, 2),
    { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  brush(canvas).setTransform(ratio, 0, 0, ratio, 0, 0);
  return { width, height, ratio };
}

/**
 * The painter of a scene, for a canvas of this size; null until its file has come, after which `again` is called.
 *
 * @param {Scene} scene
 * @param {HTMLCanvasElement} canvas
 * @param {{ width: number, height: number }} size
 * @param {{ card?: boolean }} how
 * @param {() => void} again
 * @returns {Painter | null}
 */
export function paintWith(scene, canvas, { width, height }, how, again) {
  const make = painterOf(scene.kind);
  if (!make) load(scene.kind).then(again);
  return make?.(scene, inks(canvas), width, height, how) ?? null;
}

/**
 * Draw one frame into a card of the gallery.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{ scene: Scene, frame: FrameOf<Kind> }} still
 */
export function still(canvas, { scene, frame }) {
  const painter = paintWith(scene, canvas, surface(canvas), { card: true }, () => still(canvas, { scene, frame }));
  if (!painter) return;
  painter.ground(brush(canvas));
  painter.moving(brush(canvas), frame, frame, 1, -1, null);
}
