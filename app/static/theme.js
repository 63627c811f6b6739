// Light or dark, and the style sheets.

import { h } from "./dom.js";

const THEME = ":solara:theme.variant"; // Solara keeps its own theme here, so its loading page matches ours
const SHEETS = ["theme.css", "layout.css"];

/** The theme a person chose last, else that of their system. */
export function chosen() {
  const kept = JSON.parse(localStorage.getItem(THEME) ?? '"auto"');
  if (kept !== "auto") return kept;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Light to dark and back. @param {HTMLElement} root */
export function flip(root) {
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem(THEME, JSON.stringify(root.dataset.theme));
}

/** Load the style sheets, each once. */
export const styles = () => Promise.all(SHEETS.map((name) => new Promise((done) => sheet(name, done))));

/** @param {string} name @param {(loaded?: any) => void} done */
function sheet(name, done) {
  const href = new URL(name, import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return done();
  document.head.append(h("link", { rel: "stylesheet", href, onload: done, onerror: done }));
}
