// The timeline under the picture: which regime holds, what agents with a memory recall, what comes, where people changed
// something, and now.

import { fill, h, s } from "./dom.js";
import { active, diamond, fillOf, noticed, stretches } from "./lane.js";
import { blocks, letter, paint } from "./strip.js";
import { number, timeMarks } from "./words.js";

const LEFT = 54,
  TOP = 24,
  HIGH = 22,
  BELOW = TOP + HIGH + 2, // the Memory lane
  BLOCKS = 24,
  STALE = 0.01; // share of the span by which a lane may lag before the whole timeline is drawn as of its tick

/** The stretch of ticks to show: the whole suggested run, or the last blocks of a long one. */
function span(world, tick) {
  const cycle = world.regimes.reduce((sum, regime) => sum + regime.ticks, 0);
  const whole =
    cycle && world.repeat ? Math.min(world.ticks, cycle * Math.ceil(BLOCKS / world.regimes.length / 2)) : world.ticks;
  if (tick < whole * 0.85) return [0, whole];
  return cycle && world.repeat ? [tick - whole * 0.85, tick + whole * 0.15] : [0, tick / 0.85];
}

export function timeline() {
  const place = h("div", { class: "el-tl" });
  const legend = h("div", { class: "el-legend" });
  let drawn = "";

  let scale = null;

  /** Draw what is known; a run at full speed is drawn as of its last lane, so that both lanes agree. */
  function draw(world, { live: latest, tick: looked, looking }, events, lane, past) {
    const width = place.clientWidth - 40;
    if (width <= 0) return;
    const [begin, end] = span(world, latest);
    const tick = lane && Math.abs(latest - lane.tick) > STALE * (end - begin) ? lane.tick : latest;
    const [from, to] = span(world, tick),
      foot = lane ? BELOW + HIGH : TOP + HIGH;
    const x = (at) => LEFT + ((at - from) / (to - from)) * (width - LEFT);
    const now = x(tick),
      at = looking ? x(Math.max(looked, from)) : now; // what the picture shows
    scale = (offset) => from + ((offset - LEFT) / (width - LEFT)) * (to - from);
    const key = [
      width,
      Math.round(now * 2),
      Math.round(at * 2),
      looking,
      past?.moments,
      Math.round((from / (to - from)) * width),
      Math.round(100 * Math.log(to)),
      events.length,
      world.name,
      lane && [lane.stretches.at(-1), Object.values(lane.fits), lane.marks.at(-1)],
    ].join();
    if (key === drawn) return;
    drawn = key;
    const regimes = world.regimes.length
      ? blocks(world.regimes, world.repeat, from, to)
          .flatMap((block) => cut(block, tick))
          .map((part) => bar({ ...part, ...look(part) }, x, TOP))
      : [
          s("rect", { x: LEFT, y: TOP, width: Math.max(0, now - LEFT), height: HIGH, style: "fill:var(--reg-b)" }),
          s("rect", {
            x: now,
            y: TOP + 0.5,
            width: Math.max(0, width - now),
            height: HIGH - 1,
            style: "fill:none;stroke:var(--edge);stroke-dasharray:3 3",
          }),
        ];
    const shown = events.filter(([at]) => at >= from);
    let free = 0; // labels that would lie over the one before are left out; the mark stays
    const marks = shown.map(([at, text]) => {
      const left = x(at),
        room = left >= free && left + text.length * 6.5 < width;
      if (room) free = left + 20 + text.length * 6.5;
      return s(
        "g",
        null,
        s("title", null, text),
        s("line", { x1: left, x2: left, y1: TOP - 4, y2: foot, style: "stroke:var(--ink-2)" }),
        s("path", {
          d: `M${left - 5} ${TOP - 13}h10l-5 9z`,
          style: "fill:var(--verm-fill);stroke:var(--ink)",
          "stroke-width": 0.8,
        }),
        room && s("text", { x: left + 9, y: TOP - 5 }, text),
      );
    });
    const recalled = lane ? stretches(lane, from, tick, world) : [],
      alarms = lane ? noticed(lane, from, tick, x) : [];
    const days = timeMarks(from, to, world.seconds_per_tick, 7).filter(
      (mark) => x(mark.tick) + 4 + 7 * mark.label.length < width,
    );
    fill(
      place,
      s(
        "svg",
        { width, height: foot + 20, role: "img", "aria-label": `Timeline: ${holds(world, tick)}${recalls(lane)}` },
        s("text", { x: 0, y: TOP + 15 }, "World"),
        regimes,
        lane && s("text", { x: 0, y: BELOW + 15 }, "Memory"),
        lane && s("g", { class: "el-recalled" }, ...recalled.map((part) => bar(part, x, BELOW))),
        marks,
        lane &&
          s("g", { class: "el-noticed" }, ...alarms.map(({ tick: at, right }) => diamond(x(at), BELOW - 1, right))),
        days.map((mark) =>
          s(
            "g",
            null,
            s("line", {
              x1: x(mark.tick),
              x2: x(mark.tick),
              y1: foot,
              y2: foot + 5,
              style: "stroke:var(--edge)",
            }),
            s("text", { x: x(mark.tick) + 3, y: foot + 16 }, mark.label),
          ),
        ),
        looking &&
          s("line", { x1: now, x2: now, y1: TOP - 4, y2: foot + 2, style: "stroke:var(--ink-2);stroke-dasharray:2 2" }),
        looking && now - at > 40 && s("text", { x: now - 4, y: TOP - 8, "text-anchor": "end" }, "live"),
        s("line", {
          class: "el-now",
          x1: at,
          x2: at,
          y1: TOP - 6,
          y2: foot + 4,
          style: "stroke:var(--accent)",
          "stroke-width": 2.5,
        }),
        s("circle", {
          cx: at,
          cy: TOP - 10,
          r: 4.5,
          style: "fill:var(--surface);stroke:var(--accent)",
          "stroke-width": 2.5,
        }),
      ),
      legend,
    );
    const kinds = [...new Map(world.regimes.map((regime) => [regime.kind, regime])).values()];
    fill(
      legend,
      kinds.map((regime) => h("span", null, swatch(fillOf(regime.kind)), `${letter(regime.kind)} ${regime.name}`)),
      kinds.length ? null : h("span", null, "One regime: this world stays as it is until you change it."),
      seen(recalled, x, ({ several }) => several) && h("span", null, swatch(fillOf(null)), "fits several"),
      seen(recalled, x, ({ searching }) => searching) && h("span", null, swatch("fill:var(--hair)"), "searching"),
      [true, false].map(
        (right) =>
          alarms.some((alarm) => alarm.right === right) &&
          h(
            "span",
            null,
            s("svg", { width: 13, height: 15 }, diamond(6.5, 7.5, right)),
            right ? "agents notice" : "false alarm",
          ),
      ),
      shown.length > 0 &&
        h(
          "span",
          null,
          s(
            "svg",
            { width: 11, height: 10 },
            s("path", {
              d: "M0.5 0.5h10l-5 9z",
              style: "fill:var(--verm-fill);stroke:var(--ink)",
              "stroke-width": 0.8,
            }),
          ),
          "you change",
        ),
      past &&
        h(
          "span",
          { class: "el-faint el-kept-past", title: "Drag on the timeline, or press ←, to look back" },
          kept(past),
        ),
    );
  }

  return { place, draw, tickAt: (offset) => scale && scale(offset) };
}

/** How much of the past is kept, and how much can be. */
const kept = ({ moments, bytes, most_bytes }) =>
  `${moments} moments kept, ${number(bytes / 1e6)} of at most ${number(most_bytes / 1e6)} MB`;

/** Which regime holds, in words. */
export function holds(world, tick) {
  const [block] = blocks(world.regimes, world.repeat, tick, tick + 1);
  return block ? `regime ${letter(block.kind)}, ${block.name}` : "one regime";
}

function cut(block, tick) {
  if (tick <= block.from) return [{ ...block, coming: true }];
  return tick < block.to
    ? [
        { ...block, to: tick },
        { ...block, from: tick, coming: true },
      ]
    : [block];
}

/** How a block of the World lane looks. */
const look = (block) => ({
  style: block.coming ? "fill:none;stroke:var(--edge);stroke-dasharray:3 3" : fillOf(block.kind),
  said: block.name,
  name: letter(block.kind),
});

function bar({ from, to, style, name, said, coming }, x, top) {
  const left = x(from),
    width = Math.max(0, x(to) - left);
  return s(
    "g",
    null,
    s("title", null, said),
    s("rect", { x: left + 0.5, y: top + 0.5, width: Math.max(0, width - 1), height: HIGH - 1, style }),
    width > 8 + 8 * name.length &&
      s(
        "text",
        { x: left + width / 2, y: top + 15, "text-anchor": "middle", style: coming ? "" : "fill:var(--reg-ink)" },
        name,
      ),
  );
}

/** Whether something of a kind is wide enough to be seen. */
const seen = (recalled, x, is) => recalled.some((part) => is(part) && x(part.to) - x(part.from) > 3);

/** What agents recall, in words. */
function recalls(lane) {
  if (!lane) return "";
  const now = active(lane);
  return now ? `; memory: ${now.name}` : "; memory: searching";
}

function swatch(style) {
  return s(
    "svg",
    { width: 18, height: 12, "aria-hidden": "true" },
    s("rect", { x: 0.5, y: 0.5, width: 17, height: 11, rx: 2, style: `${style};stroke:var(--edge)` }),
  );
}
