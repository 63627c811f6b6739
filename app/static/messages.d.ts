// All that server and page say to each other, and what it means. This file is types and documentation at once: `make script`
// checks the page against it, and a test holds its names against app/viewers/viewer.py and app/viewers/messages.py.
//
// Every message is a JSON object with its kind in `k`; some carry buffers beside it, as said here. Ticks are counted from the
// start of a life (a reset begins another). `null` is a number that is not known. What pictures need of each world: scenes.d.ts.

import type { Scene } from "./scenes.js";

/** What the page may say: fields by kind. app/viewers/messages.py refuses all else. */
export interface Asked {
  /** A frame has been drawn. Only three frames are sent beyond the last one that was answered. */
  ack: { i: number };
  /** Show what an address says: the query of the page's own address. */
  open: { search: string };
  /** How many pictures a second the tab can use, 0.1 to 240. */
  motion: { pictures_per_s: number };
  /** Go on with a saved world; its bytes are the one buffer, at most 60 MB. */
  upload: { name: string };
  play: { playing: boolean };
  /** One tick. */
  step: {};
  /** `null`: as fast as it can. */
  speed: { ticks_per_s: number | null };
  /** Change parameters from the next tick on; `null` gives one back to the schedule. In a what-if this changes world B. */
  change: { text: string; name: string; parameters: Values };
  /** Start again at tick 0. `null`: as the scenario says. `changes` are parameters that differ from the scenario. */
  reset: { learner: string | null; lifelong: boolean | null; seed: number; changes: Values };
  /** Inspect an agent, by its number from 0, or none. */
  watch: { agent: number | null };
  /** Look at a tick of the past; `null`: at the run itself. */
  look: { tick: number | null };
  /** Make the moment that is looked at the present. */
  go_on: {};
  /** Open a what-if: fork the world. */
  fork: {};
  /** End a what-if, with world B (`keep`) or with A. */
  join: { keep: boolean };
  /** Ask for a file, or for the notebook cell that makes what is on the screen; `file` answers. */
  file: { kind: FileKind };
}

/** What the server says: fields by kind. */
export interface Said {
  /** Nothing can be shown, and why; empty when that is over. */
  problem: { text: string };
  /** A sentence over whatever is shown. */
  said: { text: string };
  /** A saved world is shown from now on, at this address. */
  opened: { search: string };
  /** All scenarios, once per viewer. */
  gallery: { cards: Card[] | null };
  /** The picture of a card; buffers: `parts`. */
  still: { name: string; scene: Scene; agents: number; parts: Layout };
  /** A world is being compiled, which takes about so many seconds; `null`: not, or not any more. */
  waiting: { seconds: number | null };
  /** A life begins: what stays the same until the next reset. */
  world: World;
  /** What changes seldom. */
  status: Status;
  /** Points of curves; the buffer is float32 [points, columns]: the tick at a point's middle, then each headline metric. */
  curve: { columns: number; now: Num[] };
  memory: Memory;
  /** A what-if that is open. */
  pair: { pair: Pair | null };
  /** What the pairs of a what-if say so far. */
  answer: { answer: Partial<Answer> };
  past: Past;
  /** The agent that this viewer watches. */
  inspection: { agent: number | null; inspection: Inspection | null };
  panels: { panels: Panel[] };
  /** The picture at a tick; buffers: those of `parts`, then those of `twin`. */
  frame: FrameMessage;
  /** What was asked for; the buffer is the file. */
  file: { kind: FileKind; name: string };
}

/** A message with its kind. */
export type Message = { [K in keyof Said]: { k: K } & Said[K] }[keyof Said];

type Num = number | null;
type FileKind = "world" | "record" | "figure" | "cell";
/** Values of parameters by name: numbers, texts, true or false, or lists of texts (closed roads) and numbers. */
export type Values = Record<string, any>;
/** Name and NumPy type of each buffer of a message, in their order. */
export type Layout = [name: string, type: "u1" | "u2" | "u4" | "i1" | "i2" | "i4" | "f4" | "f8"][];

/** A block of the schedule; blocks of one `kind` (from 0) are the same regime. */
export interface Regime {
  name: string;
  ticks: number;
  kind: number;
}

/** A scenario in the gallery; `cooperation` is kappa, from 0 to 1. */
export interface Card {
  name: string;
  title: string;
  question: string;
  domain: string;
  /** Title of its kind of world, and what it is about. */
  world_title: string;
  world_about: string;
  /** "signal" */
  agent_noun: string;
  cooperation: number;
  lifelong: boolean;
  regimes: Regime[];
  repeat: boolean;
  ticks: number;
}

/** A parameter as a control needs it; `choices` where its kind is "choice". */
export interface Knob {
  name: string;
  title: string;
  value: any;
  kind: "float" | "int" | "bool" | "choice" | "text" | "list";
  unit: string;
  meaning: string;
  low: Num;
  high: Num;
  choices: string[];
  /** Applies from the next tick; others apply at reset. */
  live: boolean;
}

/** A column of the record. */
export interface Metric {
  title: string;
  meaning: string;
  unit: string;
  good: "low" | "high" | null;
}

export interface World {
  /** Of the run, for the address that others watch it by. */
  run: string;
  name: string;
  title: string;
  question: string;
  summary: string;
  domain: string;
  world_title: string;
  /** Kinds of learner that the scenario names, joined by ", ". */
  learner: string;
  /** All that this world can be learned by: kind, and what it is called. */
  learners: Record<string, string>;
  /** Those of them that were worse than playing at random, with the settings that they get by their name alone. */
  worse_than_random: string[];
  /** Baselines, the most important first. */
  compared: string[];
  /** Of lines of theory; the others are good. */
  theory_tones: Record<string, "plain" | "bad">;
  /** Whether a regime comes back. */
  returns: boolean;
  can_remember: boolean;
  lifelong: boolean;
  knobs: Knob[];
  regimes: Regime[];
  /** Whether the schedule begins again after its last block. */
  repeat: boolean;
  /** Length of the suggested run. */
  ticks: number;
  /** `null` where a tick has no length: rounds. */
  seconds_per_tick: Num;
  /** Ticks of a row of the record. */
  window_ticks: number;
  /** Names of the agents by number. */
  agents: string[];
  scene: Scene;
  /** Names of the metrics that are shown, the most important first. */
  headline: string[];
  metrics: Record<string, Metric>;
}

/** Something people did: when, and what. */
export type Happening = [tick: number, text: string];

export interface Status {
  playing: boolean;
  /** Ticks a second; `null`: as fast as it can. */
  speed: Num;
  /** Parameters that people hold over the schedule. */
  changed: Values;
  events: Happening[];
  /** Why the last order was refused; empty when it was not. */
  refusal: string;
  /** Per metric and baseline a value per block of the schedule (one where there are no regimes). */
  lines: Record<string, Record<string, Num[]>>;
  /** The same of theory, for the first headline metric. */
  theory: Record<string, Num[]>;
  /** Address of a run like this one. */
  search: string;
  /** `null`: as the scenario says. */
  learner: string | null;
  lifelong: boolean | null;
  seed: number;
  /** Parameters that differ from the scenario since tick 0, and those that are held now. */
  made: Values;
  /** All parameters now. */
  parameters: Values;
  /** The same of world B of a what-if. */
  twin: { parameters: Values; changed: Values } | null;
}

export interface FrameMessage {
  /** Number of the frame, for `ack`. */
  i: number;
  tick: number;
  /** The tick in the world's own time, in words. */
  clock: string;
  /** Block of the schedule. */
  regime: number;
  /** Ticks a second that were reached. */
  rate: number;
  /** Tick of the run itself, which is another than `tick` while this viewer looks back. */
  live: number;
  looking: boolean;
  /** While looking back: headline numbers and parameters then, of the world, and of B. */
  now?: Num[][];
  told?: Values[];
  parts: Layout;
  /** World B of a what-if; empty without. */
  twin: Layout;
}

/** Copies of the past that are kept. */
export interface Past {
  moments: number;
  /** Tick of the oldest. */
  first: number;
  bytes: number;
  most_bytes: number;
}

export interface Memory {
  number: number;
  /** `null` where no agents have a memory. */
  lane: Lane | null;
  recovery: Recovery | null;
  keeping: Keeping | null;
}

/** The Memory lane (app/memory/lane.py). */
export interface Lane {
  tick: number;
  /** Which context is played from a tick on; -1 searching, -2 not known. */
  stretches: [tick: number, context: number][];
  /** Alarms, and whether they were right. */
  marks: [tick: number, right: boolean][];
  /** Kinds of regime that a context fits. */
  fits: Record<number, number[]>;
  /** Contexts that are kept. */
  known: number[];
  /** The last change that was noticed: kind of the new regime, and ticks after it. */
  change: { kind: number; noticed: number; found: number } | null;
}

/** Recovery times: per bar and block of the schedule mean ticks, and whether most never recovered. */
export interface Recovery {
  bars: ([ticks: number, never: boolean] | null)[][];
  /** Passes of the schedule that share a bar. */
  passes: number;
}

/** What a memory is worth: per "with" and "without" what is kept (1: all) of the regime of a column after that of a row. */
export interface Keeping {
  names: string[];
  advice: string;
  kept: Record<string, Num[][]>;
}

/** A what-if that is open. */
export interface Pair {
  /** When it was forked, as tick and in words. */
  tick: number;
  clock: string;
  /** Tick at which the compared runs end. */
  end: number;
  /** What was changed in B. */
  events: Happening[];
  /** B minus A of the first headline metric, of this very pair. */
  own: [tick: number, value: Num][];
  /** Headline numbers of B, and of A. */
  now: Num[];
  base: Num[];
}

/** What pairs with seeds of their own say; beyond `done` and `of` from five pairs on. */
export interface Answer {
  done: number;
  of: number;
  /** In place of all else, when the pairs stopped. */
  fault: string;
  sentences: string[];
  /** The time over which means are taken, in words. */
  over: string;
  change_at: number;
  /** Mean of A, of B, their difference, and the ends of its 95 % interval. */
  numbers: { metric: string; good: Metric["good"]; values: [a: Num, b: Num, apart: Num, low: Num, high: Num] }[];
  /** The difference of every pair. */
  seeds: number[];
  worst: Num;
  /** Ticks after `change_at`. */
  recovered: Num;
  /** The mean difference over time and its band. */
  ticks: number[];
  mean: Num[];
  low: Num[];
  high: Num[];
}

/** What one agent sees, knows and would do. */
export interface Inspection {
  name: string;
  learner: string;
  clock: string;
  remembers: boolean;
  policy: string[];
  now: string;
  facts: [label: string, value: string][];
  /** `null` for those that keep no table. */
  heat: Heat | null;
}

/** Values by state: rows and columns of states, and where the agent is. */
export interface Heat {
  rows: string[];
  columns: string[];
  row_title: string;
  column_title: string;
  actions: string[];
  /** Whether actions are steps of one thing; then `lean` is worth (0..1), else how far the best action is ahead. */
  ordered: boolean;
  /** `visits` from 0 to 1, by the logarithm. */
  cells: { lean: number; visits: number; action: number; best: boolean }[][];
  here: [row: number, column: number] | null;
}

interface Titled {
  title: string;
  note: string;
}
/** A value among marks, and a headline metric drawn beside it. */
export interface Dial extends Titled {
  kind: "dial";
  value: Num;
  marks: [value: number, name: string][];
  trend: string;
}
export interface Bar {
  high: number;
  /** Names of the values to compare with. */
  marks: string[];
  above: string;
}
export interface Barred {
  value: number;
  marks: Num[];
  above: boolean;
}
/** Agents in rows; cells of a column with a bar are `Barred`. */
export interface Table extends Titled {
  kind: "table";
  columns: { title: string; bar: Bar | null }[];
  rows: { agent: number; cells: (number | string | Barred)[] }[];
  unit: string;
}
export interface Sentences extends Titled {
  kind: "words";
  sentences: string[];
}
/** A total and the parts that make it up. */
export interface Ledger extends Titled {
  kind: "ledger";
  total: [name: string, value: number];
  parts: [name: string, value: number][];
  unit: string;
}
export type Panel = Dial | Table | Sentences | Ledger;
