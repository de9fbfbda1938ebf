import {
  checkBatch,
  checkKey,
  checkRange,
  checkStoreName,
  type Entry,
  type KeyRange,
  type KeyValueStore,
  type Storage,
  storageErrors,
  type Write,
} from "@skerry/contracts";
import { inject, type Stoppable } from "@skerry/plugin";
import { type MemoryDisk, memoryDiskToken } from "./memory-disk.ts";

/**
 * Storage over a `MemoryDisk`: usable from construction until `stop`, or until the disk crashes.
 * Another one over the same disk continues with the synced data.
 */
export class MemoryStorage implements Storage, Stoppable {
  readonly #disk: MemoryDisk;
  readonly #generation: number;
  readonly #writing = new Set<Promise<void>>();
  #isStopped = false;

  constructor(@inject(memoryDiskToken) disk: MemoryDisk) {
    this.#disk = disk;
    this.#generation = disk.generation;
  }

  async open(name: string): Promise<KeyValueStore> {
    this.#checkRunning();
    checkStoreName(name);
    return {
      get: async (key) => this.#get(name, key),
      range: async (range) => this.#range(name, range ?? {}),
      write: async (batch) => await this.#write(name, batch),
    };
  }

  /** Waits for the writes in progress. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#writing);
  }

  #get(store: string, key: string): Uint8Array | undefined {
    this.#checkRunning();
    checkKey(store, key);
    return this.#disk.get(store, key)?.slice();
  }

  #range(store: string, range: KeyRange): readonly Entry[] {
    this.#checkRunning();
    checkRange(store, range);
    return this.#disk.range(store, range).map(({ key, value }) => ({ key, value: value.slice() }));
  }

  async #write(store: string, batch: readonly Write[]): Promise<void> {
    this.#checkRunning();
    checkBatch(store, batch);
    const copies = batch.map((write) =>
      write.type === "put" ? { ...write, value: Uint8Array.from(write.value) } : write,
    );
    const writing = this.#disk.append(store, copies);
    this.#writing.add(writing);
    try {
      await writing;
    } finally {
      this.#writing.delete(writing);
    }
  }

  #checkRunning(): void {
    if (this.#isStopped || this.#disk.generation !== this.#generation) {
      throw storageErrors.create("SKERRY_STORAGE_STOPPED", {});
    }
  }
}
