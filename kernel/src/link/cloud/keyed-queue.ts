/**
 * Runs jobs of one key one after another, in order, and jobs of different keys side by side, up to a
 * limit. A job that is replaced before it began is never run.
 */
export class KeyedQueue<T> {
  readonly #run: (key: string, job: T) => Promise<void>;
  readonly #limit: number;
  readonly #waiting = new Map<string, T>();
  readonly #busy = new Map<string, Promise<void>>();

  /** @param run must not reject */
  constructor(limit: number, run: (key: string, job: T) => Promise<void>) {
    this.#limit = limit;
    this.#run = run;
  }

  /** Adds a job; one of the same key that has not begun is replaced. */
  push(key: string, job: T): void {
    this.#waiting.set(key, job);
    this.#pump();
  }

  /** Forgets waiting jobs. */
  clear(matches: (key: string, job: T) => boolean): void {
    for (const [key, job] of this.#waiting) if (matches(key, job)) this.#waiting.delete(key);
  }

  /** Resolves when no job runs any more; those that wait are forgotten. */
  async drained(): Promise<void> {
    this.#waiting.clear();
    await Promise.all(this.#busy.values());
  }

  #pump(): void {
    for (const [key, job] of this.#waiting) {
      if (this.#busy.size >= this.#limit) return;
      if (this.#busy.has(key)) continue;
      this.#waiting.delete(key);
      const running = this.#run(key, job).finally(() => {
        this.#busy.delete(key);
        this.#pump();
      });
      this.#busy.set(key, running);
    }
  }
}
