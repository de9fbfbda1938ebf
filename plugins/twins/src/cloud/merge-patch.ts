import { sameJson } from "../shared/same-json.ts";

/**
 * The JSON merge patch (RFC 7386) that turns `from` into `to`; `undefined` when they are equal.
 * `to` must not have members that are null: a merge patch cannot set them.
 */
export function mergePatch(from: unknown, to: unknown): unknown {
  if (sameJson(from, to)) return undefined;
  if (!isObject(from) || !isObject(to)) return to;
  const patch = new Map<string, unknown>();
  for (const key of Object.keys(from)) if (to[key] === undefined) patch.set(key, null);
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue;
    const change = Object.hasOwn(from, key) ? mergePatch(from[key], value) : value;
    if (change !== undefined) patch.set(key, change);
  }
  return Object.fromEntries(patch);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
