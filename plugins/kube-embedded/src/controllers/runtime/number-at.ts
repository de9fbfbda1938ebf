import type { JsonObject } from "../../kinds.ts";
import { memberAt } from "../../printing/member-at.ts";

/** The number at a path; 0 when there is none. */
export function numberAt(object: JsonObject, ...path: string[]): number {
  return numberIn(object, ...path) ?? 0;
}

/** The number at a path, if there is one. */
export function numberIn(object: JsonObject, ...path: string[]): number | undefined {
  const value = memberAt(object, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The time at a path in milliseconds, if there is one. */
export function timeIn(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
