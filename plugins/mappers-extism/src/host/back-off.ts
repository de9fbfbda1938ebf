import type { Clock } from "@skerry/contracts";

const firstMs = 1_000;
const longestMs = 5 * 60_000;
/** A guest that ran for so long starts over with the first delay. */
const steadyMs = 2 * longestMs;

/** Delays of 1 s, doubling up to 5 minutes, until something ran well for 10 minutes. */
export class BackOff {
  readonly #clock: Clock;
  #nextMs = firstMs;
  #startedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  started(): void {
    this.#startedAt = this.#clock.monotonic();
  }

  /** The delay before the next try. */
  failed(): number {
    if (this.#startedAt !== undefined && this.#clock.monotonic() - this.#startedAt >= steadyMs) this.#nextMs = firstMs;
    this.#startedAt = undefined;
    const delay = this.#nextMs;
    this.#nextMs = Math.min(delay * 2, longestMs);
    return delay;
  }

  reset(): void {
    this.#nextMs = firstMs;
  }
}
