// Whether the server can be reached, as far as the browser knows, and what is said while it cannot.

import { h } from "./dom.js";

const LOOK_MS = 500; // between two looks at the connection

const kernel = () => window.solara?.debug?.kernel?.();

const isConnected = () => navigator.onLine && (kernel()?.connectionStatus ?? "connected") === "connected";

/** Solara itself asks for a lost connection back after 12 s or more; once the network is there again, ask at once. */
function reconnect() {
  const here = kernel();
  if (here && here.connectionStatus !== "connected") here.reconnect?.()?.catch?.(() => {});
}

/**
 * A note that shows itself while the connection is lost; `turned` hears when it is, and when it is back.
 *
 * @param {(lost: boolean) => void} turned
 */
export function connection(turned) {
  const note = h(
    "p",
    { class: "el-lost", role: "status", hidden: true },
    "The connection to the server is lost. The picture stays as it is until the connection is back.",
  );
  const looking = setInterval(() => {
    const lost = !isConnected();
    if (note.hidden !== lost) return;
    note.hidden = !lost;
    turned(lost);
  }, LOOK_MS);
  window.addEventListener("online", reconnect);
  return {
    note,
    isLost: () => !note.hidden,
    end() {
      clearInterval(looking);
      window.removeEventListener("online", reconnect);
    },
  };
}
