// Flows and times of the routes that drivers took on the last day.

import { number } from "../../words.js";

/** @typedef {Pick<import("../../scenes.js").RoutesFrame, "route_flow" | "route_time">} Taken */

/** @param {number} value */
export const minutes = (value) => `${number(value)} min`;

/** Drivers of all routes; 1 where there are none, as it divides. @param {Taken} frame */
export const carried = ({ route_flow }) => route_flow.reduce((sum, flow) => sum + flow, 0) || 1;

/** Minutes of a trip, as the mean of all drivers; 1 where it is not known. @param {Taken} frame */
export const meanTime = (frame) =>
  frame.route_flow.reduce((sum, flow, k) => sum + flow * frame.route_time[k], 0) / carried(frame) || 1;

/** Delay as a share of the time on the empty road; of half a trip, where that road takes no time. @param {number} time @param {number} free @param {number} trip */
export const delayOf = (time, free, trip) => (time - free) / (free || trip / 2);
