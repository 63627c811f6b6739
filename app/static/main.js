// The page in the browser: which view shows, theme, keys, address bar, and the messages between widget and server.

import { h } from "./dom.js";
import { galleryView } from "./gallery.js";
import { keysPanel, panels, topBar } from "./popups.js";
import { stillness } from "./picture.js";
import { patterns } from "./strip.js";
import { worldView } from "./world.js";

const THEME = ":solara:theme.variant"; // Solara keeps its own theme here, so its loading page matches ours
const SHEETS = ["theme.css", "layout.css"];

const LOOK_MS = 500; // between two looks at the connection

/** Whether the server can be reached, as far as the browser knows. */
const isConnected = () =>
  navigator.onLine && (window.solara?.debug?.kernel?.()?.connectionStatus ?? "connected") === "connected";

/** Solara itself asks for a lost connection back after 12 s or more; once the network is there again, ask at once. */
function reconnect() {
  const kernel = window.solara?.debug?.kernel?.();
  if (kernel && kernel.connectionStatus !== "connected") kernel.reconnect?.()?.catch?.(() => {});
}

async function styles() {
  await Promise.all(
    SHEETS.map(
      (name) =>
        new Promise((done) => {
          const href = new URL(name, import.meta.url).href;
          if (document.querySelector(`link[href="${href}"]`)) return done();
          document.head.append(h("link", { rel: "stylesheet", href, onload: done, onerror: done }));
        }),
    ),
  );
}

export async function render({ model, el }) {
  const root = h("div", { class: "el", lang: "en" }, patterns());
  let view = null;
  const lost = h(
    "p",
    { class: "el-lost", role: "status", hidden: true },
    "The connection to the server is lost. What is shown is held, and goes on when the connection is back.",
  );
  root.append(lost);

  function look() {
    const is = !isConnected();
    if (lost.hidden === !is) return;
    lost.hidden = !is;
    view?.lost?.(is);
  }

  const app = {
    send: (k, content = {}, buffers = []) => model.send({ k, ...content }, undefined, buffers),
    /** Say something over whatever is shown, until it is clicked away. */
    say(text) {
      root.querySelector(":scope > .el-refusal")?.remove();
      const note = h(
        "button",
        { type: "button", class: "el-refusal", role: "alert", title: "Close", onclick: () => note.remove() },
        text,
      );
      root.append(note);
    },
    panels: panels(root),
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
      dress(root.dataset.theme === "dark" ? "light" : "dark");
      localStorage.setItem(THEME, JSON.stringify(root.dataset.theme));
      view.redraw();
    },
    keys: () => app.panels.toggle("keys", keysPanel),
  };

  function dress(theme) {
    root.dataset.theme = theme;
  }

  function show(next) {
    view?.end();
    app.panels.close();
    root.querySelectorAll(":scope > :not(svg, .el-lost)").forEach((child) => child.remove());
    view = next;
    root.append(view.place);
    view.lost?.(!lost.hidden);
  }

  function open() {
    const asked = new URLSearchParams(location.search); // other keys are what learning platforms add to links
    show(asked.get("scenario") || asked.get("run") ? worldView(app) : galleryView(app));
    app.send("open", { search: location.search });
  }

  function problem(text) {
    show({
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
            { class: "el-btn el-main-act", href: location.pathname, onclick: (event) => app.follow(event, "") },
            "See all worlds",
          ),
        ),
      ),
      hear() {},
      redraw() {},
      key: () => false,
      end() {},
    });
  }

  function hear(message, buffers) {
    if (message.k === "opened") {
      history.pushState(null, "", location.pathname + message.search);
      show(worldView(app));
    } else if (message.k === "said") app.say(message.text);
    else if (message.k !== "problem") view.hear(message, buffers ?? []);
    else if (message.text) problem(message.text);
  }

  function key(event) {
    const typing = event.target.matches?.("select, textarea, input:not([type=range]):not([type=checkbox])");
    if (event.key === "Escape") {
      const closed = app.panels.name !== undefined;
      app.panels.close();
      view.escape?.(closed);
      root.querySelector(".el-drawer")?.classList.remove("el-drawer");
      event.target.blur?.();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && event.target.matches?.("button, input[type=checkbox], a, summary")) return; // it presses what has the focus
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (name === "d") app.flip();
    else if (name === "?") app.keys();
    else if (!view.key({ key: name, shiftKey: event.shiftKey })) return;
    event.preventDefault();
  }

  /** A button pressed with the mouse gives the focus back, so that Space goes on playing and pausing. */
  function released(event) {
    if (event.detail) document.activeElement?.closest?.("button")?.blur();
  }

  const motion = () => app.send("motion", { pictures_per_s: stillness.matches ? 2 : 60 });
  const listeners = [
    [document, "keydown", key],
    [root, "click", released],
    [window, "popstate", () => open()],
    [window, "online", reconnect],
    [stillness, "change", motion],
  ];
  for (const [target, name, listener] of listeners) target.addEventListener(name, listener);
  model.on("msg:custom", hear);

  document.documentElement.lang = "en";
  const kept = JSON.parse(localStorage.getItem(THEME) ?? '"auto"');
  dress(kept === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : kept);
  el.append(root);
  await styles();
  open();
  motion();
  const looking = setInterval(look, LOOK_MS);
  window.everlearn = {
    get view() {
      return view;
    },
  }; // for tests and the curious

  return () => {
    view?.end();
    clearInterval(looking);
    model.off("msg:custom", hear);
    for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
  };
}
