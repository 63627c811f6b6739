// What opens over a view, one dialog at a time; Escape closes it. Here also: the dialog of all keys.

import { h } from "./dom.js";

/** @import { OpenDialog, Dialogs } from "./page.js" */

/** @type {[key: string, text: string][]} */
const KEYS = [
  ["Space", "play or pause"],
  [".", "one step"],
  ["R", "reset"],
  ["C", "change this world"],
  ["F", "what if: fork this world"],
  ["← →", "look back (Shift: one tick)"],
  ["+ − 0", "closer, further, see all (or the wheel; drag to move)"],
  ["Tab", "next agent"],
  ["P", "parameters (narrow window)"],
  ["D", "light or dark"],
  ["/", "search worlds"],
  ["Esc", "close"],
  ["?", "all keys"],
];

/** The dialogs over a page. @param {HTMLElement} root @returns {Dialogs} */
export function dialogs(root) {
  let open =
      /** @type {(Omit<OpenDialog, "title" | "body" | "up"> & { name: string, element: HTMLElement }) | null} */ (null),
    from = /** @type {Element | null} */ (null);
  function close() {
    open?.element.remove();
    open = null;
    if (from instanceof HTMLElement) from.focus({ preventScroll: true });
  }
  return {
    close,
    get name() {
      return open?.name;
    },
    file(text) {
      open?.file?.(text);
    },
    refresh(status) {
      open?.refresh?.(status);
    },
    toggle(name, build) {
      const again = open?.name === name;
      close();
      if (again) return;
      from = document.activeElement;
      const dialog = build();
      const element = frame(dialog, close);
      root.append(element);
      open = { name, element, refresh: dialog.refresh, file: dialog.file };
      const first = /** @type {HTMLElement | null} */ (element.querySelector("select, input, button:not(.el-aside)"));
      first?.focus({ preventScroll: true });
    },
  };
}

/** A dialog with its heading and the button that closes it. @param {OpenDialog} dialog @param {() => void} close */
const frame = ({ title, body, up }, close) =>
  h(
    "section",
    { class: `el-dialog ${up ? "el-up" : ""}`, role: "dialog", "aria-label": title },
    h(
      "div",
      { class: "el-sec" },
      h("h2", null, title),
      h(
        "button",
        { type: "button", class: "el-btn el-quiet el-aside", onclick: close },
        "Close",
        h("kbd", null, "Esc"),
      ),
    ),
    body,
  );

/** All keys. @returns {OpenDialog} */
export const keysDialog = () => ({
  title: "Keys",
  up: true,
  body: h(
    "div",
    { class: "el-keys" },
    KEYS.flatMap(([key, text]) => [h("kbd", null, key), h("span", null, text)]),
  ),
});
