// What pictures of each kind of world need: a scene once, and a frame at every moment, whose arrays are the buffers of a
// message (models/<world>/picture.py).

/** Edges that people can take out, by a live parameter that lists the names of those that are out. */
export interface Switches {
  parameter: string;
  /** "road" */
  noun: string;
  /** "Close" and "Open" */
  off: string;
  on: string;
  /** All names of each edge, the one to say first. */
  names: string[][];
  /** Links of the edges, where these are not numbered alike. */
  edges?: number[];
}

interface AnyScene {
  switches?: Switches;
  /** The agent to inspect first. */
  agent?: number;
}
interface Spot {
  name: string;
  x: number;
  y: number;
}

/** Metres, y down. */
export interface TrafficScene extends AnyScene {
  kind: "traffic";
  width: number;
  height: number;
  /** Signals; `sides`: whether a road comes from N, E, S, W. */
  nodes: (Spot & { sides: boolean[] })[];
  /** `edge` of the switches, or -1. */
  roads: [x0: number, y0: number, x1: number, y1: number, link: number, edge: number][];
  /** Points x, y, x, y ... of every road, where some are not straight. */
  shapes: number[][];
  /** Routes that drivers know between two gates; 0 where they turn by shares or know one. */
  routes: number;
}
export interface TrafficFrame {
  /** Places (n, 2) of 0..65535. */
  vehicles: Uint16Array;
  /** 0 moves, 1 waits, 2 waits for long; + 4 heading; + 16 route from 1. */
  state: Uint8Array;
  id: Uint16Array;
  /** Phase of each signal, + 4 while it changes; of plans. */
  signals: Uint8Array;
  /** What each link sees at its end: 0 red, 1 green for some, 2 a change, 3 no signal. */
  greens: Uint8Array;
  /** Vehicles that wait (signals, 4 sides). */
  queues: Uint8Array;
  /** By link. */
  closed: Uint8Array;
}

/** Places from 0 to 1. */
export interface RoutesScene extends AnyScene {
  kind: "routes";
  drivers: number;
  agent: number;
  nodes: Spot[];
  /** By their nodes. */
  links: [from: number, to: number][];
  /** Width and height of the network before it was scaled. */
  span: [width: number, height: number];
  pairs: [from: string, to: string][];
  /** Links, and names, of the routes of each pair. */
  routes: number[][][];
  names: string[][];
  /** Drivers that are drawn, and their pairs. */
  sample: number[];
  pair_of: number[];
  switches: Switches & { edges: number[] };
}
/** Flows in drivers, times in minutes. */
export interface RoutesFrame {
  /** By link. */
  flow: Float32Array;
  time: Float32Array;
  free: Float32Array;
  closed: Uint8Array;
  /** (pairs, most routes) */
  route_flow: Float32Array;
  route_time: Float32Array;
  route_toll: Float32Array;
  /** Route of each driver that is drawn. */
  drivers: Uint8Array;
}

/** Metres. */
export interface CrossingScene extends AnyScene {
  kind: "crossing";
  width: number;
  height: number;
  /** From the middle of the road to that of a lane; from the middle of the crossing to the line; length of a car. */
  lane: number;
  line: number;
  car: number;
  cars: number;
  fleets: number;
}
export interface CrossingFrame {
  /** Places (n, 2) of 0..65535. */
  vehicles: Uint16Array;
  /** 0 moves, 1 waits, 2 waits for long, 3 wreck; + 4 side; + 16 fleet; + 128 in the box. */
  state: Uint8Array;
  id: Uint16Array;
  /** Cars that wait by side. */
  queues: Uint8Array;
  /** Number of collisions, and seconds since the last. */
  collision: Float32Array;
  blocked: Uint8Array;
}

/** Places from 0 to 1, y down. */
export interface GridScene extends AnyScene {
  kind: "grid";
  buses: Spot[];
  lines: { name: string; from: number; to: number }[];
  /** The bus of the largest unit first. */
  agents: { name: string; kind: "company" | "storage" | "regulator"; buses: number[] }[];
  /** Mean by bus. */
  load_mw: number[];
  strategy: string;
  switches: Switches;
}
/** The last hour. */
export interface GridFrame {
  /** $/MWh by bus. */
  price: Float32Array;
  /** MW by line, from -> to. */
  flow: Float32Array;
  limit: Float32Array;
  /** MW served and shed by bus. */
  load: Float32Array;
  shed: Float32Array;
  /** By agent: its choice (per cent, or $/MWh), MW, $. */
  choice: Float32Array;
  mw: Float32Array;
  profit: Float32Array;
  /** How full storage is, 0..1. */
  stored: Float32Array;
  /** Price cap, $/MWh. */
  cap: Float32Array;
  /** By line. */
  out: Uint8Array;
}

/** Places from 0 to 1. */
export interface MarketScene extends AnyScene {
  kind: "market";
  market: string;
  agent: number;
  nodes: (Spot & { kind: "maker" | "trader" | "buyer" | "seller" })[];
  edges: [number, number][];
  reference: "equilibrium" | "value";
  path_ticks: number;
}
export interface MarketFrame {
  /** (4, path_ticks), oldest first. */
  path: Float32Array;
  /** Shares at rest by price (bids and asks, 40). */
  depth: Float32Array;
  /** First price of `depth`, and its step. */
  scale: Float32Array;
  /** 1 where somebody quotes or came. */
  looks: Uint8Array;
  /** NaN where nothing is offered. */
  half_spread: Float32Array;
  gains: Int16Array;
  /** A bit per edge. */
  open: Uint8Array;
}

export interface OligopolyScene extends AnyScene {
  kind: "oligopoly";
  firms: string[];
  /** Of each firm. */
  levels: number[][];
  /** "price" or "quantity" */
  what: string;
}
export interface OligopolyFrame {
  /** Level of each firm. */
  actions: Uint8Array;
  /** Levels of theory. */
  lines: Float32Array;
  /** Levels (periods, firms) after firm 1 undercuts the others in period 2; empty where it is not known. */
  cut: Uint8Array;
}

/** Places from 0 to 1. */
export interface GamesScene extends AnyScene {
  kind: "games";
  nodes: Spot[];
  edges: [number, number][];
  actions: string[];
  /** Of a day; 1 where payoffs do not differ by the hour. */
  hours: number;
}
export interface GamesFrame {
  actions: Uint8Array;
  rewards: Float32Array;
  /** (role, own action, the other's action); empty in a congestion game. */
  payoff: Float32Array;
}

/** What every world gives whose class says no more; places from 0 to 1. */
export interface GraphScene extends AnyScene {
  kind: string;
  nodes: Spot[];
  edges: [number, number][];
  /** Names. */
  actions: string[];
}
export interface GraphFrame {
  /** Action that each agent holds, and what it earned in the last tick. */
  actions: Uint8Array | Uint16Array;
  rewards: Float32Array;
}

/** What a picture needs once, and what it needs of every frame, by kind. */
interface Pictures {
  traffic: [TrafficScene, TrafficFrame];
  routes: [RoutesScene, RoutesFrame];
  crossing: [CrossingScene, CrossingFrame];
  grid: [GridScene, GridFrame];
  market: [MarketScene, MarketFrame];
  oligopoly: [OligopolyScene, OligopolyFrame];
  games: [GamesScene, GamesFrame];
  graph: [GraphScene, GraphFrame];
}
export type Kind = keyof Pictures;
export type SceneOf<K extends Kind> = Pictures[K][0];
/** The parts of a frame, with its tick and when it arrived (ms); the gallery's have neither. */
export type FrameOf<K extends Kind> = Pictures[K][1] & { tick?: number; at?: number };
export type Scene = SceneOf<Kind>;
