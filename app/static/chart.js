// The learning curve: what agents achieve over time, with baselines and theory, under the regime strip.
// uPlot comes from the local asset store through the server; it is not part of this repository.

import { fill, h, token } from "./dom.js";
import { strip } from "./strip.js";
import { number, timeMarks, words } from "./words.js";

const UPLOT = "uplot@1.6.32";
const RIGHT = 96; // room for the names of lines at their ends
const MOST_BLOCKS_PX = 5; // regimes narrower than this are not told apart; baselines then show their mean

let loading;
function uplot() {
  const base = new URL(`${window.solara?.cdn ?? ""}/${UPLOT}/dist/`, location.href).href;
  loading ??= import(`${base}uPlot.esm.js`).then((module) => {
    document.head.append(h("link", { rel: "stylesheet", href: `${base}uPlot.min.css` }));
    return module.default;
  });
  return loading;
}

export function chart() {
  const plot = h("div", { class: "el-plot" }),
    top = h("div", { class: "el-strip" }),
    ends = h("div");
  const box = h("div", { class: "el-chart", role: "img" }, plot, top, ends);
  const title = h("p", { class: "el-xs el-mute" });
  const place = h(
    "section",
    { class: "el-block" },
    h("div", { class: "el-sec" }, h("h2", null, "Are they learning?"), h("span", { class: "el-aside" })),
    title,
    box,
  );
  let shown = null,
    drawing = null,
    alive = true,
    data = [[], []],
    guides = [],
    key = "";

  async function start() {
    try {
      const Plot = await uplot();
      if (!alive) return;
      const axis = {
        stroke: () => token(box, "--ink-2"),
        font: `12px ${token(box, "--font")}`,
        ticks: { show: false },
        border: { show: false },
      };
      drawing = new Plot(
        {
          ...size(),
          legend: { show: false },
          cursor: { show: false },
          padding: [12, RIGHT, 0, 0],
          scales: { x: { time: false, range: () => [0, last()] }, y: { range: () => [bounds()[0], bounds()[1]] } },
          axes: [
            {
              ...axis,
              size: 26,
              gap: 8,
              grid: { show: false },
              splits: () => marks().map((mark) => mark.tick),
              values: () => marks().map((mark) => mark.label),
            },
            {
              ...axis,
              size: 38,
              gap: 6,
              space: 38,
              grid: { stroke: () => token(box, "--grid"), width: 1 },
              values: (_plot, splits) => splits.map(number),
            },
          ],
          series: [
            {},
            {
              stroke: () => token(box, "--blue-line"),
              width: 2.25,
              points: { show: () => data[0].length < 3, size: 6 },
              spanGaps: true,
            },
          ],
          hooks: { drawAxes: [lines], draw: [label] },
        },
        data,
        plot,
      );
    } catch (error) {
      fill(
        ends,
        h(
          "p",
          { role: "alert", class: "el-words el-mute" },
          `The chart needs ${UPLOT}, which is not in the asset store. Run "make install" and load the page again.`,
        ),
      );
    }
  }

  const size = () => ({ width: box.clientWidth || 360, height: box.clientHeight || 214 });
  const last = () => Math.max(shown?.tick ?? 0, (shown?.window ?? 1) * 6);
  const marks = () => timeMarks(0, last(), shown?.seconds, box.clientWidth > 340 ? 6 : 4);

  /** Zero and the top of what is shown; lines far above the curve would flatten it, so they only get an arrow. */
  function bounds() {
    const known = data[1].filter(Number.isFinite);
    const high = Math.max(...known, 0),
      low = Math.min(...known, 0);
    const idle = high === 0 && low === 0 ? 1 : 0; // a curve that stays at zero still needs a scale
    const values = guides.flatMap((guide) => guide.values).filter((value) => value !== null);
    const limit = 1.7 * (known.length ? high : Math.min(...values.filter((value) => value > 0)));
    const near = values.filter((value) => value < limit);
    return [Math.min(low, ...near) * (low < 0 ? 1.08 : 1), Math.max(high, ...near, idle) * 1.08];
  }

  /** Baselines and theory, in the chart's own units. */
  function lines(u) {
    const c = u.ctx,
      ratio = devicePixelRatio || 1;
    c.save();
    c.beginPath();
    c.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    c.clip();
    for (const guide of guides) {
      c.strokeStyle = token(box, guide.colour);
      c.lineWidth = 1.6 * ratio;
      c.setLineDash(guide.dash.map((part) => part * ratio));
      c.beginPath();
      let end = 0;
      for (const [from, to, value] of guide.steps(last(), u.bbox.width / ratio)) {
        const at = [u.valToPos(from, "x", true), u.valToPos(value, "y", true)];
        if (from > end)
          c.moveTo(...at); // a line without a value in some regime has a gap there
        else c.lineTo(...at);
        end = to;
        c.lineTo(u.valToPos(to, "x", true), u.valToPos(value, "y", true));
      }
      c.stroke();
    }
    c.restore();
  }

  /** Names at the right ends, pushed apart, each in its own colour. */
  function label(u) {
    if (!shown) return;
    const [, high] = bounds(),
      ratio = devicePixelRatio || 1,
      floor = (u.bbox.top + u.bbox.height) / ratio;
    const tags = guides.map((guide) => {
      const value = guide.steps(last(), u.bbox.width / ratio).at(-1)?.[2] ?? guide.values.find((each) => each !== null);
      return {
        text: value > high ? `${guide.name} ↑ ${number(value)}` : guide.name,
        ink: guide.text,
        at: u.valToPos(Math.min(value, high), "y"),
      };
    });
    const end = data[1].findLast(Number.isFinite);
    if (end !== undefined)
      tags.push({ text: shown.learner, ink: "--blue-text", at: u.valToPos(end, "y"), strong: true });
    tags.sort((a, b) => a.at - b.at);
    tags.forEach((tag, i) => {
      tag.at = Math.max(tag.at, i ? tags[i - 1].at + 14 : 4);
    });
    tags.reverse().forEach((tag, i) => {
      tag.at = Math.min(tag.at, i ? tags[i - 1].at - 14 : floor - u.bbox.top / ratio - 4);
    });
    fill(
      ends,
      tags.map((tag) =>
        h(
          "span",
          {
            class: "el-end",
            title: tag.text,
            style: `top:${tag.at + u.bbox.top / ratio}px;color:var(${tag.ink});${tag.strong ? "font-weight:650" : ""}`,
          },
          tag.text,
        ),
      ),
    );
    const wide = u.bbox.width / ratio;
    const now = [shown.name, wide, last()].join();
    if (now === key) return;
    key = now;
    Object.assign(top.style, { left: `${u.bbox.left / ratio}px`, width: `${wide}px` });
    const narrow =
      shown.regimes.length && (wide * Math.min(...shown.regimes.map((regime) => regime.ticks))) / last() < 3;
    fill(top, shown.regimes.length && !narrow ? strip(shown.regimes, shown.repeat, 0, last(), wide, 6) : null);
  }

  const resized = new ResizeObserver(() => drawing?.setSize(size()));
  resized.observe(box);
  start();

  return {
    place,
    /** Show a curve: points (x, y), what they are, and the lines to compare with. */
    update(world, status, tick, xs, ys) {
      const name = world.headline[0],
        metric = world.metrics[name];
      shown = {
        tick,
        window: world.window_ticks,
        seconds: world.seconds_per_tick,
        regimes: world.regimes,
        repeat: world.repeat,
        name: world.name,
        learner: status.learner ? words(status.learner) : "learners",
      };
      title.textContent = metric.unit ? `${metric.title}, ${metric.unit}` : metric.title;
      title.title = metric.meaning;
      place.querySelector(".el-aside").textContent =
        metric.good === "low" ? "↓ is good" : metric.good === "high" ? "↑ is good" : "";
      guides = guideLines(world, status.lines[name] ?? {}, status.theory);
      data = [xs, ys];
      const known = ys.filter(Number.isFinite);
      box.setAttribute(
        "aria-label",
        known.length
          ? `${metric.title} went from ${number(known[0])} to ${number(known[known.length - 1])} ${metric.unit}`
          : `${metric.title}: nothing measured yet`,
      );
      drawing?.setData(data);
    },
    redraw: () => {
      key = "";
      drawing?.redraw(false, true);
    },
    end() {
      alive = false;
      resized.disconnect();
      drawing?.destroy();
    },
  };
}

const SHOWN = ["random", "fixed_time", "max_pressure", "detector_rule"],
  MOST_GUIDES = 4; // more would hide the curve
const STYLES = {
  random: { dash: [2, 4], colour: "--grey-line" },
  fixed_time: { dash: [9, 3, 2, 3], colour: "--ink-2" },
};

/** Theory is good, and green, but for these. */
const THEORY = {
  "best response": { dash: [9, 3, 2, 3], colour: "--ink-2", text: "--ink-2" },
  cartel: { dash: [7, 4], colour: "--verm-line", text: "--verm-text" },
};

/** The lines to compare with: per regime block a value; as steps while blocks are wide enough, else their mean. */
function guideLines(world, lines, theory) {
  const known = Object.keys(lines).filter((name) => !(words(name) in theory)); // what theory says exactly is drawn once
  const told = SHOWN.filter((name) => known.includes(name))
    .concat(known.filter((name) => !SHOWN.includes(name)))
    .slice(0, MOST_GUIDES);
  const found = told
    .map((name) => [name, lines[name]])
    .map(([name, values]) => ({
      name: words(name),
      values,
      text: "--ink-2",
      ...(STYLES[name] ?? { dash: [5, 3], colour: "--ink-3" }),
    }));
  for (const [name, values] of Object.entries(theory))
    found.push({
      name: name.includes("%") ? "mixed" : name,
      values,
      ...(THEORY[name] ?? { dash: [9, 4], colour: "--green-line", text: "--green-text" }),
    });
  return found
    .filter((guide) => guide.values.some((value) => value !== null))
    .map((guide) => ({ ...guide, steps: (last, wide) => steps(world, guide.values, last, wide) }));
}

function steps({ regimes, repeat }, values, last, wide) {
  const cycle = regimes.reduce((sum, regime) => sum + regime.ticks, 0);
  const known = values.map((value, i) => [value, regimes[i]?.ticks ?? 1]).filter(([value]) => value !== null);
  const mean =
    known.reduce((sum, [value, ticks]) => sum + value * ticks, 0) / known.reduce((sum, [, ticks]) => sum + ticks, 0);
  if (!cycle || values.length < 2 || (wide * cycle) / regimes.length / last < MOST_BLOCKS_PX) return [[0, last, mean]];
  const found = [];
  for (let i = 0, from = 0; from < last; i++) {
    const ends = !repeat && i === regimes.length - 1;
    const to = ends ? last : Math.min(last, from + regimes[i % regimes.length].ticks),
      value = values[i % regimes.length];
    if (value !== null) found.push([from, to, value]);
    from = to;
  }
  return found;
}
