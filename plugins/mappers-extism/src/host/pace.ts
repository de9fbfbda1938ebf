import type { Clock } from "@skerry/contracts";

/**
 * An allowance that refills with time. Costs are milliseconds of it: at 2,000 calls a second a call costs 0.5. The level may
 * go below zero, because the cost of a call is known only afterwards; then one waits.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #burstMs: number;
  #level: number;
  #at: number;

  /** @param burstMs how far one may run ahead of the allowance, in milliseconds of it */
  constructor(clock: Clock, burstMs: number) {
    this.#clock = clock;
    this.#burstMs = burstMs;
    this.#level = burstMs;
    this.#at = clock.monotonic();
  }

  spend(ms: number): void {
    this.#refill();
    this.#level -= ms;
  }

  /** How long to wait before going on; 0 or less: go on. */
  get waitMs(): number {
    this.#refill();
    return this.#level > 0 ? 0 : Math.ceil(1 - this.#level);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#level = Math.min(this.#burstMs, this.#level + now - this.#at);
    this.#at = now;
  }
}
