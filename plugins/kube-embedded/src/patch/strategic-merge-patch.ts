import { isJsonObject, type JsonObject, type JsonValue, type KindInfo } from "../kinds.ts";
import {
  deletedFromPrefix,
  directiveOf,
  elementOrderPrefix,
  fresh,
  isDirective,
  retainKeys,
  withoutKeys,
} from "./directives.ts";
import { deepestPatch, patchError } from "./errors.ts";
import { mergeLists, ordered, without } from "./list-merge.ts";
import { type Hints, hintsFor, isMerged, memberHints, mergeKey } from "./merge-hints.ts";

/**
 * Kubernetes' own patch for its typed objects: lists whose items have a key are merged by it, and `$patch`,
 * `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…` are obeyed. Neither argument is changed.
 *
 * @throws `SKERRY_KUBE_EMBEDDED_PATCH` (invalid)
 */
export function strategicMergePatch(
  target: JsonObject,
  patch: JsonObject,
  kind: Pick<KindInfo, "group" | "kind" | "schema">,
): JsonObject {
  return mergeObjects(target, patch, hintsFor(kind), 0);
}

function mergeObjects(original: JsonObject, patch: JsonObject, hints: Hints, depth: number): JsonObject {
  if (depth > deepestPatch) throw patchError(`the patch is nested deeper than ${deepestPatch} levels`);
  const directive = directiveOf(patch);
  if (directive === "delete") return {};
  if (directive === "replace") return fresh(patch) as JsonObject;
  if (directive === "merge")
    throw patchError('"$patch": "merge" is not supported for objects; it is what happens anyway');

  const members = new Map(Object.entries(withoutKeys(original, retainKeys(patch))));
  for (const [name, value] of deletions(patch)) {
    const list = members.get(name);
    if (Array.isArray(list)) members.set(name, without(list as readonly JsonValue[], value));
  }
  for (const [name, value] of Object.entries(patch)) {
    if (isDirective(name)) continue;
    if (value === null) members.delete(name);
    else members.set(name, mergeMember(members.get(name), value, memberHints(hints, name), depth));
  }
  for (const [name, order] of listsUnder(patch, elementOrderPrefix)) {
    const list = members.get(name);
    const was = original[name];
    if (!Array.isArray(list)) continue;
    const server = Array.isArray(was) ? (was as readonly JsonValue[]) : [];
    members.set(name, ordered(list as readonly JsonValue[], order, server, mergeKey(memberHints(hints, name))));
  }
  return Object.fromEntries(members);
}

function mergeMember(original: JsonValue | undefined, patch: JsonValue, hints: Hints, depth: number): JsonValue {
  if (isJsonObject(original) && isJsonObject(patch)) return mergeObjects(original, patch, hints, depth + 1);
  if (!Array.isArray(original) || !Array.isArray(patch) || !isMerged(hints)) return fresh(patch);
  const mergeItems = (item: JsonObject, change: JsonObject, its: Hints) => mergeObjects(item, change, its, depth + 1);
  return mergeLists(original as readonly JsonValue[], patch as readonly JsonValue[], hints, mergeItems);
}

function deletions(patch: JsonObject): readonly (readonly [string, readonly JsonValue[]])[] {
  return listsUnder(patch, deletedFromPrefix);
}

/** The lists that stand in directives of the form `$prefix/name`. */
function listsUnder(patch: JsonObject, prefix: string): readonly (readonly [string, readonly JsonValue[]])[] {
  return Object.entries(patch)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, list]) => {
      if (!Array.isArray(list)) throw patchError(`${JSON.stringify(name)} is not a list`);
      return [name.slice(prefix.length), list as readonly JsonValue[]] as const;
    });
}
