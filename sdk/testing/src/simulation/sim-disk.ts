import {
  checkBatch,
  checkKey,
  checkRange,
  checkStoreName,
  type Entry,
  type KeyRange,
  type Random,
  type Storage,
  storageErrors,
  type Write,
} from "@skerry/contracts";
import type { Stoppable } from "@skerry/plugin";
import type { SimClock } from "./sim-clock.ts";

interface Batch {
  readonly store: string;
  readonly writes: readonly Write[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Stores = Map<string, Map<string, Uint8Array>>;

/**
 * A disk on virtual time. A write is durable after a sync that takes its time, and resolves then; a crash loses what
 * was not synced, but for a random first part of it.
 */
export class SimDisk {
  /** Milliseconds that a sync takes, drawn between these. */
  syncMs = { least: 0.2, most: 4 };
  /** While true, what would put something fails with `SKERRY_STORAGE_FULL`. */
  isFull = false;
  readonly #clock: SimClock;
  readonly #random: Random;
  #synced: Stores = new Map();
  #current: Stores = new Map();
  #waiting: Batch[] = [];
  #generation = 0;
  #isSyncing = false;

  constructor(clock: SimClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Batches that a crash may lose now. */
  get unsyncedBatches(): number {
    return this.#waiting.length;
  }

  /** A storage over this disk, until it is stopped or the disk crashes. */
  open(): Storage & Stoppable {
    const generation = this.#generation;
    const writing = new Set<Promise<void>>();
    let isStopped = false;
    const check = () => {
      if (isStopped || generation !== this.#generation) throw storageErrors.create("SKERRY_STORAGE_STOPPED", {});
    };
    return {
      open: async (store) => {
        check();
        checkStoreName(store);
        return {
          get: async (key) => {
            check();
            checkKey(store, key);
            return this.#current.get(store)?.get(key)?.slice();
          },
          range: async (range = {}) => {
            check();
            checkRange(store, range);
            return rangeOf(this.#current.get(store), range);
          },
          write: async (batch) => {
            check();
            checkBatch(store, batch);
            const work = this.#write(store, batch.map(copied)).finally(() => writing.delete(work));
            writing.add(work);
            await work;
          },
        };
      },
      stop: async () => {
        isStopped = true;
        await Promise.allSettled(writing);
      },
    };
  }

  /** The power is cut: a random first part of what was not synced survives. Who waits for a write hears nothing more. */
  crash(): void {
    const survivors = Math.floor(this.#random.next() * (this.#waiting.length + 1));
    for (const { store, writes } of this.#waiting.slice(0, survivors)) applyTo(this.#synced, store, writes);
    this.#waiting = [];
    this.#generation += 1;
    this.#isSyncing = false;
    this.#rebuild();
  }

  /** Takes a store away, as a careless hand does. */
  wipe(store: string): void {
    this.#synced.delete(store);
    this.#rebuild();
  }

  #write(store: string, writes: readonly Write[]): Promise<void> {
    applyTo(this.#current, store, writes);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ store, writes, resolve, reject });
      this.#sync();
    });
  }

  /** One sync at a time; it takes all that waits when it begins. */
  #sync(): void {
    if (this.#isSyncing || this.#waiting.length === 0) return;
    this.#isSyncing = true;
    const [generation, count] = [this.#generation, this.#waiting.length];
    const { least, most } = this.syncMs;
    this.#clock.after(least + this.#random.next() * (most - least), () => {
      if (generation !== this.#generation) return;
      this.#isSyncing = false;
      const batches = this.#waiting.splice(0, count);
      const failed = this.isFull ? batches.filter(({ writes }) => writes.some(({ type }) => type === "put")) : [];
      for (const batch of batches) {
        if (failed.includes(batch)) continue;
        applyTo(this.#synced, batch.store, batch.writes);
        batch.resolve();
      }
      if (failed.length > 0) this.#rebuild();
      for (const { store, reject } of failed) reject(storageErrors.create("SKERRY_STORAGE_FULL", { store }));
      this.#sync();
    });
  }

  #rebuild(): void {
    this.#current = new Map([...this.#synced].map(([name, store]) => [name, new Map(store)]));
    for (const { store, writes } of this.#waiting) applyTo(this.#current, store, writes);
  }
}

function copied(write: Write): Write {
  return write.type === "put" ? { ...write, value: Uint8Array.from(write.value) } : write;
}

function applyTo(stores: Stores, name: string, writes: readonly Write[]): void {
  const store = stores.get(name) ?? new Map<string, Uint8Array>();
  stores.set(name, store);
  for (const write of writes) {
    if (write.type === "put") store.set(write.key, write.value);
    else store.delete(write.key);
  }
}

function rangeOf(store: ReadonlyMap<string, Uint8Array> | undefined, range: KeyRange): readonly Entry[] {
  if (!store) return [];
  const { prefix = "", from = "", before, limit } = range;
  const first = Buffer.from(from);
  const end = before === undefined ? undefined : Buffer.from(before);
  return [...store.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ key, order: Buffer.from(key) }))
    .filter(({ order }) => order.compare(first) >= 0 && (end === undefined || order.compare(end) < 0))
    .sort((one, other) => one.order.compare(other.order))
    .slice(0, limit)
    .map(({ key }) => ({ key, value: Uint8Array.from(store.get(key) ?? []) }));
}
