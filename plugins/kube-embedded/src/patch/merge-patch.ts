import { isJsonObject, type JsonValue } from "../kinds.ts";
import { deepestPatch, patchError } from "./errors.ts";

/**
 * RFC 7386. Neither argument is changed; the result may share parts with both.
 *
 * @throws `SKERRY_KUBE_EMBEDDED_PATCH` (invalid) when the patch is nested too deeply
 */
export function mergePatch(target: JsonValue, patch: JsonValue): JsonValue {
  return merged(target, patch, 0);
}

function merged(target: JsonValue | undefined, patch: JsonValue, depth: number): JsonValue {
  if (depth > deepestPatch) throw patchError(`the patch is nested deeper than ${deepestPatch} levels`);
  if (!isJsonObject(patch)) return patch;
  const members = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, merged(members.get(name), value, depth + 1));
  }
  return Object.fromEntries(members);
}
