// The bar on top of every page.

import { h, icon } from "./dom.js";

/** @import { App, Child } from "./page.js" */

/** `middle` is what lies between the brand and the buttons. @param {App} app @param {Child[]} middle */
export function topBar(app, ...middle) {
  return h(
    "header",
    { class: "el-top" },
    h(
      "a",
      {
        class: "el-brand",
        href: location.pathname,
        onclick: (/** @type {MouseEvent} */ event) => app.follow(event, ""),
      },
      h("span", { html: LOGO, "aria-hidden": "true" }),
      "Everlearn",
    ),
    h("span", { class: "el-rule" }),
    ...middle,
    h(
      "button",
      {
        type: "button",
        class: "el-btn el-quiet",
        title: "Light or dark",
        "aria-label": "Light or dark",
        onclick: app.flip,
      },
      icon("theme"),
      h("kbd", null, "D"),
    ),
    h(
      "button",
      { type: "button", class: "el-btn el-quiet", title: "All keys", "aria-label": "All keys", onclick: app.keys },
      h("kbd", null, "?"),
    ),
  );
}

const LOGO =
  '<svg width="26" height="16" viewBox="0 0 26 16"><path d="M2 8c0-7 7.5-7 11 0s11 7 11 0-7.5-7-11 0-11 7-11 0z" fill="none" style="stroke:var(--accent)" stroke-width="2.4"/><circle cx="13" cy="8" r="2.6" style="fill:var(--orange-fill);stroke:var(--surface)" stroke-width="1.2"/></svg>';
