// The inspector: one agent's values as a heat map, its policy in words, and what it is about to do.

import { fill, h, s } from "./dom.js";
import { active, fillOf, known } from "./lane.js";
import { letter } from "./strip.js";
import { number, timeUnit, words } from "./words.js";

const narrow = matchMedia("(max-width: 1100px)"); // drawn at its size on screen, so that text keeps its 12 px

export function inspector(next) {
  const place = h("section", { class: "el-block", "aria-live": "polite", "aria-label": "Inspector" });

  /** Show an agent; `lane` is the Memory lane, where there is one. */
  function update(inspection, picked, world, lane) {
    if (!inspection) {
      const text = picked ? "Looking…" : "Click an agent in the picture to see what it has learned.";
      fill(place, head(picked ?? "Nobody picked", ""), h("p", { class: "el-words el-mute" }, text));
      return;
    }
    const { heat } = inspection;
    const told = h(
      "div",
      null,
      inspection.policy.map((sentence) => h("p", { class: "el-words" }, sentence)),
      inspection.now &&
        h(
          "p",
          { class: "el-words el-mute" },
          h("b", { style: "color:var(--ink)" }, `${inspection.clock}: `),
          inspection.now,
        ),
    );
    fill(
      place,
      head(inspection.name, `${words(inspection.learner)}${inspection.remembers ? " with memory" : ""}`),
      heat
        ? h(
            "div",
            { class: `el-insp ${wide(heat) ? "el-wide" : ""}` },
            h(
              "div",
              null,
              map(heat, inspection.name),
              h(
                "div",
                { class: "el-key" },
                heat.ordered
                  ? [h("span", null, "Darker: worth more"), h("span", null, dot(), "preferred")]
                  : heat.actions.map((name, action) => h("span", null, key(action), name)),
                h("span", null, "Larger: visited more"),
              ),
            ),
            told,
          )
        : told,
      h(
        "dl",
        { class: "el-kv", style: "margin-top:12px" },
        inspection.remembers && lane && memories(lane, world),
        inspection.facts?.map(([label, value]) => [h("dt", null, label), h("dd", null, value)]),
      ),
    );
  }

  const head = (name, learner) =>
    h(
      "div",
      { class: "el-sec" },
      h("h2", null, name),
      h("span", { class: "el-mute" }, learner),
      h("button", { type: "button", class: "el-aside", onclick: next }, h("kbd", null, "Tab"), " next agent"),
    );

  return { place, update };
}

/** The tables that agents keep, and how soon they noticed the last change. */
function memories(lane, world) {
  const used = active(lane);
  const named = ({ kind, name }) =>
    kind === null ? name : `${name} ${world.regimes.find((regime) => regime.kind === kind).name}`;
  const told = known(lane).map((each) =>
    h(
      "span",
      { class: "el-memory" },
      s(
        "svg",
        { width: 18, height: 12, "aria-hidden": "true" },
        s("rect", { x: 0.5, y: 0.5, width: 17, height: 11, rx: 2, style: `${fillOf(each.kind)};stroke:var(--edge)` }),
      ),
      each.context === used?.context ? h("b", null, `${named(each)}, in use`) : named(each),
    ),
  );
  return [
    h("dt", null, "Memories"),
    h("dd", null, told, used ? null : h("b", null, "searching")),
    lane.change && [h("dt", null, "Last change"), h("dd", null, changed(lane.change, world))],
  ];
}

function changed({ kind, noticed, found }, world) {
  const [, size, brief] = timeUnit(found, world.seconds_per_tick);
  const into = (ticks) => number(ticks / size);
  return `noticed ${into(noticed)} ${brief} into regime ${letter(kind)}, settled after ${into(found)}`;
}

/** Long names of rows and many columns need the whole width of the rail. */
const wide = (heat) => heat.columns.length > 8 || Math.max(...heat.rows.map((label) => label.length)) > 7;

/** Two actions lean blue or orange; more take a colour each. */
const HUES = [
  "var(--heat-lo)",
  "var(--heat-hi)",
  "var(--green-fill)",
  "var(--purple-fill)",
  "var(--sky-fill)",
  "var(--yellow-fill)",
];

function map(heat, name) {
  const CELL = wide(heat) ? (narrow.matches ? 316 : 364) : narrow.matches ? 150 : 190;
  const rows = heat.rows.length,
    columns = heat.columns.length;
  const left = 12 + 6.6 * Math.max(...heat.rows.map((label) => label.length)),
    cell = (CELL - left - 2) / columns,
    high = Math.min(Math.max(cell, 18), 36);
  const look = heat.ordered ? steps : actions(heat);
  const cells = heat.cells.flatMap((row, r) =>
    row.map((value, c) => {
      const [x, y] = [left + c * cell, 20 + r * high],
        part = 0.35 + 0.65 * Math.sqrt(value.visits);
      const [w, t] = [(cell - 2) * part, (high - 2) * part];
      const [mx, my] = [x + cell / 2, y + high / 2];
      const { hue, part: strength, mark } = look(value, mx, my);
      const tint = `color-mix(in oklab, ${hue} ${Math.round(strength)}%, var(--heat-mid))`;
      return s(
        "g",
        null,
        s("rect", { x: x + 1, y: y + 1, width: cell - 2, height: high - 2, rx: 2, style: "fill:var(--heat-mid)" }),
        value.visits > 0 &&
          s("rect", { x: mx - w / 2, y: my - t / 2, width: w, height: t, rx: 2, style: `fill:${tint}` }),
        value.visits > 0 && (heat.ordered || cell > 15) && mark,
      );
    }),
  );
  const here =
    heat.here &&
    s("rect", {
      x: left + heat.here[1] * cell,
      y: 20 + heat.here[0] * high,
      width: cell,
      height: high,
      rx: 3,
      style: "fill:none;stroke:var(--ink)",
      "stroke-width": 2.25,
    });
  const every = (count, room, size) => Math.max(1, Math.ceil(size / (room / count)));
  const skip = every(columns, CELL - left, 8 + 6.4 * Math.max(...heat.columns.map((label) => label.length)));
  const foot = 20 + rows * high;
  return s(
    "svg",
    {
      width: CELL,
      height: foot + 36,
      role: "img",
      "aria-label": `What ${name} has learned, by ${heat.row_title} and ${heat.column_title}`,
    },
    s("text", { x: 0, y: 11 }, heat.row_title),
    cells,
    here,
    heat.rows.map(
      (label, r) =>
        (high > 12 || r % 2 === 0) && s("text", { x: left - 6, y: 24 + (r + 0.5) * high, "text-anchor": "end" }, label),
    ),
    heat.columns.map(
      (label, c) =>
        c % skip === 0 && s("text", { x: left + (c + 0.5) * cell, y: foot + 15, "text-anchor": "middle" }, label),
    ),
    s("text", { x: CELL, y: foot + 31, "text-anchor": "end" }, heat.column_title),
  );
}

/** Cells of choices that are steps of one thing: one hue, darker where worth more, a dot on the preferred one. */
const steps = (value, x, y) => ({
  hue: HUES[0],
  part: 6 + 84 * value.lean,
  mark: value.best && s("circle", { cx: x, cy: y, r: 2.4, style: "fill:#fff;stroke:#13201B", "stroke-width": 1 }),
});

/** Cells of choices that have little in common: a hue and a sign each. */
function actions(heat) {
  const own = heat.columns.join() === heat.actions.join(); // then a cell leans for or against its own action
  const strongest = Math.max(...heat.cells.flat().map((cell) => Math.abs(cell.lean))) || 1;
  return ({ action, lean: leaning }, x, y) => {
    const lean = Math.min(1, own ? Math.max(0, leaning / strongest) : Math.abs(leaning / strongest));
    const ink = action === 0 && lean > 0.6 ? "#fff" : lean > 0.3 ? "#13201B" : "var(--ink)";
    return { hue: HUES[action % HUES.length], part: (own ? 8 : 30) + 70 * lean, mark: sign(action, x, y, ink) };
  };
}

const dot = () =>
  s(
    "svg",
    { width: 12, height: 12 },
    s("circle", { cx: 6, cy: 6, r: 3, style: "fill:#fff;stroke:#13201B", "stroke-width": 1 }),
  );

/** A second channel for the action: dash, arrow, cross, ring. */
function sign(action, x, y, ink) {
  const paths = ["M-5 0h10", "M-4.500 4.500l9-9m-5.500 0h5.500v5.500", "M-4-4l8 8m0-8l-8 8", "M0-4a4 4 0 1 1-.01 0z"];
  return s("path", {
    d: paths[action % paths.length],
    transform: `translate(${x} ${y})`,
    style: `stroke:${ink};fill:none`,
    "stroke-width": 1.8,
  });
}

function key(action) {
  return s(
    "svg",
    { width: 14, height: 14, viewBox: "-8 -8 16 16" },
    s("rect", { x: -7, y: -7, width: 14, height: 14, rx: 2, style: `fill:${HUES[action % HUES.length]}` }),
    sign(action, 0, 0, action === 0 ? "#fff" : "#13201B"),
  );
}
