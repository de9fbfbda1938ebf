import type { Random } from "@skerry/contracts";

export interface BackoffLimits {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * Waits that double up to a limit, each drawn uniformly between nothing and itself ("full jitter"), so
 * that many who lost the same peer do not come back together.
 */
export class Backoff {
  readonly #random: Random;
  readonly #limits: BackoffLimits;
  #attempt = 0;
  #askedMs = 0;

  constructor(random: Random, limits: BackoffLimits) {
    this.#random = random;
    this.#limits = limits;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const { firstMs, longestMs } = this.#limits;
    const ceiling = Math.min(longestMs, firstMs * 2 ** this.#attempt);
    this.#attempt += 1;
    const asked = this.#askedMs;
    this.#askedMs = 0;
    return asked + this.#random.next() * Math.max(ceiling, asked);
  }

  /** The peer asked not to be called for so long: the next wait is that and up to as long again. */
  holdOff(ms: number): void {
    this.#askedMs = ms;
  }

  /** An attempt succeeded. */
  reset(): void {
    this.#attempt = 0;
  }
}
