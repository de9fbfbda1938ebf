import { type ApiObject, keyOf } from "../registry/api-object.ts";
import type { Collection } from "../registry/collection.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import { decodeContinue, encodeContinue, isAfter } from "./continue-token.ts";
import type { ListQuery } from "./query.ts";
import { badRequest, expired, versionTooLarge } from "./status-error.ts";

export interface ObjectList {
  readonly version: number;
  /** In the served form. */
  readonly items: readonly ApiObject[];
  readonly continueToken?: string;
  /** How many items are beyond these; only known without selectors. */
  readonly remaining?: number;
}

/** Answers a list from memory; pages after the first come from the state of the first while history reaches that far. */
export function listObjects(
  store: ObjectStore,
  kind: ServedKind,
  namespace: string | undefined,
  query: ListQuery,
): ObjectList {
  if (query.version !== undefined && query.version > store.version) throw versionTooLarge(query.version, store.version);
  const token = query.continueToken === undefined ? undefined : decodeContinue(query.continueToken);
  if (token !== undefined && query.version !== undefined && query.version !== 0) {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  const exact = token === undefined ? exactVersion(query) : token.version || undefined;
  const collection = store.collection(kind.storage);
  const version = exact ?? currentVersion(store, collection, query.version);
  const state = collection.listAt(version, namespace);
  if (state === undefined) throw tooOld(token?.after);
  const rest = token === undefined ? state : state.filter((object) => isAfter(object.metadata, token.after));
  return page(rest, kind, version, query);
}

/**
 * A list carries the version of the last change of its kind, not of any: a watch that has seen that one knows that it is
 * current, however much other kinds are written. Never 0, which means another thing, and never less than was asked for.
 */
function currentVersion(store: ObjectStore, { history }: Collection, asked = 0): number {
  return Math.min(store.version, Math.max(history.newest, asked, 1));
}

function page(candidates: readonly ApiObject[], kind: ServedKind, version: number, query: ListQuery): ObjectList {
  const matching = query.selective ? candidates.map(kind.encode).filter(query.matches) : candidates;
  const some = query.limit === undefined ? matching : matching.slice(0, query.limit);
  const items = query.selective ? some : some.map(kind.encode);
  const last = items.at(-1);
  const remaining = matching.length - items.length;
  if (remaining === 0 || last === undefined) return { version, items };
  return {
    version,
    items,
    continueToken: encodeContinue({ version, after: keyOf(last) }),
    ...(query.selective ? {} : { remaining }),
  };
}

function exactVersion({ version, versionMatch }: ListQuery): number | undefined {
  if (versionMatch !== "Exact") return undefined;
  if (version === 0) throw badRequest('resourceVersionMatch "Exact" is forbidden for resourceVersion "0"');
  return version;
}

function tooOld(after: string | undefined) {
  const advice =
    "The provided continue parameter is too old to display a consistent list result. " +
    "You can start a new list without the continue parameter, or use the continue token in this response " +
    "to retrieve the remainder of the results, which may then be inconsistent.";
  if (after === undefined) return expired("The resourceVersion for the provided list is too old.");
  return expired(advice, encodeContinue({ version: 0, after }));
}
