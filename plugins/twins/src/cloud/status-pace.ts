import type { Clock } from "@skerry/contracts";

/** An edge that keeps the same pace does not wait here because its clock or the network wavers. */
const slack = 0.2;

/** Lets one turn per key pass at once after a quiet interval, then one per interval on average. */
export class StatusPace {
  readonly #next = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
  ) {}

  /** Resolves when it is this key's turn, at the latest after the interval; rejects when aborted. */
  async turn(key: string, signal: AbortSignal): Promise<void> {
    const now = this.clock.monotonic();
    const due = Math.max(now, this.#next.get(key) ?? now);
    this.#next.delete(key);
    this.#next.set(key, due + this.intervalMs);
    if (due - now > this.intervalMs * slack) await this.clock.sleep(due - now, signal);
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
