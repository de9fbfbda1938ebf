import type { Clock, Timer } from "@skerry/contracts";
import { sleepOn } from "./sleep.ts";

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Wall clock a FakeClock starts with: 2026-01-01T00:00:00Z. */
const firstWall = Date.UTC(2026, 0, 1);

/** Virtual time: it passes only in `advance`. */
export class FakeClock implements Clock {
  #monotonic = 0;
  #wallOffset: number;
  #order = 0;
  readonly #pending = new Set<Pending>();

  /** @param wall milliseconds since the Unix epoch */
  constructor(wall = firstWall) {
    this.#wallOffset = wall;
  }

  now(): number {
    return this.#monotonic + this.#wallOffset;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, callback: () => void): Timer {
    const entry: Pending = { due: this.#monotonic + Math.max(0, ms), order: this.#order++, callback };
    this.#pending.add(entry);
    return { [Symbol.dispose]: () => void this.#pending.delete(entry) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Lets time pass: runs what falls due, in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#pending.delete(next);
      this.#monotonic = Math.max(this.#monotonic, next.due);
      next.callback();
      await settle();
    }
    this.#monotonic = end;
  }

  /** The wall clock jumps; monotonic time and timers do not notice. */
  setWall(ms: number): void {
    this.#wallOffset = ms - this.#monotonic;
  }

  #next(end: number): Pending | undefined {
    let first: Pending | undefined;
    for (const entry of this.#pending) {
      if (entry.due > end) continue;
      if (!first || entry.due < first.due || (entry.due === first.due && entry.order < first.order)) first = entry;
    }
    return first;
  }
}

/** Lets every promise that can settle do so, also through a few turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
