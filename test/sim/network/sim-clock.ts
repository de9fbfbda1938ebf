import type { Clock, Timer } from "@skerry/contracts";

/** The clock of one simulated machine: time passes as everywhere, but the wall clock may be wrong, and be set. */
export class SimClock implements Clock {
  readonly #time: Clock;
  #offsetMs = 0;

  constructor(time: Clock) {
    this.#time = time;
  }

  now(): number {
    return this.#time.now() + this.#offsetMs;
  }

  monotonic(): number {
    return this.#time.monotonic();
  }

  after(ms: number, callback: () => void): Timer {
    return this.#time.after(ms, callback);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#time.sleep(ms, signal);
  }

  /** Sets the wall clock so far ahead of, or behind, the true time. */
  jump(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }
}
