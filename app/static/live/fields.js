// Fields in which people set a value: a range, a box, buttons, a list.

import { h, range, setRange } from "../dom.js";
import { title, words } from "../words.js";

/** @import { Knob } from "../messages.js" */
/**
 * A field; `typed`: its own text says its value.
 *
 * @typedef {{ place: HTMLElement, set: (value: any) => void, typed?: boolean }} Field
 */

const STEPS = 200; // of a slider

/**
 * A range over the bounds; logarithmic where they span more than three powers of ten; a number field where
 * there is no upper bound.
 *
 * @param {Knob} knob
 * @param {(value: number) => void} moved
 * @param {(value: number) => void} changed
 * @returns {Field}
 */
export function slider(knob, moved, changed) {
  if (knob.high === null) return typed(knob, changed);
  const { value, place } = sliderScale(knob.low ?? 0, knob.high, knob.kind === "int");
  const input = range(
    title(knob),
    { min: 0, max: STEPS, step: 1, value: 0 },
    (at) => moved(value(at)),
    (at) => changed(value(at)),
  );
  return { place: input, set: (now) => setRange(input, place(now)) };
}

/**
 * A field for a number that has no upper bound.
 *
 * @param {Knob} knob
 * @param {(value: number) => void} changed
 * @returns {Field}
 */
function typed(knob, changed) {
  const input = h("input", {
    type: "number",
    class: "el-field",
    min: knob.low,
    step: knob.kind === "int" ? 1 : "any",
    "aria-label": title(knob),
    onchange: () => input.value !== "" && changed(rounded(Number(input.value), knob.kind === "int")),
  });
  return {
    place: input,
    typed: true,
    set: (value) => {
      if (document.activeElement !== input) input.value = value;
    },
  };
}

/** A value as a field gives it: whole, or with three figures. @param {number} value @param {boolean} whole */
const rounded = (value, whole) => (whole ? Math.round(value) : Number(value.toPrecision(3)));

/**
 * What the steps of a slider are worth, and which step is a value's.
 *
 * @param {number} low
 * @param {number} high
 * @param {boolean} whole
 */
export function sliderScale(low, high, whole) {
  const span = high - low,
    curved = low >= 0 && span > 1000;
  return {
    /** @param {number} at */
    value: (at) => rounded(curved ? low + (span + 1) ** (at / STEPS) - 1 : low + (span * at) / STEPS, whole),
    /** @param {number} now */
    place: (now) => Math.round(STEPS * (curved ? Math.log(now - low + 1) / Math.log(span + 1) : (now - low) / span)),
  };
}

/** Something to tick. @param {string} label @param {(value: boolean) => void} changed @returns {Field} */
export function box(label, changed) {
  const input = h("input", { type: "checkbox", "aria-label": label, onchange: () => changed(input.checked) });
  return {
    place: input,
    set: (value) => {
      input.checked = value;
    },
  };
}

/** A button for each choice. @param {Knob} knob @param {(value: string) => void} changed @returns {Field} */
export function segment(knob, changed) {
  const buttons = knob.choices.map((option) =>
    h("button", { type: "button", onclick: () => changed(option) }, words(option)),
  );
  return {
    place: h("div", { class: "el-seg", role: "group", "aria-label": title(knob) }, buttons),
    set: (value) =>
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(knob.choices[i] === value))),
  };
}

/**
 * A list to choose from.
 *
 * @param {string} label
 * @param {[value: string, text: string][]} options
 * @param {(value: string) => void} picked
 */
export function choice(label, options, picked) {
  const select = h(
    "select",
    { class: "el-field", id: `el-${label.toLowerCase()}`, "aria-label": label, onchange: () => picked(select.value) },
    options.map(([value, text]) => h("option", { value }, text)),
  );
  return select;
}
