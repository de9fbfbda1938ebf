import type { Clock, Logger, Timer } from "@skerry/contracts";

const firstRetryMs = 100;
const longestRetryMs = 30_000;

/**
 * Reconciles keys, one at a time each key, different ones side by side. A key that is touched while it is being
 * reconciled comes again afterwards; one that fails is tried again with growing pauses.
 */
export class ReconcileLoop {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #name: string;
  readonly #reconcile: (key: string) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, Timer>();
  readonly #failures = new Map<string, number>();
  #stopped = false;

  /** @param name of the controller, for its log lines */
  constructor(name: string, parts: { clock: Clock; logger: Logger }, reconcile: (key: string) => Promise<void>) {
    this.#name = name;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#reconcile = reconcile;
  }

  /** Reconciles this key soon. */
  touch(key: string): void {
    this.#cancel(key);
    if (this.#stopped) return;
    if (this.#running.has(key)) this.#again.add(key);
    else this.#running.set(key, this.#run(key));
  }

  /** Reconciles this key after a time, or sooner when it is touched. The newest call counts. */
  touchAfter(key: string, ms: number): void {
    this.#cancel(key);
    if (this.#stopped) return;
    this.#timers.set(
      key,
      this.#clock.after(ms, () => this.touch(key)),
    );
  }

  /** Lets what is under way end, and begins nothing more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const key of [...this.#timers.keys()]) this.#cancel(key);
    await Promise.all(this.#running.values());
  }

  async #run(key: string): Promise<void> {
    // Changes of one transaction are told one after another: look once they all have been.
    await Promise.resolve();
    try {
      await this.#reconcile(key);
      this.#failures.delete(key);
    } catch (error) {
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.#logger.debug(`${this.#name} will try again`, { key, error });
      if (!this.#again.has(key)) this.touchAfter(key, Math.min(firstRetryMs * 2 ** failures, longestRetryMs));
    }
    this.#running.delete(key);
    if (this.#again.delete(key)) this.touch(key);
  }

  #cancel(key: string): void {
    this.#timers.get(key)?.[Symbol.dispose]();
    this.#timers.delete(key);
  }
}
