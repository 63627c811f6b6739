// What covers the picture while a world is compiled: how long that takes, counted down.

import { h } from "../dom.js";

export function countdown() {
  const place = h("div", { class: "el-wait", role: "status" }, "Preparing this world…");
  let clock = 0,
    left = 0; // seconds

  function tell() {
    const rest = left > 0 ? `about ${left} s` : "a moment more";
    place.textContent = `Compiling this world, once for this machine: ${rest}`;
  }

  function end() {
    clearInterval(clock);
    clock = 0;
    place.hidden = true;
  }

  /** Wait for so many seconds; null when that is over. @param {number | null} seconds */
  function begin(seconds) {
    if (seconds === null) {
      if (clock) end();
      return;
    }
    end();
    place.hidden = false;
    left = Math.ceil(seconds);
    tell();
    clock = window.setInterval(() => {
      left -= 1;
      tell();
    }, 1000);
  }

  return { place, begin, end };
}
