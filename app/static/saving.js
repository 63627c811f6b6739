// Taking things home: the world, its record, its figure, the cell that makes it again; and opening a saved world.

import { button, h } from "./dom.js";

/** @import { FileKind } from "./messages.js" */
/** @import { App, OpenDialog } from "./page.js" */

/** @type {[kind: FileKind, name: string, text: string][]} */
const KINDS = [
  ["world", "World", "Everything, minds included (.npz). Open it here, or with World.open in Python."],
  ["record", "Record", "Every metric, one row per window (.csv)."],
  ["figure", "Figure", "The learning curve with rules and theory (.png)."],
];
const MOST_BYTES = 60_000_000;

/** Hand a file that has arrived to the browser. @param {string} name @param {DataView<ArrayBuffer>} buffer */
export function handOver(name, buffer) {
  const link = h("a", { href: URL.createObjectURL(new Blob([buffer])), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A button that asks for a saved world and sends its content. @param {App} app */
export function opener(app, kind = "") {
  const input = h("input", {
    type: "file",
    accept: ".npz",
    hidden: true,
    "aria-label": "Saved world",
    onchange: async () => {
      const file = input.files?.[0];
      input.value = "";
      if (!file) return;
      if (file.size > MOST_BYTES)
        app.say(
          `${file.name}: ${Math.round(file.size / 1e6)} MB is more than the 60 MB that fit through the page; use World.open in Python.`,
        );
      else app.send("upload", { name: file.name }, [await file.arrayBuffer()]);
    },
  });
  return h(
    "span",
    null,
    button("Open a saved world", () => input.click(), { image: "open", kind }),
    input,
  );
}

/**
 * Everything that can be saved of a world, or of both of a what-if.
 *
 * @param {App} app
 * @param {boolean} paired
 * @returns {OpenDialog}
 */
export function saveDialog(app, paired) {
  const cell = h("textarea", { class: "el-field el-code", readonly: true, rows: 9, "aria-label": "Notebook cell" });
  const copy = button("Copy", async () => {
    cell.select();
    await (navigator.clipboard?.writeText(cell.value) ?? Promise.resolve(document.execCommand("copy")));
    copy.textContent = "Copied";
  });
  app.send("file", { kind: "cell" });
  return {
    title: "Save",
    up: true,
    body: h(
      "div",
      null,
      h(
        "section",
        { class: "el-block" },
        KINDS.map(([kind, name, text]) =>
          h(
            "div",
            { class: "el-line" },
            h(
              "span",
              null,
              h("b", null, paired && kind !== "record" ? `${name} B` : name),
              h("br"),
              h(
                "span",
                { class: "el-mute el-xs" },
                paired && kind === "record" ? "Every metric of both worlds (.csv)." : text,
              ),
            ),
            button("Save", () => app.send("file", { kind }), { image: "save", title: `Save the ${kind}` }),
          ),
        ),
      ),
      h(
        "section",
        { class: "el-block" },
        h("div", { class: "el-sec" }, h("h2", null, "Make it again"), h("span", { class: "el-aside" }, copy)),
        h("p", { class: "el-mute el-xs" }, "A notebook cell that gives what is on the screen, to the byte."),
        cell,
      ),
      h("section", { class: "el-block" }, opener(app)),
    ),
    file: (text) => {
      cell.value = text;
    },
  };
}
