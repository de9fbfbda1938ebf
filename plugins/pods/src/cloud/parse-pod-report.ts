import type { JsonValue } from "@skerry/contracts";
import { isObject } from "../shared/member.ts";
import { longestMessage, mostEvents, type PodEvent, type PodReport } from "../shared/pod-report.ts";
import { isTime } from "./is-time.ts";
import { excess } from "./json-limits.ts";
import { wrongStatus } from "./status-check.ts";

const camelCase = /^[A-Z][A-Za-z0-9]{0,127}$/;
const longestFieldPath = 256;
const largestCount = 2 ** 31 - 1;

/** The report in an uplink value, or what is wrong with it. */
export function parsePodReport(value: JsonValue): PodReport | string {
  if (!isObject(value)) return "expected an object";
  const { status, events, released } = value;
  if (typeof released !== "boolean") return "expected true or false at released";
  if (!isObject(status)) return "expected an object at status";
  if (!Array.isArray(events) || events.length > mostEvents) return `expected a list of at most ${mostEvents} at events`;
  const wrong = excess(value) ?? wrongStatus(status);
  if (wrong !== undefined) return wrong;
  const place = events.findIndex((event) => !isEvent(event));
  if (place >= 0) return `expected type, reason, message, count, first and last at events.${place}`;
  return value as unknown as PodReport;
}

function isEvent(event: unknown): event is PodEvent {
  if (!isObject(event)) return false;
  const { type, reason, message, fieldPath, count, first, last } = event;
  return (
    (type === "Normal" || type === "Warning") &&
    typeof reason === "string" &&
    camelCase.test(reason) &&
    typeof message === "string" &&
    message.length <= longestMessage &&
    (fieldPath === undefined || (typeof fieldPath === "string" && fieldPath.length <= longestFieldPath)) &&
    Number.isInteger(count) &&
    Number(count) >= 1 &&
    Number(count) <= largestCount &&
    isTime(first) &&
    isTime(last)
  );
}
