// What stands in place of a world that cannot be shown.

import { h } from "./dom.js";
import { topBar } from "./topbar.js";

/** @import { App, View } from "./page.js" */

/** @param {App} app @param {string} text @returns {View} */
export const problemView = (app, text) => ({
  place: h(
    "div",
    null,
    topBar(app, h("span", { class: "el-spacer" })),
    h(
      "div",
      { class: "el-problem", role: "alert" },
      h("h1", null, "This world cannot be shown"),
      h("p", null, text),
      h(
        "a",
        {
          class: "el-btn el-main-act",
          href: location.pathname,
          onclick: (/** @type {MouseEvent} */ event) => app.follow(event, ""),
        },
        "See all worlds",
      ),
    ),
  ),
  receive() {},
  redraw() {},
  key: () => false,
  end() {},
});
