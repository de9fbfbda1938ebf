import type { Change } from "../watch/change.ts";
import type { WatchHistory } from "../watch/watch-history.ts";
import type { ApiObject } from "./api-object.ts";

/** The durable objects of one kind, and their recent past. */
export class Collection {
  readonly history: WatchHistory;
  readonly #objects = new Map<string, ApiObject>();
  #sorted: readonly string[] | undefined;

  constructor(history: WatchHistory) {
    this.history = history;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): ApiObject | undefined {
    return this.#objects.get(key);
  }

  entries(): Iterable<readonly [string, ApiObject]> {
    return this.#objects;
  }

  /** Puts a loaded object in place; it is no change. */
  restore(key: string, object: ApiObject): void {
    this.#objects.set(key, object);
    this.#sorted = undefined;
  }

  apply(change: Change): void {
    if (change.type === "DELETED") {
      this.#objects.delete(change.key);
      this.#sorted = undefined;
    } else {
      if (!this.#objects.has(change.key)) this.#sorted = undefined;
      this.#objects.set(change.key, change.object);
    }
    this.history.push(change);
  }

  /** Objects in ascending order of namespace and name; of one namespace only when it is given. */
  list(namespace?: string): readonly ApiObject[] {
    this.#sorted ??= [...this.#objects.keys()].sort(compare);
    const keys = namespace === undefined ? this.#sorted : this.#sorted.filter((key) => key.startsWith(`${namespace}/`));
    return keys.flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** The same as it was at a past version, or `undefined` when that is too long ago. */
  listAt(version: number, namespace?: string): readonly ApiObject[] | undefined {
    const later = this.history.after(version);
    if (later === undefined) return undefined;
    if (later.length === 0) return this.list(namespace);
    const past = new Map(this.#objects);
    for (const change of later.toReversed()) {
      if (change.previous === undefined) past.delete(change.key);
      else past.set(change.key, change.previous);
    }
    return [...past]
      .filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`))
      .sort(([left], [right]) => compare(left, right))
      .map(([, object]) => object);
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
