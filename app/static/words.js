// Numbers and times as people read them: at most three figures, thin units, a real minus sign.

import { roundUp } from "./axes.js";

/** @import { Knob, Metric } from "./messages.js" */

/** A name of the program as words: "at_reset" is "at reset". @param {string} name */
export const words = (name) => name.replaceAll("_", " ");

/**
 * What a kind of learner is called in a world.
 *
 * @param {{ learners: Record<string, string> }} world
 * @param {string} kind
 */
export const called = ({ learners }, kind) => learners[kind] ?? words(kind);

/** Up to three figures: 31.4, 0.31, 1,842. @param {number | null | undefined} value */
export function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size === 0 ? 0 : 3;
  const text = (Math.abs(Number(value.toFixed(digits))) || 0).toLocaleString("en", { maximumFractionDigits: digits });
  return (value < 0 && text !== "0" ? "−" : "") + text;
}

/**
 * A parameter's title without the unit that its name carries: "Demand veh per s" in veh/s is "Demand".
 *
 * @param {Pick<Knob, "title" | "unit">} knob
 */
export function title(knob) {
  const tail = ` ${knob.unit.replace("$/", "per ").replace("/", " per ")}`.toLowerCase();
  return knob.unit && knob.title.toLowerCase().endsWith(tail) ? knob.title.slice(0, -tail.length) : knob.title;
}

/**
 * A parameter's value: whole numbers whole, shares as they are, lists as their length.
 *
 * @param {Pick<Knob, "kind">} knob
 * @param {any} value
 */
export function shown(knob, value) {
  if (knob.kind === "bool") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length ? `${value.length} set` : "none";
  return typeof value === "number"
    ? Number.isInteger(value)
      ? value.toLocaleString("en")
      : number(value)
    : words(String(value));
}

/** 1,200,000 as "1.2 M". @param {number} value */
export function large(value) {
  const size = Math.abs(value);
  if (size >= 999_500) return `${number(value / 1e6)} M`;
  return size >= 9_950 ? `${number(value / 1e3)} k` : number(value);
}

/**
 * The speed in world time: ["60×", "1 minute a second"].
 *
 * @param {number} ticksPerS
 * @param {number | null} secondsPerTick
 */
export function pace(ticksPerS, secondsPerTick) {
  if (!secondsPerTick) return [`${number(ticksPerS)}`, ticksPerS === 1 ? "round a second" : "rounds a second"];
  if (secondsPerTick >= DAY_S) return [number(ticksPerS), ticksPerS === 1 ? "day a second" : "days a second"];
  const ratio = ticksPerS * secondsPerTick;
  return [`${ratio >= 9950 ? large(ratio) : number(ratio)}×`, `${duration(ratio)} a second`];
}

/** Seconds as "1 minute", "3.5 hours". @param {number} seconds */
export function duration(seconds) {
  for (const [unit, size] of LONG) {
    if (seconds >= size * 0.995) {
      const text = number(seconds / size);
      return `${text} ${unit}${text === "1" ? "" : "s"}`;
    }
  }
  const text = number(seconds);
  return `${text} second${text === "1" ? "" : "s"}`;
}

/**
 * The unit in which a stretch of ticks is told: ["Minutes", ticks in one, "min"]; rounds where a world has no clock.
 *
 * @param {number} ticks
 * @param {number | null} secondsPerTick
 * @returns {[name: string, ticks: number, brief: string]}
 */
export function timeUnit(ticks, secondsPerTick) {
  if (!secondsPerTick) return ["Rounds", 1, "rounds"];
  const seconds = ticks * secondsPerTick;
  const [name, size, brief] = UNITS.find(([, size]) => seconds >= 3 * size) ?? SECONDS;
  return [name, size / secondsPerTick, brief];
}

/** A unit's brief name after a number: "1 day", "2 days". @param {number} value @param {string} brief */
export const unitAfter = (value, brief) => (value === 1 && brief.length > 3 ? brief.replace(/s$/, "") : brief);

/** @type {[name: string, seconds: number, brief: string]} */
const SECONDS = ["Seconds", 1, "s"];

/** @type {[name: string, seconds: number, brief: string][]} */
const UNITS = [
  ["Days", 86400, "days"],
  ["Hours", 3600, "h"],
  ["Minutes", 60, "min"],
];

/** @type {[name: string, seconds: number][]} */
const LONG = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

const DAY_S = 86400,
  YEAR_S = 365 * DAY_S;

/**
 * Where on the time axis marks stand, and what they are called: days or years for worlds with a clock, rounds for games.
 *
 * @param {number} from
 * @param {number} to
 * @param {number | null} secondsPerTick
 */
export function timeMarks(from, to, secondsPerTick, most = 6) {
  const span = (to - from) * (secondsPerTick ?? 0);
  const unit = secondsPerTick ? unitOf(span, secondsPerTick) : 1;
  const [start, end] = [from, to].map((tick) => (tick * (secondsPerTick ?? 1)) / unit);
  const step = niceStep((end - start) / most, unit);
  const marks = /** @type {{ tick: number, label: string }[]} */ ([]);
  for (let at = Math.ceil(start / step) * step; at <= end; at += step) {
    const label = unit === 1 ? large(at) : unit >= 86400 ? (at + 1).toLocaleString("en") : clock((at * unit) / 60);
    marks.push({ tick: (at * unit) / (secondsPerTick ?? 1), label: String(label) });
  }
  if (marks.length && unit >= 86400) marks[0].label = `${unit === YEAR_S ? "Year" : "Day"} ${marks[0].label}`;
  return marks;
}

/** Seconds of the unit in which a span of time is marked. @param {number} span @param {number} secondsPerTick */
function unitOf(span, secondsPerTick) {
  if (secondsPerTick < DAY_S && span >= 2 * YEAR_S) return YEAR_S; // where a tick is a day, days are counted
  if (span >= 1.5 * DAY_S) return DAY_S;
  return span >= 3 * 3600 ? 3600 : 60;
}

/** The time of day, or the day that begins. @param {number} minutes */
const clock = (minutes) =>
  minutes % 1440
    ? `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`
    : `Day ${minutes / 1440 + 1}`;

/** @param {number} rough @param {number} unit */
function niceStep(rough, unit) {
  if (unit === 60) return [1, 2, 5, 10, 15, 30, 60].find((minutes) => minutes >= rough) ?? 60;
  if (unit === 3600) return [1, 2, 3, 6, 12, 24].find((hours) => hours >= rough) ?? 24;
  const step = roundUp(Math.max(rough, 1e-9));
  return unit > 1 ? Math.max(1, Math.round(step)) : step;
}

const MOST_TIMES = 20; // beyond it what is compared with is nearly nothing, and the difference says more

/**
 * A value against a baseline: {text, good} or null; differences under 2 % are none; what has no good direction is not judged.
 * Shares and multiples are said where both have one sign, else the difference in its unit.
 *
 * @param {number | null} value
 * @param {number | null} against
 * @param {string} name
 * @param {Metric["good"]} good
 * @returns {{ text: string, good: boolean | null } | null}
 */
export function verdict(value, against, name, good, unit = "") {
  if (value === null || against === null || !Number.isFinite(value) || !Number.isFinite(against)) return null;
  const apart = value - against,
    share = Math.abs(apart / against),
    way = apart < 0 ? "under" : "over";
  if (apart === 0 || share < 0.02) return { text: `○ like ${name}`, good: null };
  const text =
    value * against > 0 && share <= 2
      ? `${Math.round(share * 100)} % ${way} ${name}`
      : value > 0 && against > 0 && value / against <= MOST_TIMES
        ? `${number(value / against)} times ${name}`
        : `${[number(Math.abs(apart)), unit].filter(Boolean).join(" ")} ${way} ${name}`;
  if (!good) return { text, good: null };
  const better = apart < 0 === (good === "low");
  return { text: `${better ? "✓" : "✕"} ${text}`, good: better };
}

/** @type {Record<string, string>} */
const DOING = { Close: "closing", Open: "opening", "Take out": "taking out", "Put back": "putting back" };

/** A change as the beginning of a sentence: "Close road B2–B3" is "closing road B2–B3". @param {string} text */
export function cause(text) {
  const verb = Object.keys(DOING).find((each) => text.startsWith(`${each} `));
  return verb ? DOING[verb] + text.slice(verb.length) : text[0].toLowerCase() + text.slice(1);
}
