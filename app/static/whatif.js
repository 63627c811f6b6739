// What if: a world and its changed fork side by side, with the answer in a sentence, the difference over time, and numbers.

import { button, fill, h, s } from "./dom.js";
import { difference } from "./difference.js";
import { picture } from "./picture.js";
import { scrub } from "./scrub.js";
import { number } from "./words.js";

const FINDING = /[−\d.,]+(?: [^\s[]+)? \[[^\]]+\]|after [\d.,]+ \w+(?= \[)/; // what a reader looks for in a sentence

/** `mine` is the picture of world A, borrowed while a what-if is open; a press on an edge of B is told to `toggle`. */
export function whatif(mine, { pick, toggle, look, save }) {
  const theirs = picture(pick, toggle);
  const chart = difference();
  const sentence = h("p", { class: "el-answer", role: "status" }),
    small = h("p", { class: "el-mute el-xs" });
  const done = h("span", { class: "el-mute el-done" });
  const copy = button("Copy sentence", async () => {
    await navigator.clipboard?.writeText(sentence.textContent);
    copy.textContent = "Copied";
  });
  const heads = ["A", "B"].map((name) => ({
    badge: h("span", { class: `el-badge el-${name}`, "aria-hidden": "true" }, name),
    title: h("b"),
    now: h("span", { class: "el-mute el-aside" }),
  }));
  const slots = heads.map(({ badge, title, now }, i) =>
    h(
      "section",
      { class: "el-side", "aria-label": `World ${"AB"[i]}` },
      h("div", { class: "el-sidehead" }, badge, title, now),
    ),
  );
  slots[1].append(theirs.place);
  const numbers = h("section", { class: "el-numbers", "aria-label": "In numbers" });
  const place = h(
    "div",
    { class: "el-whatif" },
    h(
      "header",
      { class: "el-said" },
      h("div", null, sentence, small),
      h("span", { class: "el-spacer" }),
      done,
      copy,
      button("Save data", save, { image: "save" }),
    ),
    h("div", { class: "el-sides" }, slots),
    h("div", { class: "el-below" }, chart.place, numbers),
  );
  scrub(chart.place, chart.tickAt, look);
  let shown = null;
  const resized = new ResizeObserver(() => shown && chart.draw(...shown));
  resized.observe(chart.place);

  return {
    place,
    theirs,
    chart, // for tests
    open(world) {
      slots[0].append(mine.place);
      theirs.setScene(world.scene);
    },
    update(world, pair, now) {
      answer(world, pair);
      shown = [world, pair, now];
      this.move(now);
      heads[0].title.textContent = "As it was";
      heads[1].title.textContent = pair.events.length
        ? pair.events.map(([, text]) => text).join(", ")
        : "The same so far";
      fill(
        numbers,
        pair.numbers ? [table(world, pair), seeds(world, pair)] : h("p", { class: "el-mute" }, waiting(pair)),
      );
    },
    /** Show both worlds at another moment. */
    move(now) {
      if (!shown) return;
      const [world, pair] = shown;
      shown[2] = now;
      chart.draw(...shown);
      const both = now.looking ? now.now : [pair.base, pair.now];
      both.forEach((values, i) => {
        heads[i].now.replaceChildren(
          ...world.headline.slice(0, 2).flatMap((name, m) => {
            const { title, unit } = world.metrics[name];
            return [
              h(
                "span",
                null,
                `${title.toLowerCase()} `,
                h("b", null, number(values[m] ?? null)),
                values[m] === null || values[m] === undefined ? "" : ` ${unit}`,
              ),
            ];
          }),
        );
      });
    },
    end() {
      resized.disconnect();
      theirs.end();
    },
  };

  function answer(world, pair) {
    const [first, pairing] = pair.sentences ?? [];
    done.textContent = first ? `${pair.done} of ${pair.of} pairs done` : "";
    copy.hidden = !first;
    if (!first) {
      fill(sentence, pair.events.length ? "What does it do?" : "What if?");
      small.textContent = pair.fault ?? waiting(pair);
      return;
    }
    fill(
      sentence,
      first.split(/(?<=;) /).map((part) => h("span", null, ...strong(part), " ")),
    );
    const unit = world.metrics[world.headline[0]].unit;
    const worst = pair.worst === null ? "" : ` Worst pair ${signed(pair.worst)}${unit ? ` ${unit}` : ""}.`;
    small.textContent = `Mean over the ${pair.over} after the change, world B minus world A, 95 % interval over ${pair.seeds.length} pairs that share a seed.${worst} ${pairing ?? ""}`;
    if (pair.fault) small.textContent = pair.fault;
  }
}

function waiting(pair) {
  if (!pair.events.length) return "Both worlds are the same, and meet the same arrivals. Change B to see what it does.";
  return `${pair.done} of ${pair.of} pairs done, each with arrivals of its own; the answer is written from 5 on.`;
}

function strong(text) {
  const found = text.match(FINDING);
  if (!found) return [text];
  return [text.slice(0, found.index), h("b", null, found[0]), text.slice(found.index + found[0].length)];
}

const signed = (value) => (value > 0 ? `+${number(value)}` : number(value));

function table(world, pair) {
  const rows = pair.numbers.map(({ metric, good, values: [a, b, apart, low, high] }) => {
    const { title, unit, meaning } = world.metrics[metric];
    const clear = low > 0 || high < 0;
    const better = clear && good ? apart < 0 === (good === "low") : null;
    const mark = !clear ? "○" : better === null ? "" : better ? "✓" : "✕";
    return h(
      "tr",
      { title: meaning },
      h("td", null, title, unit && h("span", { class: "el-faint" }, `, ${unit}`)),
      h("td", { class: "el-opt" }, number(a)),
      h("td", { class: "el-opt" }, number(b)),
      h(
        "td",
        { class: better === null ? "" : better ? "el-good" : "el-bad" },
        h("b", null, `${mark} ${signed(apart)}`),
      ),
      h("td", { class: "el-mute" }, low === null ? "–" : `[${number(low)}, ${number(high)}]`),
    );
  });
  return h(
    "div",
    null,
    h("div", { class: "el-sec" }, h("h2", null, "In numbers"), h("span", { class: "el-aside" }, pair.over)),
    h(
      "table",
      { class: "el-t el-pairs" },
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          h("td"),
          h("th", { class: "el-opt" }, "A"),
          h("th", { class: "el-opt" }, "B"),
          h("th", null, "B − A"),
          h("th", null, "95 %"),
        ),
      ),
      h("tbody", null, rows),
    ),
  );
}

/** Every pair as a dot, stacked where they would lie on each other. */
function seeds(world, pair) {
  const width = 300,
    across = 10;
  const low = Math.min(0, ...pair.seeds),
    high = Math.max(0, ...pair.seeds);
  const x = (value) => 8 + ((value - low) / (high - low || 1)) * (width - 16);
  const columns = new Map();
  const dots = pair.seeds.map((value) => {
    const column = Math.round(x(value) / across);
    const level = columns.get(column) ?? 0;
    columns.set(column, level + 1);
    return s(
      "circle",
      { cx: column * across, cy: 50 - level * 9, r: 4, style: "fill:var(--blue-line)" },
      s("title", null, signed(value)),
    );
  });
  const unit = world.metrics[world.headline[0]].unit;
  const top = 52 - Math.max(...columns.values()) * 9;
  const ends = [...new Set([low, 0, high])].filter((value, i, all) => i === 0 || x(value) - x(all[i - 1]) > 40);
  return h(
    "div",
    null,
    h(
      "div",
      { class: "el-sec", style: "margin:8px 0 0" },
      h("h2", null, "Every pair"),
      h("span", { class: "el-aside" }, `B − A${unit ? `, ${unit}` : ""}`),
    ),
    s(
      "svg",
      {
        viewBox: `0 ${top} ${width} ${76 - top}`,
        width: "100%",
        height: Math.min(84, 76 - top),
        role: "img",
        "aria-label": `${pair.seeds.length} pairs, from ${number(low)} to ${number(high)}`,
      },
      s("line", { x1: 0, x2: width, y1: 57, y2: 57, style: "stroke:var(--edge)" }),
      dots,
      ends.map((value) =>
        s(
          "text",
          { x: x(value), y: 73, "text-anchor": value === low ? "start" : value === high ? "end" : "middle" },
          number(value),
        ),
      ),
    ),
  );
}
