// Painter of games on a graph: players as nodes, coloured and shaped by what they do; the payoff matrix where the graph leaves
// room for it, each cell shaded by how many pairs of neighbours meet there; in congestion games, how many chose each action.

import { s } from "../dom.js";
import { hueOf, key, mark } from "./shared/actions.js";

const TRACE = 0.06; // weight of a new frame where there are too few pairs to count

export function painter(scene, ink, width, height, { card = false }) {
  const pairs = scene.edges,
    players = scene.nodes.length,
    few = players <= 2,
    k = scene.actions.length;
  const radius = card ? (players > 12 ? 4.5 : 8) : Math.max(5, Math.min(15, 330 / Math.sqrt(players) / 4));
  const room = Math.min(width, height) / 2 - (card ? 16 : 46);
  const stretch = few ? (width * (card ? 0.34 : 0.36)) / Math.max(room, 1) : 1;
  const X = (node) =>
    width / 2 +
    (few
      ? (scene.nodes.indexOf(node) ? 1 : -1) * stretch * room
      : (node.x - 0.5) * 2 * room * Math.min(1.5, width / height));
  const Y = (node) => height / 2 + (few ? 0 : (node.y - 0.5) * 2 * room);
  const hollow =
    few || scene.nodes.every((node) => Math.hypot(X(node) - width / 2, Y(node) - height / 2) > room * 0.75);
  let payoff = null; // of the last round: to the row player, then to the column player, each by own and other's action
  let hour = 0; // of that round, where payoffs differ by the hour
  const shares = new Float64Array(k * k);

  function ground(c) {
    c.fillStyle = ink.ground;
    c.fillRect(0, 0, width, height);
  }

  function moving(c, _from, frame, _part, selected) {
    const { actions } = frame;
    payoff = frame.payoff;
    hour = Math.max(0, (frame.tick ?? 0) - 1) % scene.hours;
    for (const same of [0, 1]) {
      c.strokeStyle = same ? ink["ink-3"] : ink.edge;
      c.lineWidth = same ? (card ? 1 : 1.6) : 1;
      c.setLineDash(same ? [] : [3, 4]);
      c.beginPath();
      for (const [i, j] of few ? [] : pairs) {
        if ((actions[i] === actions[j]) !== Boolean(same)) continue;
        c.moveTo(X(scene.nodes[i]), Y(scene.nodes[i]));
        c.lineTo(X(scene.nodes[j]), Y(scene.nodes[j]));
      }
      c.stroke();
    }
    c.setLineDash([]);
    if (hollow) (payoff.length ? matrix : crowds)(c, actions);
    scene.nodes.forEach((node, i) => player(c, node, i, actions[i], frame.rewards[i], i === selected));
  }

  function player(c, node, i, action, reward, chosen) {
    const [x, y] = [X(node), Y(node)],
      r = few ? (card ? 13 : 26) : radius;
    mark(c, ink, x, y, r, action, few ? 1.6 : 1);
    if (chosen) {
      c.beginPath();
      c.arc(x, y, r + 6, 0, 7);
      c.strokeStyle = ink.accent;
      c.lineWidth = 2.8;
      c.stroke();
    }
    if (card || (!few && players > 40)) return;
    const [dx, dy] = [x - width / 2, y - height / 2],
      far = Math.hypot(dx, dy) || 1;
    c.fillStyle = ink.ink;
    c.font = `${few ? "650 15px" : "12px"} ${ink.font}`;
    c.textAlign = "center";
    if (few) c.fillText(node.name, x, y - r - 14);
    else if (hollow) c.fillText(node.name, x + (dx / far) * (r + 14), y + (dy / far) * (r + 14) + 4);
    else c.fillText(node.name, x + r + 12, y - r - 2); // beside the lines of a grid
    if (!few) return;
    c.font = `13px ${ink.font}`;
    c.fillStyle = ink["ink-2"];
    c.fillText(scene.actions[action], x, y + r + 22);
    c.fillText(`reward ${number(reward)}`, x, y + r + 40);
  }

  function matrix(c, actions) {
    const seen = new Float64Array(k * k);
    for (const [i, j] of pairs) {
      seen[actions[i] * k + actions[j]] += (few ? 1 : 0.5) / pairs.length;
      if (!few) seen[actions[j] * k + actions[i]] += 0.5 / pairs.length; // no one is first on a graph
    }
    seen.forEach((value, i) => {
      shares[i] = few ? shares[i] + TRACE * (value - shares[i]) : value;
    });
    const cell = Math.min(
      card ? (k > 2 ? 34 : 42) : 84,
      ((few ? stretch : 1) * room * (few ? 1.1 : 1.15)) / (k + 0.4),
      (height - (card ? 24 : 120)) / (k + 0.6),
    );
    const [left, top] = [width / 2 - (k * cell) / 2, height / 2 - (k * cell) / 2 + (card ? 0 : 8)];
    for (let row = 0; row < k; row++)
      for (let column = 0; column < k; column++) {
        const [x, y] = [left + column * cell, top + row * cell];
        c.fillStyle = ink.surface;
        c.fillRect(x + 1, y + 1, cell - 2, cell - 2);
        c.globalAlpha = 0.75 * Math.sqrt(shares[row * k + column]);
        c.fillStyle = ink["sky-fill"];
        c.fillRect(x + 1, y + 1, cell - 2, cell - 2);
        c.globalAlpha = 1;
        c.fillStyle = ink.ink;
        c.textAlign = "center";
        c.font = `${card ? 12 : cell > 60 ? 16 : 12}px ${ink.font}`;
        if (cell > 21)
          c.fillText(cell > 38 ? pay(row, column) : number(paid(0, row, column)), x + cell / 2, y + cell / 2 + 5);
        if (few && row === actions[0] && column === actions[1]) {
          c.strokeStyle = ink.ink;
          c.lineWidth = 2.2;
          c.strokeRect(x + 2, y + 2, cell - 4, cell - 4);
        }
      }
    if (card) return;
    c.font = `12px ${ink.font}`;
    scene.actions.forEach((name, i) => {
      c.fillStyle = ink["ink-2"];
      c.textAlign = "center";
      c.fillText(name, left + (i + 0.5) * cell, top - 10);
      c.textAlign = "right";
      c.fillText(name, left - 10, top + (i + 0.5) * cell + 4);
    });
    c.textAlign = "center";
    c.fillText(
      few
        ? `Payoffs to ${scene.nodes[0].name}, ${scene.nodes[1].name}${scene.hours > 1 ? ` at hour ${hour}` : ""}; darker: played more of late`
        : `Payoffs${scene.hours > 1 ? ` at hour ${hour}` : ""}; darker: more pairs of neighbours`,
      width / 2,
      top + k * cell + 24,
    );
  }

  /** How many chose each action, in a game in which that is all that counts. */
  function crowds(c, actions) {
    const wide = room * (card ? 1 : 0.9),
      step = Math.min(card ? 17 : 40, (1.2 * room) / k);
    const [left, top] = [width / 2 - wide / 2 + (card ? 0 : 26), height / 2 - (k * step) / 2];
    const plate = card ? 0 : 66;
    c.fillStyle = ink.ground; // the lines of a complete graph would run through the words
    c.fillRect(left - plate, top - 6, wide + plate + 6, k * step + 12);
    scene.actions.forEach((name, action) => {
      const count = actions.reduce((sum, mine) => sum + (mine === action), 0),
        y = top + action * step;
      c.fillStyle = ink.surface;
      c.fillRect(left, y + 2, wide, step - 4);
      c.fillStyle = ink[`${hueOf(action)}-fill`];
      c.fillRect(left, y + 2, (wide * count) / players, step - 4);
      if (card) return;
      c.fillStyle = ink.ink;
      c.font = `12px ${ink.font}`;
      c.textAlign = "right";
      c.fillText(name, left - 8, y + step / 2 + 4);
      c.textAlign = "left";
      c.fillText(String(count), left + (wide * count) / players + 8, y + step / 2 + 4);
    });
  }

  /** What a player in a role (0 row, 1 column) is paid for its own action against the other's. */
  const paid = (role, own, other) => payoff[(role * k + own) * k + other];

  /** What row and column players get. */
  const pay = (row, column) => `${number(paid(0, row, column))}, ${number(paid(1, column, row))}`;

  function hit(px, py) {
    const far = scene.nodes.map((node) => Math.hypot(X(node) - px, Y(node) - py));
    const best = far.indexOf(Math.min(...far));
    return far[best] < Math.max(22, few ? 34 : radius + 8) ? best : -1;
  }

  function describe(frame) {
    const counts = scene.actions.map(
      (name, action) => `${frame.actions.reduce((sum, mine) => sum + (mine === action), 0)} ${name}`,
    );
    return `${players} players: ${counts.join(", ")}`;
  }

  const legend = () => [
    ...scene.actions.map((name, action) => [key(action), name]),
    ...(few
      ? []
      : [
          [
            s(
              "svg",
              { width: 18, height: 12 },
              s("path", { d: "M1 6H17", style: "stroke:var(--ink-3)", "stroke-width": 1.8 }),
            ),
            "same action",
          ],
          [
            s(
              "svg",
              { width: 18, height: 12 },
              s("path", { d: "M1 6H17", style: "stroke:var(--edge)", "stroke-dasharray": "3 3" }),
            ),
            "different",
          ],
        ]),
  ];

  const at = (agent) => [X(scene.nodes[agent]), Y(scene.nodes[agent])];

  return { ground, moving, hit, describe, legend, at, pay };
}

const number = (value) => String(Math.round(value * 10) / 10).replace("-", "−");
