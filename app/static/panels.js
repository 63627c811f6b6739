// What a world says of itself beside the picture, drawn for any world: a dial between benchmarks, a table of agents with bars,
// and a ledger whose parts add up. `Domain.panels` describes them.

import { fill, h, s } from "./dom.js";
import { large, number, timeMarks } from "./words.js";

const DRAW = { dial, table, ledger, words };
const narrow = matchMedia("(max-width: 1100px)"); // drawn at its size on screen, so that text keeps its 12 px

/** Panels of the world that is shown; a press on a row of a table calls `pick` with its agent. */
export function panels(pick) {
  const place = h("div", { class: "el-panels", onclick: (event) => press(event.target.closest("tr[data-agent]")) });
  let sections = [];

  function press(row) {
    if (row) pick(Number(row.dataset.agent));
  }

  return {
    place,
    /** Show panels; `context` has the world, the points of its curves and the agent that is selected. */
    update(shown, context) {
      if (sections.length !== shown.length) {
        sections = shown.map((panel) => h("section", { class: "el-block", "aria-label": panel.title }));
        fill(place, sections);
      }
      shown.forEach((panel, i) => fill(sections[i], head(panel), DRAW[panel.kind](panel, context)));
    },
  };
}

const head = ({ title, note }) =>
  h("div", { class: "el-sec" }, h("h2", null, title), h("span", { class: "el-aside" }, note));

// The dial ------------------------------------------------------------------------------------------------------------

const WIDE = 190,
  CX = 95,
  CY = 98,
  R = 62;

/** A half circle from -1, or the lowest mark, to 1, filled from 0 to the value; marks below -1 say where they are. */
function dial(panel, context) {
  const marks = merged(panel.marks.map(([at, name]) => (at < -1 ? [-1, `${name} ${number(at)}`] : [at, name])));
  const [low, high] = [Math.min(0, marks[0][0]), 1];
  const turn = (at) => Math.PI * (1 - Math.max(0, Math.min(1, (at - low) / (high - low))));
  const on = (at, r) => [CX + r * Math.cos(turn(at)), CY - r * Math.sin(turn(at))].map((part) => part.toFixed(1));
  const arc = (from, to, r) => `M${on(from, r)}A${r} ${r} 0 0 1 ${on(to, r)}`;
  const { value } = panel;
  const told = value === null ? "–" : number(value);
  return h(
    "div",
    { class: "el-dialrow" },
    s(
      "svg",
      { width: WIDE, height: 120, role: "img", "aria-label": `${panel.title} ${told}; ${panel.note}` },
      s("path", { d: arc(low, high, R), style: "stroke:var(--hair);fill:none", "stroke-width": 13 }),
      value !== null &&
        s("path", {
          d: value < 0 ? arc(Math.max(value, low), 0, R) : arc(0, Math.min(value, high), R),
          style: `stroke:var(--${value < 0 ? "green" : "orange"}-fill);fill:none`,
          "stroke-width": 13,
        }),
      s("path", { d: arc(low, high, R + 6.5), style: "stroke:var(--edge);fill:none" }),
      marks.map(([at, name]) => {
        const [[x1, y1], [x2, y2]] = [on(at, R - 8), on(at, R + 11)];
        return [s("line", { x1, y1, x2, y2, style: "stroke:var(--ink)", "stroke-width": 1.6 }), label(turn(at), name)];
      }),
      value !== null && needle(on(value, R - 24), on(value, R - 8)),
      s("text", { x: CX, y: CY - 1, "text-anchor": "middle", class: "el-big" }, told),
    ),
    panel.trend && trend(panel.trend, context),
  );
}

/** Marks that would lie on each other share a name. */
function merged(marks) {
  const sorted = [...marks].sort((a, b) => a[0] - b[0]),
    span = sorted.at(-1)[0] - sorted[0][0] || 1;
  return sorted.reduce((kept, [at, name]) => {
    const last = kept.at(-1);
    if (last && at - last[0] < 0.05 * span) last[1] = `${last[1]}, ${name}`;
    else kept.push([at, name]);
    return kept;
  }, []);
}

/** Names at the ends stand under the dial, others outside of it. */
function label(angle, name) {
  if (angle > 0.93 * Math.PI) return s("text", { x: 0, y: CY + 17 }, name);
  if (angle < 0.07 * Math.PI) return s("text", { x: CX + R + 18, y: CY + 17, "text-anchor": "end" }, name);
  const [tx, ty] = [CX + (R + 11) * Math.cos(angle), CY - (R + 11) * Math.sin(angle)];
  const half = 3.2 * name.length,
    x = Math.max(half, Math.min(WIDE - half, tx)),
    aside = Math.max(0, Math.abs(x - CX) - half); // the words' nearest point to the middle
  const y = CY - Math.sqrt((R + 11) ** 2 - aside ** 2) - 5;
  return [
    s("text", { x, y, "text-anchor": "middle" }, name),
    ty - y > 6 &&
      s("path", {
        d: `M${tx} ${ty}L${Math.max(x - half, Math.min(x + half, tx))} ${y + 4}`,
        style: "stroke:var(--ink-3)",
      }),
  ];
}

const needle = ([x1, y1], [x2, y2]) =>
  s("line", { x1, y1, x2, y2, style: "stroke:var(--ink)", "stroke-width": 3.4, "stroke-linecap": "round" });

/** A small chart of one headline metric over the whole run. */
function trend(name, { world, columns }) {
  const metric = world.metrics[name],
    values = columns[1 + world.headline.indexOf(name)] ?? [];
  const known = columns[0].map((tick, i) => [tick, values[i]]).filter(([, value]) => Number.isFinite(value));
  const wide = narrow.matches ? 118 : 162,
    [left, top, floor] = [34, 24, 90];
  const last = Math.max(...known.map(([tick]) => tick), 6 * world.window_ticks),
    high = ceiling(Math.max(...known.map(([, value]) => value), 1e-9));
  const x = (tick) => left + ((wide - left - 4) * tick) / last,
    y = (value) => floor - ((floor - top) * Math.max(0, value)) / high;
  const ticks = timeMarks(0, last, world.seconds_per_tick, 2).filter(({ tick }) => x(tick) < wide - 18);
  return s(
    "svg",
    { width: wide, height: 120, role: "img", "aria-label": `${metric.title} over time`, class: "el-trend" },
    s("text", { x: 0, y: 12 }, `${metric.title}, ${metric.unit}`),
    [0, high].map((at) => [
      s("line", { x1: left, x2: wide - 4, y1: y(at), y2: y(at), style: `stroke:var(--${at ? "grid" : "edge"})` }),
      s("text", { x: left - 6, y: y(at) + 4, "text-anchor": "end" }, large(at)),
    ]),
    ticks.map(({ tick, label: said }) => s("text", { x: x(tick), y: floor + 17 }, said)),
    s("polyline", {
      points: known.map(([tick, value]) => `${x(tick).toFixed(1)},${y(value).toFixed(1)}`).join(" "),
      style: "fill:none;stroke:var(--blue-line);stroke-width:2;stroke-linejoin:round",
    }),
  );
}

/** The next of 1, 2, 5 times a power of ten. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= value * 0.999);
}

// Sentences -----------------------------------------------------------------------------------------------------------

function words({ sentences }) {
  return sentences.map((sentence) => h("p", { class: "el-words" }, sentence));
}

// The table -----------------------------------------------------------------------------------------------------------

const MARKS = [
  (x) =>
    s("line", {
      x1: x,
      x2: x,
      y1: 2,
      y2: 18,
      style: "stroke:var(--ink)",
      "stroke-width": 1.8,
      "stroke-dasharray": "3 1.5",
    }),
  (x) =>
    s("path", {
      d: `M${x - 4} 10l4-4.500 4 4.500-4 4.500z`,
      style: "fill:var(--surface);stroke:var(--verm-line)",
      "stroke-width": 1.6,
    }),
];

function table(panel, { agent }) {
  const bar = panel.columns.find((column) => column.bar)?.bar;
  return [
    h(
      "table",
      { class: "el-t" },
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          panel.columns.map((column) =>
            h(column.title ? "th" : "td", { class: column.bar && "el-barred" }, column.title),
          ),
        ),
      ),
      h(
        "tbody",
        null,
        panel.rows.map((row) =>
          h(
            "tr",
            { "data-agent": row.agent, class: row.agent === agent ? "el-on" : null },
            row.cells.map((cell, i) =>
              h("td", { class: panel.columns[i].bar && "el-barred" }, shown(cell, panel.columns[i])),
            ),
          ),
        ),
      ),
    ),
    h(
      "div",
      { class: "el-legend", style: "margin-top:6px;gap:2px 14px" },
      bar?.marks.map((name, i) => h("span", null, s("svg", { width: 12, height: 20 }, MARKS[i](6)), name)),
      bar?.above &&
        h(
          "span",
          null,
          s(
            "svg",
            { width: 12, height: 10 },
            s("rect", { width: 12, height: 9, y: 1, style: "fill:var(--verm-fill)" }),
          ),
          bar.above,
        ),
      panel.unit && h("span", null, panel.unit),
    ),
  ];
}

const shown = (cell, { bar }) => (bar ? barOf(cell, bar) : typeof cell === "number" ? number(cell) : cell);

/** A value as a bar from 0, with the values to compare it with. */
function barOf({ value, marks, above }, { high, marks: names }) {
  const wide = narrow.matches ? 96 : 128,
    x = (at) => 2 + ((wide - 8) * Math.max(0, Math.min(at, high))) / high;
  const known = marks.map((at, i) => [at, i]).filter(([at]) => at !== null);
  const told = [number(value), ...known.map(([at, i]) => `${names[i]} ${number(at)}`)].join(", ");
  return s(
    "svg",
    { width: wide, height: 20, role: "img", "aria-label": told },
    s("rect", { x: 2, y: 6, width: x(value) - 2, height: 8, style: `fill:var(--${above ? "verm" : "blue"}-fill)` }),
    s("line", { x1: 2, x2: 2, y1: 2, y2: 18, style: "stroke:var(--ink)" }),
    known.map(([at, i]) => MARKS[i](x(at))),
  );
}

// The ledger ----------------------------------------------------------------------------------------------------------

const PARTS = ["blue-fill", "orange-fill", "green-fill", "purple-fill"];

/** A total and its parts, and whether they add up. */
function ledger({ total: [name, total], parts, unit }) {
  const gap = total - parts.reduce((sum, [, value]) => sum + value, 0),
    adds = Math.abs(gap) <= 1e-6 * Math.max(1, Math.abs(total));
  const money = (value) => `${value < -0.5 ? "−" : ""}${Math.round(Math.abs(value)).toLocaleString("en")}`;
  const row = (sign, text, value, colour) => [
    h(
      "dt",
      null,
      h("span", { class: "el-sign" }, sign),
      colour && h("i", { style: `background:var(--${colour})` }),
      text,
    ),
    h("dd", null, value),
  ];
  return [
    h("dl", { class: "el-ledger" }, [
      row("", h("b", null, name), h("b", null, `${money(total)} ${unit}`)),
      parts.map(([text, value], i) => row(i ? "+" : "=", text, money(value), PARTS[i % PARTS.length])),
    ]),
    parts.every(([, value]) => value >= 0) &&
      h(
        "div",
        { class: "el-parts", "aria-hidden": "true" },
        parts.map(([, value], i) => h("i", { style: `flex:${value};background:var(--${PARTS[i % PARTS.length]})` })),
      ),
    h(
      "p",
      { class: `el-xs ${adds ? "el-good" : "el-bad"}` },
      adds ? "✓ adds up" : `✕ ${money(gap)} ${unit} unaccounted for`,
    ),
  ];
}
