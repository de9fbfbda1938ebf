import { tooLarge } from "../api/status-error.ts";
import { largestBody } from "../limits.ts";
import type { Change } from "../watch/change.ts";
import { type ApiObject, keyOf, withMetadata } from "./api-object.ts";
import { encodeObject } from "./stored-entry.ts";

/** What a transaction builds on: the newest state, durable or about to be. */
export interface BaseView {
  /** The newest version given out. */
  readonly version: number;
  get(storage: string, key: string): ApiObject | undefined;
  list(storage: string): readonly ApiObject[];
  storages(): readonly string[];
}

/** Reads and writes of one request, seeing its own writes. All of them become durable together, or none. */
export class Transaction {
  readonly changes: Change[] = [];
  readonly values: Uint8Array[] = [];
  readonly #base: BaseView;
  readonly #written = new Map<string, ApiObject | undefined>();

  constructor(base: BaseView) {
    this.#base = base;
  }

  get(storage: string, key: string): ApiObject | undefined {
    const id = `${storage}/${key}`;
    return this.#written.has(id) ? this.#written.get(id) : this.#base.get(storage, key);
  }

  /** Objects of one kind, in no particular order; of one namespace only when it is given. */
  list(storage: string, namespace?: string): readonly ApiObject[] {
    const objects = new Map(this.#base.list(storage).map((object) => [keyOf(object), object]));
    for (const change of this.changes) {
      if (change.storage !== storage) continue;
      if (change.type === "DELETED") objects.delete(change.key);
      else objects.set(change.key, change.object);
    }
    const all = [...objects.values()];
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  /** Every kind that has, or may have, objects. */
  storages(): readonly string[] {
    return this.#base.storages();
  }

  /** Creates or replaces an object and returns it with its new resourceVersion. */
  put(storage: string, object: ApiObject): ApiObject {
    const previous = this.get(storage, keyOf(object));
    return this.#record(previous === undefined ? "ADDED" : "MODIFIED", storage, object, previous);
  }

  /** Removes an object and returns its last state. */
  remove(storage: string, object: ApiObject): ApiObject {
    return this.#record("DELETED", storage, object, this.get(storage, keyOf(object)));
  }

  #record(type: Change["type"], storage: string, object: ApiObject, previous: ApiObject | undefined): ApiObject {
    const version = (this.changes.at(-1)?.version ?? this.#base.version) + 1;
    const next = withMetadata(object, { resourceVersion: String(version) });
    const key = keyOf(next);
    const value = encodeObject(next);
    // A patch is small and its outcome may not be.
    if (value.length > largestBody) throw tooLarge(largestBody);
    this.changes.push({
      type,
      storage,
      key,
      version,
      object: next,
      ...(previous === undefined ? {} : { previous }),
      bytes: value.length,
    });
    this.values.push(value);
    this.#written.set(`${storage}/${key}`, type === "DELETED" ? undefined : next);
    return next;
  }
}
