import type { KeyValueStore } from "@skerry/contracts";
import type { Change } from "../watch/change.ts";
import { defaultHistoryLimits, type HistoryLimits, WatchHistory } from "../watch/watch-history.ts";
import { Collection } from "./collection.ts";
import { CommitQueue } from "./commit-queue.ts";
import { decodeEntry, decodeVersion, versionEntry } from "./stored-entry.ts";
import { Transaction } from "./transaction.ts";

/**
 * All objects, in memory, with every write durable before anybody sees it.
 *
 * Transactions run one after another on the newest state, waiting for no disk: those that arrive while
 * a batch is being written share the next one. A failed write undoes everything that was built on it.
 */
export class ObjectStore {
  readonly #collections = new Map<string, Collection>();
  readonly #limits: HistoryLimits;
  readonly #queue: CommitQueue;
  readonly #listeners: ((change: Change) => void)[] = [];
  readonly #openedAt: number;
  #version: number;

  private constructor(store: KeyValueStore, version: number, limits: HistoryLimits) {
    this.#openedAt = version;
    this.#version = version;
    this.#limits = limits;
    this.#queue = new CommitQueue(
      store,
      {
        version: () => this.#version,
        get: (storage, key) => this.#collections.get(storage)?.get(key),
        list: (storage) => this.#collections.get(storage)?.list() ?? [],
        storages: () => [...this.#collections.keys()],
      },
      (changes) => this.#publish(changes),
    );
  }

  /** Reads the whole store; a broken entry stops it with `SKERRY_KUBE_EMBEDDED_CORRUPT`. */
  static async open(store: KeyValueStore, limits: HistoryLimits = defaultHistoryLimits): Promise<ObjectStore> {
    const opened = new ObjectStore(store, decodeVersion(await store.get(versionEntry)), limits);
    for (const entry of await store.range({ prefix: "object/" })) {
      const { storage, key, object } = decodeEntry(entry.key, entry.value);
      opened.collection(storage).restore(key, object);
    }
    return opened;
  }

  /** The newest durable resourceVersion. */
  get version(): number {
    return this.#version;
  }

  /** How many objects there are. */
  get size(): number {
    return [...this.#collections.values()].reduce((sum, collection) => sum + collection.size, 0);
  }

  /** The durable objects of a kind. */
  collection(storage: string): Collection {
    let collection = this.#collections.get(storage);
    if (collection === undefined) {
      // What happened before the store was opened is not in the history; since then nothing did.
      collection = new Collection(new WatchHistory(this.#openedAt, this.#limits));
      this.#collections.set(storage, collection);
    }
    return collection;
  }

  /** Called for each change, in order, after it is durable and before its writer learns of it. */
  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Runs an action on the newest state and resolves with its result once everything it read and wrote
   * is durable. When the action throws, nothing of it happens.
   */
  commit<T>(action: (transaction: Transaction) => T): Promise<T> {
    return this.#queue.commit(action);
  }

  /** Runs an action for its result alone. */
  rehearse<T>(action: (transaction: Transaction) => T): T {
    return action(new Transaction(this.#queue));
  }

  /** Waits for the writes under way; later ones are refused. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  #publish(changes: readonly Change[]): void {
    const touched = new Set<Collection>();
    for (const change of changes) {
      const collection = this.collection(change.storage);
      collection.apply(change);
      touched.add(collection);
      this.#version = change.version;
      for (const listener of this.#listeners) listener(change);
    }
    for (const collection of touched) collection.history.notify();
  }
}
