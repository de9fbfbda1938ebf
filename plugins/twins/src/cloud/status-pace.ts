import type { Clock } from "@skerry/contracts";

/** Lets one turn per key pass at once after a quiet interval, then one per interval. */
export class StatusPace {
  readonly #next = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
  ) {}

  /** Resolves when it is this key's turn, at the latest after the interval; rejects when aborted. */
  async turn(key: string, signal: AbortSignal): Promise<void> {
    const wait = (this.#next.get(key) ?? 0) - this.clock.monotonic();
    if (wait > 0) await this.clock.sleep(wait, signal);
    this.#next.delete(key);
    this.#next.set(key, this.clock.monotonic() + this.intervalMs);
    this.#forgetQuiet();
  }

  /** Keys are in the order of their turns: the quiet ones come first. */
  #forgetQuiet(): void {
    const now = this.clock.monotonic();
    for (const [key, next] of this.#next) {
      if (next > now) return;
      this.#next.delete(key);
    }
  }
}
