/** Lets work on one key wait for earlier work on it, and for no other's. */
export class Serial {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = this.idle(key).then(work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }

  /** Resolves when the work that was asked for so far has ended, well or not. */
  async idle(key: string): Promise<void> {
    await Promise.allSettled([this.#last.get(key)]);
  }

  async allIdle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
