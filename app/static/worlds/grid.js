// Painter of power networks: lines by load (width in MW, colour in share of the limit) with arrows that drift the way power
// flows, buses with their nodal price, loads, plants with what they ask, and what is not served.
//
// Hours pass faster than numbers can be read, so all that is drawn follows the newest hour within a quarter of a second, and
// words change four times a second at most; once the world holds, they are those of its last hour.

import { arrow, battery, cross, halo, key, pair, triangle, wave } from "./power/marks.js";
import { line, middleOf, nearestSegment } from "./shared/lines.js";
import { PLATE_HIGH, netplan } from "./power/plan.js";
import { priceScale } from "./power/prices.js";
import { number } from "../words.js";

const EASE_S = 0.25,
  READ_S = 0.25;
const FULL = 0.995,
  NEAR = 0.8; // of the limit
const DRIFT = 26; // pixels a second of arrows on a full line
const EASED = ["price", "flow", "load", "shed", "choice", "stored", "cap"];

export function painter(scene, ink, width, height, { card = false }) {
  const plan = netplan(scene, width, height, card);
  const { size, small, spots, segments } = plan;
  const prices = priceScale();
  const drift = new Float32Array(segments.length).fill(0.5);
  const reach = small ? 5 : 9;
  let shown = null, // what is drawn: eased values of the frame
    said = null, // words, which change less often
    before = 0,
    most = 1; // MW of the widest line so far

  function ground(c) {
    c.fillStyle = ink.ground;
    c.fillRect(0, 0, width, height);
  }

  /** Move what is drawn towards a frame; true while it has not arrived. */
  function follow(frame, seconds) {
    const passed = seconds === null ? Infinity : seconds - before;
    const part = !shown || passed > 1 ? 1 : 1 - Math.exp(-passed / EASE_S);
    let apart = 0;
    const next = { ...frame };
    for (const name of EASED)
      next[name] = frame[name].map((value, i) => {
        const far = shown ? value - shown[name][i] : 0;
        if (!(Math.abs(far) * (1 - part) > 2e-3 * Math.max(1, Math.abs(value)))) return value; // a value that is none too
        apart++;
        return shown[name][i] + part * far;
      });
    shown = next;
    if (!said || !apart || seconds - said.at > READ_S) said = words(seconds ?? 0);
    for (const flow of shown.flow) most = Math.max(most, Math.abs(flow));
    before = seconds ?? 0;
    return apart > 0;
  }

  function words(at) {
    const cleared = shown.tick !== 0; // before that there are no prices
    if (cleared) prices.see(shown.price, at);
    const digits = (value) => (small || Math.abs(value) >= 1000 ? 0 : size.digits);
    return {
      at,
      price: Array.from(shown.price, (value) => (cleared ? minus(value.toFixed(digits(value))) : "–")),
      level: Array.from(shown.price, prices.level),
      share: Array.from(shown.flow, (flow, i) => (shown.out[i] ? 0 : Math.abs(flow) / shown.limit[i])),
      agent: scene.agents.map((agent, i) => offer(agent, i)),
      shed: Array.from(shown.shed, (mw) => (mw >= 0.5 ? `−${number(mw)} MW` : "")),
    };
  }

  function offer({ kind }, i) {
    if (kind === "storage") return `${Math.round(100 * shown.stored[0])} %`;
    if (kind === "regulator") return `cap $${Math.round(shown.cap[0])}`;
    const value = Math.round(shown.choice[i]);
    return scene.strategy === "price" ? `$${value}` : `${scene.strategy === "markup" ? "+" : "−"}${value} %`;
  }

  const wide = (mw) => 1.5 + (size.wide * Math.abs(mw)) / most;
  const colour = (share) => (share >= FULL ? "verm" : share >= NEAR ? "orange" : "grey");

  function moving(c, _from, frame, _part, selected, seconds = null) {
    const passed = seconds === null ? 0 : Math.min(seconds - before, 0.1);
    const apart = follow(frame, seconds);
    segments.forEach((segment, i) => wire(c, segment, i));
    segments.forEach((segment, i) => arrows(c, segment, i, passed));
    plan.loads.forEach((load, bus) => load && demand(c, load, bus));
    for (const glyph of plan.glyphs) stalk(c, glyph);
    if (selected >= 0) ring(c, selected);
    spots.forEach(([x, y], bus) => node(c, x, y, bus));
    for (const glyph of plan.glyphs) plant(c, glyph, glyph.agent === selected);
    if (card) return false;
    segments.forEach((_, i) => loading(c, i));
    spots.forEach((_, bus) => named(c, bus));
    scene.agents.forEach((agent, i) => agent.kind === "regulator" && plate(c, i, i === selected, ...plan.plate));
    const chosen = plan.glyphs.find((glyph) => glyph.agent === selected);
    if (chosen && !chosen.label) plate(c, selected, true, Math.min(chosen.x + size.r + 8, width - 120), chosen.y - 15);
    return apart;
  }

  function wire(c, [x0, y0, x1, y1], i) {
    const out = shown.out[i],
      share = said.share[i];
    c.strokeStyle = out ? ink["ink-3"] : ink[`${colour(share)}-line`];
    c.lineWidth = out ? 1.4 : wide(shown.flow[i]);
    c.setLineDash(out ? [5, 5] : []);
    line(c, x0, y0, x1, y1);
    if (!out && share >= FULL && !card) {
      c.strokeStyle = ink.surface;
      c.lineWidth = Math.max(1.2, 0.25 * wide(shown.flow[i]));
      c.setLineDash([6, 5]);
      line(c, x0, y0, x1, y1);
    }
    c.setLineDash([]);
    if (!out) return;
    c.strokeStyle = ink["verm-line"];
    c.lineWidth = small ? 1.8 : 2.6;
    cross(c, ...middleOf([x0, y0, x1, y1]), small ? 4 : 7);
  }

  function arrows(c, [x0, y0, x1, y1], i, passed) {
    const flow = shown.flow[i],
      far = Math.hypot(x1 - x0, y1 - y0);
    const clear = far - size.w;
    if (card || shown.out[i] || Math.abs(flow) < 0.5 || clear < 12) return;
    const count = Math.max(1, Math.round(clear / 120)),
      way = Math.sign(flow),
      long = (small ? 3.4 : 4.6) + 0.45 * wide(flow);
    drift[i] = (drift[i] + (passed * way * DRIFT * count * Math.min(1, 0.2 + said.share[i])) / clear + 1) % 1;
    const [ux, uy] = [((x1 - x0) / far) * way, ((y1 - y0) / far) * way];
    c.fillStyle = ink[`${colour(said.share[i])}-line`];
    c.strokeStyle = ink.ground;
    c.lineWidth = small ? 0.9 : 1.4;
    for (let k = 0; k < count; k++) {
      const part = (size.w / 2 + ((k + drift[i]) / count) * clear) / far;
      arrow(c, x0 + (x1 - x0) * part, y0 + (y1 - y0) * part, ux, uy, long);
    }
  }

  function demand(c, load, bus) {
    c.strokeStyle = c.fillStyle = said.shed[bus] ? ink["verm-fill"] : ink["ink-2"];
    c.lineWidth = 1.4;
    triangle(c, load);
    c.strokeStyle = ink.ink;
    if (said.shed[bus]) c.stroke();
  }

  function stalk(c, { x, y, bus }) {
    c.strokeStyle = ink["ink-2"];
    c.lineWidth = card ? 1 : 1.4;
    line(c, x, y, ...spots[bus]);
  }

  function node(c, x, y, bus) {
    const shed = said.shed[bus],
      level = said.level[bus];
    c.beginPath();
    c.roundRect(x - size.w / 2, y - size.h / 2, size.w, size.h, size.h * 0.16);
    c.fillStyle = ink[`p${level}`];
    c.fill();
    c.strokeStyle = shed ? ink["verm-line"] : ink.edge;
    c.lineWidth = shed ? (small ? 2 : 3) : card ? 0.8 : 1.2;
    c.stroke();
    if (card) return;
    c.fillStyle = ink[`p${level}-ink`];
    c.font = `650 ${size.font}px ${ink.font}`;
    c.textAlign = "center";
    c.fillText(said.price[bus], x, y + size.font * 0.36);
  }

  function plant(c, { agent, first, x, y, label }, chosen) {
    const { kind, name } = scene.agents[agent],
      r = size.r * (first ? 1 : 0.75);
    c.beginPath();
    if (kind === "storage") c.roundRect(x - r, y - 0.68 * r, 2 * r, 1.36 * r, 2);
    else c.arc(x, y, r, 0, 7);
    c.fillStyle = ink.surface;
    c.fill();
    c.strokeStyle = ink.ink;
    c.lineWidth = card ? 0.9 : 1.6;
    c.stroke();
    c.lineWidth = small ? 1 : 1.5;
    if (kind === "storage") battery(c, ink, x, y, r, shown.stored[0]);
    else if (!card) wave(c, x, y, r * 0.5);
    if (!label) return;
    const [left, top, wideness] = label,
      middle = left + wideness / 2,
      above = Math.abs(middle - x) < r;
    c.textAlign = above ? "center" : middle < x ? "right" : "left";
    pair(
      c,
      ink,
      ink.ground,
      [name, ` ${said.agent[agent]}`],
      above ? middle : middle < x ? left + wideness : left,
      top + 12,
    );
  }

  function loading(c, i) {
    const share = said.share[i],
      label = plan.labels[i];
    if (!label || !(share >= (small ? FULL : NEAR))) return;
    c.font = `650 12px ${ink.font}`;
    c.textAlign = "center";
    c.fillStyle = ink[`${colour(share)}-text`];
    halo(
      c,
      ink.ground,
      share >= FULL ? "full" : `${Math.round(100 * share)} %`,
      label[0] + label[2] / 2,
      label[1] + 11,
    );
  }

  function named(c, bus) {
    const name = plan.names[bus],
      shed = said.shed[bus];
    c.textAlign = "center";
    if (name) {
      c.font = `12px ${ink.font}`;
      c.fillStyle = ink["ink-2"];
      halo(c, ink.ground, scene.buses[bus].name, name[0] + name[2] / 2, name[1] + 11);
    }
    if (!shed) return;
    c.font = `650 12px ${ink.font}`;
    c.fillStyle = ink["verm-text"];
    const load = plan.loads[bus];
    halo(
      c,
      ink.ground,
      shed,
      load?.x ?? spots[bus][0],
      (load ? load.y + 1.5 * load.half : spots[bus][1] + size.h / 2) + 13,
    );
  }

  /** A plate of its own, for the regulator, who has no bus, and for the chosen one where there is no room for names. */
  function plate(c, i, chosen, x, y) {
    const words = [scene.agents[i].name, ` ${said.agent[i]}`];
    c.font = `650 12px ${ink.font}`;
    c.beginPath();
    c.roundRect(x, y, c.measureText(words.join("")).width + 16, PLATE_HIGH, 5);
    c.fillStyle = ink.surface;
    c.fill();
    c.strokeStyle = chosen ? ink.accent : ink.ink;
    c.lineWidth = chosen ? 2.6 : 1.4;
    c.stroke();
    c.textAlign = "left";
    pair(c, ink, ink.surface, words, x + 8, y + 19);
  }

  function ring(c, agent) {
    c.strokeStyle = ink.accent;
    c.lineWidth = 2.6;
    for (const { x, y, bus } of plan.glyphs.filter((glyph) => glyph.agent === agent)) {
      const [left, top] = [spots[bus][0] - size.w / 2, spots[bus][1] - size.h / 2];
      c.beginPath();
      c.roundRect(left - 5, top - 5, size.w + 10, size.h + 10, 7);
      c.stroke();
      c.beginPath();
      c.arc(x, y, size.r + 4, 0, 7);
      c.stroke();
    }
  }

  const onPlate = (px, py) => {
    const [x, y, w, high] = plan.plate;
    return px >= x && px < x + w && py >= y && py < y + high;
  };
  const busAt = (px, py) =>
    spots.findIndex(([x, y]) => Math.abs(px - x) <= size.w / 2 + 2 && Math.abs(py - y) <= size.h / 2 + 2);

  function hit(px, py) {
    const regulator = scene.agents.findIndex((agent) => agent.kind === "regulator");
    if (regulator >= 0 && onPlate(px, py)) return regulator;
    const near = plan.glyphs.find(({ x, y }) => Math.hypot(px - x, py - y) < size.r + 4);
    const bus = busAt(px, py);
    return (near ?? plan.glyphs.find((glyph) => glyph.bus === bus))?.agent ?? -1;
  }

  const edge = (px, py) => (busAt(px, py) < 0 ? nearestSegment(segments, px, py, reach) : -1);

  function note(px, py) {
    if (!shown) return "";
    const bus = busAt(px, py),
      i = edge(px, py);
    if (bus >= 0) {
      const lost = said.shed[bus] ? `, ${number(shown.shed[bus])} MW not served` : "";
      return `Bus ${scene.buses[bus].name}: $${number(shown.price[bus])}/MWh, load ${number(shown.load[bus])} MW${lost}`;
    }
    if (i < 0) return "";
    const { name, from, to } = scene.lines[i],
      flow = shown.flow[i],
      [start, end] = (flow >= 0 ? [from, to] : [to, from]).map((each) => scene.buses[each].name);
    const limit = Number.isFinite(shown.limit[i]) ? ` of ${number(shown.limit[i])}` : "";
    return shown.out[i]
      ? `Line ${name} is out.`
      : `Line ${name}: ${number(Math.abs(flow))}${limit} MW from ${start} to ${end}.`;
  }

  function describe(frame) {
    const full = scene.lines.filter((_, i) => !frame.out[i] && Math.abs(frame.flow[i]) >= FULL * frame.limit[i]);
    const out = scene.lines.filter((_, i) => frame.out[i]);
    const lost = frame.shed.reduce((sum, mw) => sum + mw, 0);
    const names = (found) => found.map(({ name }) => name).join(", ");
    return [
      `${scene.buses.length} buses; prices from $${number(Math.min(...frame.price))} to $${number(Math.max(...frame.price))}/MWh`,
      full.length && `full: line ${names(full)}`,
      out.length && `out: line ${names(out)}`,
      lost >= 0.5 && `${number(lost)} MW not served`,
    ]
      .filter(Boolean)
      .join("; ");
  }

  const at = (agent) => {
    const glyph = plan.glyphs.find((each) => each.agent === agent);
    return glyph
      ? [glyph.x, glyph.y]
      : middleOf([plan.plate[0], plan.plate[1], plan.plate[0] + 40, plan.plate[1] + 20]);
  };
  const middle = (i) => middleOf(segments[i]);
  const legend = () => [...key(), prices.legend()];

  return { ground, moving, hit, edge, middle, note, describe, legend, at };
}

const minus = (text) => text.replace("-", "−");
