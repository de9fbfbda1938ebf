import type { KeyValueStore } from "@skerry/contracts";
import { errors } from "../errors.ts";
import type { Change } from "../watch/change.ts";
import { type ApiObject, keyOf } from "./api-object.ts";
import { encodeVersion, versionEntry, writeOf } from "./stored-entry.ts";
import { type BaseView, Transaction } from "./transaction.ts";

/** The durable state underneath. */
export interface DurableView {
  version(): number;
  get(storage: string, key: string): ApiObject | undefined;
  list(storage: string): readonly ApiObject[];
  storages(): readonly string[];
}

/**
 * Orders transactions and writes them in groups: one atomic batch is on its way at a time, and what is
 * committed meanwhile goes into the next. Reads through it see what is on its way.
 */
export class CommitQueue implements BaseView {
  readonly #store: KeyValueStore;
  readonly #durable: DurableView;
  readonly #publish: (changes: readonly Change[]) => void;
  #given: number;
  #next = new Batch();
  #writing: Batch | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(store: KeyValueStore, durable: DurableView, publish: (changes: readonly Change[]) => void) {
    this.#store = store;
    this.#durable = durable;
    this.#publish = publish;
    this.#given = durable.version();
  }

  get version(): number {
    return this.#given;
  }

  get(storage: string, key: string): ApiObject | undefined {
    const change = this.#next.latest(storage, key) ?? this.#writing?.latest(storage, key);
    if (change === undefined) return this.#durable.get(storage, key);
    return change.type === "DELETED" ? undefined : change.object;
  }

  list(storage: string): readonly ApiObject[] {
    const pending = [...(this.#writing?.changes ?? []), ...this.#next.changes].filter((it) => it.storage === storage);
    if (pending.length === 0) return this.#durable.list(storage);
    const keys = new Set(pending.map((change) => change.key));
    const untouched = this.#durable.list(storage).filter((object) => !keys.has(keyOf(object)));
    return [...untouched, ...[...keys].flatMap((key) => this.get(storage, key) ?? [])];
  }

  storages(): readonly string[] {
    const pending = [...(this.#writing?.changes ?? []), ...this.#next.changes].map((change) => change.storage);
    return [...new Set([...this.#durable.storages(), ...pending])];
  }

  async commit<T>(action: (transaction: Transaction) => T): Promise<T> {
    if (this.#closed) throw errors.create("SKERRY_KUBE_EMBEDDED_STOPPED", {});
    const transaction = new Transaction(this);
    const result = action(transaction);
    if (transaction.changes.length === 0) {
      // It may have read what is not durable yet: then its answer has to wait as well.
      await (this.#next.changes.length > 0 ? this.#next.settled : this.#writing?.settled);
      return result;
    }
    this.#given = transaction.changes.at(-1)?.version ?? this.#given;
    const batch = this.#next;
    batch.add(transaction);
    this.#running ??= this.#run();
    await batch.settled;
    return result;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#next.changes.length > 0) {
      const batch = this.#next;
      this.#writing = batch;
      this.#next = new Batch();
      try {
        await this.#store.write(batch.writes(this.#given));
        this.#publish(batch.changes);
        this.#writing = undefined;
        batch.succeed();
      } catch (error) {
        // What came meanwhile was built on what has just failed. Its versions are never given out again.
        const orphaned = this.#next;
        this.#next = new Batch();
        this.#writing = undefined;
        batch.fail(error);
        orphaned.fail(error);
      }
    }
    this.#running = undefined;
  }
}

class Batch {
  readonly changes: Change[] = [];
  readonly settled: Promise<void>;
  readonly #values: Uint8Array[] = [];
  readonly #latest = new Map<string, Change>();
  succeed: () => void = () => {};
  fail: (error: unknown) => void = () => {};

  constructor() {
    this.settled = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
    // Whoever committed waits for it as well; a batch nobody waits for must not end the process.
    this.settled.catch(() => undefined);
  }

  add(transaction: Transaction): void {
    for (const value of transaction.values) this.#values.push(value);
    for (const change of transaction.changes) {
      this.changes.push(change);
      this.#latest.set(`${change.storage}/${change.key}`, change);
    }
  }

  latest(storage: string, key: string): Change | undefined {
    return this.#latest.get(`${storage}/${key}`);
  }

  writes(version: number) {
    const objects = this.changes.map((change, i) => writeOf(change, this.#values[i] ?? new Uint8Array()));
    return [...objects, { type: "put" as const, key: versionEntry, value: encodeVersion(version) }];
  }
}
