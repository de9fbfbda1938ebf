import type { Entry, KeyRange, Write } from "@skerry/contracts";
import { storageErrors } from "@skerry/contracts";
import { defineToken, type SkerryError } from "@skerry/plugin";
import { SortedMap } from "./sorted-map.ts";

interface UnsyncedBatch {
  readonly store: string;
  readonly writes: readonly Write[];
  readonly resolve: () => void;
  readonly reject: (error: SkerryError) => void;
}

/**
 * What several `MemoryStorage`, one after the other, keep their data on. It tells written from synced, so that
 * a test can cut the power between the two. Batches sync in the order they were appended.
 */
export class MemoryDisk {
  readonly #holds = new Set<object>();
  readonly #synced = new Map<string, SortedMap>();
  #unsynced: UnsyncedBatch[] = [];
  #generation = 0;
  #failures = 0;
  #isSyncScheduled = false;

  /** Rises with every crash; a storage of an earlier generation is dead. */
  get generation(): number {
    return this.#generation;
  }

  /** Batches that a crash would lose now. */
  get unsyncedBatches(): number {
    return this.#unsynced.length;
  }

  /** Cuts the power: what is not synced is gone, its writers and all storages opened so far are stopped. */
  crash(): void {
    const lost = this.#unsynced;
    this.#unsynced = [];
    this.#holds.clear();
    this.#failures = 0;
    this.#generation += 1;
    for (const batch of lost) {
      batch.reject(storageErrors.create("SKERRY_STORAGE_STOPPED", {}));
    }
  }

  /** Nothing syncs until the function returned is called, or the disk crashes. Holds add up. */
  holdSyncs(): () => void {
    const hold = {};
    this.#holds.add(hold);
    return () => {
      this.#holds.delete(hold);
      this.#scheduleSync();
    };
  }

  /** The next batch to sync fails with `SKERRY_STORAGE_FULL` and leaves no trace. Calls add up. */
  failNextSync(): void {
    this.#failures += 1;
  }

  /** Takes ownership of the writes. Resolves when they are synced. */
  append(store: string, writes: readonly Write[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#unsynced.push({ store, writes, resolve, reject });
      this.#scheduleSync();
    });
  }

  get(store: string, key: string): Uint8Array | undefined {
    for (const batch of this.#unsynced.toReversed()) {
      const write = batch.store === store ? batch.writes.findLast((candidate) => candidate.key === key) : undefined;
      if (write !== undefined) {
        return write.type === "put" ? write.value : undefined;
      }
    }
    return this.#synced.get(store)?.get(key);
  }

  range(store: string, range: KeyRange): Entry[] {
    const synced = this.#synced.get(store) ?? new SortedMap();
    const unsynced = this.#unsynced.filter((batch) => batch.store === store);
    if (unsynced.length === 0) {
      return synced.range(range);
    }
    const current = synced.copy();
    for (const { writes } of unsynced) {
      current.apply(writes);
    }
    return current.range(range);
  }

  #scheduleSync(): void {
    if (!this.#isSyncScheduled) {
      this.#isSyncScheduled = true;
      queueMicrotask(() => {
        this.#isSyncScheduled = false;
        this.#sync();
      });
    }
  }

  #sync(): void {
    while (this.#holds.size === 0) {
      const batch = this.#unsynced.shift();
      if (batch === undefined) {
        return;
      }
      if (this.#failures > 0) {
        this.#failures -= 1;
        batch.reject(storageErrors.create("SKERRY_STORAGE_FULL", { store: batch.store }));
        continue;
      }
      const synced = this.#synced.get(batch.store) ?? new SortedMap();
      this.#synced.set(batch.store, synced);
      synced.apply(batch.writes);
      batch.resolve();
    }
  }
}

/** Private to this plugin: the disk its storage is constructed with. */
export const memoryDiskToken = defineToken<MemoryDisk>("storage-memory.disk/1");
