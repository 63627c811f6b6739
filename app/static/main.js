// The page in the browser: which view shows, keys, address bar, and the messages between widget and server.

import { connection } from "./connection.js";
import { h, inside } from "./dom.js";
import { galleryView } from "./gallery/gallery.js";
import { stillness } from "./picture/projector.js";
import { dialogs, keysDialog } from "./dialogs.js";
import { problemView } from "./problem.js";
import { patterns } from "./regimes.js";
import { chosen, flip, styles } from "./theme.js";
import { worldView } from "./live/world.js";

/** @import { App, Receive, Model, View } from "./page.js" */
/** Which view shows. @typedef {ReturnType<typeof views>} Views */

/** Draw the page into an element, as anywidget asks. @param {{ model: Model, el: HTMLElement }} widget */
export async function render({ model, el }) {
  const root = h("div", { class: "el", lang: "en" }, patterns());
  const app = makeApp(root, model, {
    redraw: () => shown.view?.redraw(),
    open: () => shown.open(),
  });
  const lost = connection((is) => shown.view?.lost?.(is));
  root.append(lost.note);
  const shown = views(app, root, lost.isLost);
  const receive = receiver(app, shown);
  const motion = () => app.send("motion", { pictures_per_s: stillness.matches ? 2 : 60 });
  const ends = [
    listen(document, "keydown", keys(app, root, shown)),
    listen(root, "click", released),
    listen(window, "popstate", shown.open),
    listen(stillness, "change", motion),
    lost.end,
    () => model.off("msg:custom", receive),
  ];
  model.on("msg:custom", receive);

  document.documentElement.lang = "en";
  root.dataset.theme = chosen();
  el.append(root);
  await styles();
  shown.open();
  motion();
  window.everlearn = {
    get view() {
      return shown.view;
    },
  };
  return () => {
    shown.view?.end();
    for (const end of ends) end();
  };
}

/**
 * Listen until the function that is returned is called.
 *
 * @param {EventTarget} target
 * @param {string} name
 * @param {(event: any) => void} listener
 */
function listen(target, name, listener) {
  target.addEventListener(name, listener);
  return () => target.removeEventListener(name, listener);
}

/**
 * What every view can ask of the page.
 *
 * @param {HTMLElement} root
 * @param {Model} model
 * @param {{ redraw: () => void, open: () => void }} act
 * @returns {App}
 */
function makeApp(root, model, { redraw, open }) {
  const over = dialogs(root);
  return {
    send(k, ...[content, buffers = []]) {
      model.send({ k, ...content }, undefined, buffers);
    },
    say(text) {
      root.querySelector(":scope > .el-refusal")?.remove();
      const props = {
        type: "button",
        class: "el-refusal",
        role: "alert",
        title: "Close",
        onclick: () => note.remove(),
      };
      const note = h("button", props, text);
      root.append(note);
    },
    dialogs: over,
    follow(event, search) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // a new tab, as people know it
      event.preventDefault();
      history.pushState(null, "", location.pathname + search);
      open();
    },
    remember(search) {
      if (!new URLSearchParams(location.search).has("run") && search !== location.search)
        history.replaceState(null, "", location.pathname + search);
    },
    flip() {
      flip(root);
      redraw();
    },
    keys: () => over.toggle("keys", keysDialog),
  };
}

/** @param {App} app @param {HTMLElement} root @param {() => boolean} isLost */
function views(app, root, isLost) {
  const shown = {
    view: /** @type {View | null} */ (null),
    /** @param {View} next */
    show(next) {
      shown.view?.end();
      app.dialogs.close();
      root.querySelectorAll(":scope > :not(svg, .el-lost)").forEach((child) => child.remove());
      shown.view = next;
      root.append(next.place);
      next.lost?.(isLost());
    },
    /** Show what the address says. */
    open() {
      const asked = new URLSearchParams(location.search); // other keys are what learning platforms add to links
      shown.show(asked.get("scenario") || asked.get("run") ? worldView(app) : galleryView(app));
      app.send("open", { search: location.search });
    },
  };
  return shown;
}

/** Messages for the page itself; all others are for its view. @param {App} app @param {Views} shown @returns {Receive} */
function receiver(app, shown) {
  return (message, buffers) => {
    if (message.k === "opened") {
      history.pushState(null, "", location.pathname + message.search);
      shown.show(worldView(app));
    } else if (message.k === "said") app.say(message.text);
    else if (message.k !== "problem") shown.view?.receive(message, buffers ?? []);
    else if (message.text) shown.show(problemView(app, message.text));
  };
}

const TYPING = "select, textarea, input:not([type=range]):not([type=checkbox])";
const PRESSED = "button, input[type=checkbox], a, summary"; // Space presses what has the focus

/** @param {App} app @param {HTMLElement} root @param {Views} shown */
function keys(app, root, shown) {
  /** @param {Element} focused */
  function escape(focused) {
    const closed = app.dialogs.name !== undefined;
    app.dialogs.close();
    shown.view?.escape?.(closed);
    root.querySelector(".el-drawer")?.classList.remove("el-drawer");
    if (focused instanceof HTMLElement) focused.blur();
  }

  return (/** @type {KeyboardEvent} */ event) => {
    const focused = inside(event);
    if (event.key === "Escape") return escape(focused);
    if (focused.matches?.(TYPING) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && focused.matches?.(PRESSED)) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (name === "d") app.flip();
    else if (name === "?") app.keys();
    else if (!shown.view?.key({ key: name, shiftKey: event.shiftKey })) return;
    event.preventDefault();
  };
}

/**
 * A button pressed with the mouse gives the focus back, so that Space goes on playing and pausing.
 *
 * @param {MouseEvent} event
 */
function released(event) {
  if (event.detail) document.activeElement?.closest?.("button")?.blur();
}
