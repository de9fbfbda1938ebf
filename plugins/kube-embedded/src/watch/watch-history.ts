import type { Change } from "./change.ts";

/** How much of the past is kept for each kind; whichever is reached first. */
export interface HistoryLimits {
  readonly changes: number;
  readonly bytes: number;
}

export const defaultHistoryLimits: HistoryLimits = { changes: 4096, bytes: 8 * 1024 * 1024 };

/** The latest changes of one kind in order, bounded; a watch that falls behind it is told to list again. */
export class WatchHistory {
  readonly #limits: HistoryLimits;
  readonly #listeners = new Set<() => void>();
  #changes: Change[] = [];
  /** Changes before this index have been dropped and await the next compaction of the array. */
  #head = 0;
  #bytes = 0;
  #compacted: number;
  #newest: number;

  /**
   * @param compacted nothing up to and including this version can be replayed
   */
  constructor(compacted: number, limits: HistoryLimits) {
    this.#compacted = compacted;
    this.#newest = compacted;
    this.#limits = limits;
  }

  push(change: Change): void {
    this.#changes.push(change);
    this.#bytes += change.bytes;
    this.#newest = change.version;
    while (this.#changes.length - this.#head > this.#limits.changes || this.#bytes > this.#limits.bytes) this.#drop();
    if (this.#head > this.#limits.changes) {
      this.#changes = this.#changes.slice(this.#head);
      this.#head = 0;
    }
  }

  /** The changes after a version, or `undefined` when some of them are no longer here. */
  after(version: number): readonly Change[] | undefined {
    if (version < this.#compacted) return undefined;
    let low = this.#head;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.version ?? 0) > version) high = middle;
      else low = middle + 1;
    }
    return this.#changes.slice(low);
  }

  /** The oldest version that can still be asked for. */
  get compacted(): number {
    return this.#compacted;
  }

  /** The version of the last change; when there was none since the store was opened, one before which nothing is known. */
  get newest(): number {
    return this.#newest;
  }

  /** Calls the listener after changes were pushed, once for a batch. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #drop(): void {
    const dropped = this.#changes[this.#head++];
    if (dropped === undefined) return;
    this.#bytes -= dropped.bytes;
    this.#compacted = dropped.version;
  }
}
