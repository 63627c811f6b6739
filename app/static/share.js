// Links to a world, for others.

import { button, h } from "./dom.js";

/** @import { OpenDialog } from "./page.js" */

const HERE = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Where others open the page: here, or where this address holds for this machine alone, at one that it has for others.
 *
 * @returns {Promise<string | undefined>}
 */
async function placeForOthers() {
  if (!HERE.includes(location.hostname)) return location.href;
  return (await (await fetch(new URL("addresses.json", import.meta.url))).json())[0];
}

/**
 * Two links: the same settings in a run of one's own, or this very run, watched together.
 *
 * @param {string} search
 * @param {string} run
 * @returns {OpenDialog}
 */
export function shareDialog(search, run) {
  const alone = h(
    "p",
    { class: "el-mute", hidden: true },
    "Only this computer can open these links. Start the page with --host 0.0.0.0 to let others in.",
  );
  const inputs = /** @type {[HTMLInputElement, query: string][]} */ ([]);
  placeForOthers().then((place) => {
    alone.hidden = Boolean(place);
    for (const [input, query] of inputs) input.value = new URL(query, place ?? location.href).href;
  });
  /** @param {string} label @param {string} text @param {string} query */
  const row = (label, text, query) => {
    const input = h("input", {
      class: "el-field",
      readonly: true,
      "aria-label": label,
      value: new URL(query, location.href).href,
      onfocus: () => input.select(),
    });
    inputs.push([input, query]);
    const copy = button("Copy", async () => {
      input.select();
      await (navigator.clipboard?.writeText(input.value) ?? Promise.resolve(document.execCommand("copy"))); // no clipboard without https
      copy.textContent = "Copied";
    });
    return h(
      "section",
      { class: "el-block" },
      h("h2", null, label),
      h("p", { class: "el-mute el-xs" }, text),
      h("div", { class: "el-line", style: "margin-top:4px" }, input, copy),
    );
  };
  return {
    title: "Share",
    up: true,
    body: h(
      "div",
      null,
      row(
        "This world from its start",
        "Scenario, learner, seed and changed parameters, in a run of their own.",
        search,
      ),
      row(
        "This run, watched together",
        "Everybody sees and controls the same run, for as long as somebody watches it.",
        `?run=${run}`,
      ),
      alone,
    ),
  };
}
