// Small helpers to build elements; nothing here knows the page.

import { ICONS } from "./icons.js";

/** @import { Child, Props } from "./page.js" */

const SVG = "http://www.w3.org/2000/svg";

/** What is left to show of children and theirs. @param {readonly Child[]} children @returns {(Node | string)[]} */
const visible = (children) =>
  /** @type {any[]} */ (children).flat(9).filter((child) => child !== null && child !== undefined && child !== false);

/** @template {Element} E @param {E} element @param {Props | undefined} props @param {Child[]} children @returns {E} */
function make(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "html") element.innerHTML = value;
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...visible(children));
  return element;
}

/**
 * An HTML element: h("p", {class: "el-words"}, "text", child). Props that start with "on" are listeners.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export const h = (tag, props, ...children) => make(document.createElement(tag), props, children);

/**
 * An SVG element.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {Child[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export const s = (tag, props, ...children) => make(document.createElementNS(SVG, tag), props, children);

/** A 16 px icon that takes the colour of its text. @param {string} name */
export const icon = (name, size = 16) =>
  s("svg", { width: size, height: size, viewBox: "0 0 16 16", "aria-hidden": "true", html: ICONS[name] });

/**
 * Put children into an element in place of what is there.
 *
 * @template {Element} E
 * @param {E} element
 * @param {Child[]} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...visible(children));
  return element;
}

/**
 * A button with a key hint.
 *
 * @param {string} label
 * @param {(event: MouseEvent) => void} press
 * @param {{ image?: string, key?: string, kind?: string, title?: string }} [how]
 */
export const button = (label, press, { image, key, kind = "", title } = {}) =>
  h(
    "button",
    { type: "button", class: `el-btn ${kind}`, onclick: press, title, "aria-keyshortcuts": key },
    image && icon(image),
    label,
    key && h("kbd", { "aria-hidden": "true" }, key),
  );

/**
 * A range whose filled part follows its value.
 *
 * @param {string} label
 * @param {{ min: number, max: number, step: number, value: number }} scale
 * @param {(value: number) => void} [moved] while a hand holds it
 * @param {(value: number) => void} [settled] when it lets go
 */
export function range(label, { min, max, step, value }, moved, settled) {
  const input = h("input", {
    type: "range",
    min,
    max,
    step,
    "aria-label": label,
    oninput: () => {
      shade(input);
      moved?.(Number(input.value));
    },
    onchange: () => settled?.(Number(input.value)),
  });
  input.value = String(value);
  shade(input);
  return input;
}

/**
 * Set a range from outside; one that a hand holds is left alone.
 *
 * @param {HTMLInputElement} input
 * @param {number} value
 */
export function setRange(input, value) {
  if (input.matches(":active")) return;
  input.value = String(value);
  shade(input);
}

/** @param {HTMLInputElement} input */
function shade(input) {
  const [value, min, max] = [input.value, input.min, input.max].map(Number);
  const part = (value - min) / (max - min || 1);
  input.style.setProperty("--p", `calc(8px + (100% - 16px) * ${part})`);
}

/** The element in which something happened. @param {Event} event */
export const inside = (event) => /** @type {Element} */ (event.target);

/** The value of a theme token, for canvases. @param {Element} element @param {string} name */
export const token = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();
