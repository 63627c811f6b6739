// Small helpers to build elements; nothing here knows the page.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  pause: '<path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor"/>',
  play: '<path d="M4 2.5v11l9-5.5z" fill="currentColor"/>',
  step: '<path d="M3 3v10l7-5zM11 3h2v10h-2z" fill="currentColor"/>',
  reset:
    '<path d="M3.2 6.2A5.2 5.2 0 1 1 2.8 9" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M2.2 2.6v4.2h4.2z" fill="currentColor"/>',
  change: '<path d="M9 1 3 9h4l-1 6 6-8H8z" fill="currentColor"/>',
  sliders:
    '<path d="M2 5h6M12 5h2M2 11h2M8 11h6" stroke="currentColor" stroke-width="1.5"/><circle cx="10" cy="5" r="2" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="6" cy="11" r="2" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  share:
    '<path d="M6.5 9.5 9.5 6.5M7 4.5 8.8 2.7a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5l-1.8 1.8a3 3 0 0 1-4.3-4.3L4.7 7.2" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"/>',
  theme:
    '<path d="M13 9.8A5.6 5.6 0 0 1 6.2 3 5.6 5.6 0 1 0 13 9.8z" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  save: '<path d="M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  open: '<path d="M8 10.5v-8M4.5 6 8 2.5 11.5 6M3 13.5h10" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  live: '<circle cx="8" cy="8" r="4" fill="currentColor"/>',
  fork: '<path d="M3 8h3c3 0 3-4.5 6-4.5M6 8c3 0 3 4.5 6 4.5" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="m10.5 1 3.5 2.5-3.5 2.5zM10.5 10l3.5 2.5-3.5 2.5z" fill="currentColor"/>',
  search:
    '<circle cx="7" cy="7" r="4.2" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="m10.2 10.2 3.6 3.6" stroke="currentColor" stroke-width="1.5"/>',
  lifelong:
    '<path d="M1.8 8c0-4 4.2-4 6.2 0s6.2 4 6.2 0-4.2-4-6.2 0-6.2 4-6.2 0z" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  compete: '<path d="M1.5 4v8L7 8zM14.5 4v8L9 8z" fill="currentColor"/>',
  cooperate:
    '<circle cx="5.7" cy="8" r="3.7" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="10.3" cy="8" r="3.7" fill="none" stroke="currentColor" stroke-width="1.5"/>',
};

function make(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "html") element.innerHTML = value;
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element: h("p", {class: "el-words"}, "text", child). Props that start with "on" are listeners. */
export const h = (tag, props, ...children) => make(document.createElement(tag), props, children);

/** An SVG element. */
export const s = (tag, props, ...children) => make(document.createElementNS(SVG, tag), props, children);

/** A 16 px icon that takes the colour of its text. */
export const icon = (name, size = 16) =>
  s("svg", { width: size, height: size, viewBox: "0 0 16 16", "aria-hidden": "true", html: ICONS[name] });

/** Put children into an element in place of what is there. */
export function fill(element, ...children) {
  element.replaceChildren(
    ...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** A button with a key hint. */
export const button = (label, press, { image, key, kind = "", title } = {}) =>
  h(
    "button",
    { type: "button", class: `el-btn ${kind}`, onclick: press, title, "aria-keyshortcuts": key },
    image && icon(image),
    label,
    key && h("kbd", { "aria-hidden": "true" }, key),
  );

/** A range whose filled part follows its value. */
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
  input.value = value;
  shade(input);
  return input;
}

/** Set a range from outside; one that a hand holds is left alone. */
export function setRange(input, value) {
  if (input.matches(":active")) return;
  input.value = value;
  shade(input);
}

function shade(input) {
  const part = (input.value - input.min) / (input.max - input.min || 1);
  input.style.setProperty("--p", `calc(8px + (100% - 16px) * ${part})`);
}

/** The value of a theme token, for canvases. */
export const token = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();
