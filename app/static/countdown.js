// What covers the picture while a world is compiled: how long that takes, counted down.

import { h } from "./dom.js";

export function countdown() {
  const place = h("div", { class: "el-wait", role: "status" }, "Preparing this world…");
  let clock = 0;

  function told(left) {
    const rest = left > 0 ? `about ${left} s` : "a moment more";
    place.textContent = `Compiling this world, once for this machine: ${rest}`;
  }

  function end() {
    clearInterval(clock);
    clock = 0;
    place.hidden = true;
  }

  return {
    place,
    end,
    /** Wait for so many seconds; null when that is over. */
    tell(seconds) {
      if (seconds === null) {
        if (clock) end();
        return;
      }
      end();
      place.hidden = false;
      let left = Math.ceil(seconds);
      told(left);
      clock = setInterval(() => told((left -= 1)), 1000);
    },
  };
}
