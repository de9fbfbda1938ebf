import { isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { directiveOf, fresh } from "./directives.ts";
import { patchError } from "./errors.ts";
import { type Hints, itemHints, mergeKey } from "./merge-hints.ts";

type List = readonly JsonValue[];
type MergeItems = (item: JsonObject, patch: JsonObject, hints: Hints) => JsonObject;

/** Merges a list of scalars as a set, or a list of objects by their key. */
export function mergeLists(original: List, patch: List, hints: Hints, mergeItems: MergeItems): List {
  const key = mergeKey(hints);
  if (key === undefined) return ordered([...original, ...without(patch, original)], patch, original, undefined);
  const changes = patch.map((item) => keyed(item, key));
  const present = changes.filter((change) => directiveOf(change) === undefined);
  if (changes.some((change) => directiveOf(change) === "replace")) return present.map(fresh);
  const merged: (JsonValue | undefined)[] = [...original];
  const places = placesOf(original, key);
  for (const change of changes) {
    const directive = directiveOf(change);
    if (directive === "merge") throw patchError("merging lists cannot yet be specified in the patch");
    const id = identity(change, key);
    const place = places.get(id) ?? merged.length;
    if (directive === "delete") {
      merged[place] = undefined;
      places.delete(id);
      continue;
    }
    const item = merged[place];
    merged[place] = isJsonObject(item) ? mergeItems(item, change, itemHints(hints)) : fresh(change);
    places.set(id, place);
  }
  return ordered(
    merged.filter((item) => item !== undefined),
    present,
    original,
    key,
  );
}

/** The items of a list that are not in another. */
export function without(list: List, other: List): List {
  const known = placesOf(other, undefined);
  return list.filter((item) => !known.has(identity(item, undefined)));
}

/**
 * Brings the items that `order` names into its order. The others keep their places among them as far as `server`,
 * the list as it was, tells; where it does not, they come first.
 */
export function ordered(list: List, order: List, server: List, key: string | undefined): List {
  const wanted = placesOf(order, key);
  const places = placesOf(server, key);
  const place = (item: JsonValue, among: ReadonlyMap<string, number>) => among.get(identity(item, key)) ?? -1;
  const named = list
    .filter((item) => place(item, wanted) >= 0)
    .sort((a, b) => place(a, wanted) - place(b, wanted))
    .reverse();
  const result: JsonValue[] = [];
  for (const other of list.filter((item) => place(item, wanted) < 0)) {
    const limit = place(other, places);
    for (let next = named.at(-1); next !== undefined; next = named.at(-1)) {
      const at = place(next, places);
      if (at < 0 || at >= limit) break;
      result.push(next);
      named.pop();
    }
    result.push(other);
  }
  return [...result, ...named.reverse()];
}

function keyed(item: JsonValue, key: string): JsonObject {
  if (!isJsonObject(item)) throw patchError(`an item of a list that is merged by ${key} is not an object`);
  if (item[key] === undefined && directiveOf(item) !== "replace") {
    throw patchError(`an item of a list that is merged by ${key} has no ${key}`);
  }
  return item;
}

/** The first place of every item. */
function placesOf(list: List, key: string | undefined): Map<string, number> {
  return new Map(list.map((item, place) => [identity(item, key), place] as const).reverse());
}

function identity(item: JsonValue, key: string | undefined): string {
  if (key === undefined) return JSON.stringify(item);
  const value = isJsonObject(item) ? item[key] : undefined;
  return value === undefined || value === null ? "" : String(value);
}
