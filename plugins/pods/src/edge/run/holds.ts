export interface Hold {
  readonly reason: string;
  readonly message?: string;
}

interface Held {
  readonly hold: Hold | undefined;
  /** On the clock that never goes back. */
  readonly until: number;
  readonly isLoose: boolean;
}

/** What of a Pod is not to be tried again yet: its containers by name, and its sandbox. */
export class Holds {
  readonly #held = new Map<string, Held>();

  /**
   * @param hold what the state of the container shows, until it was started or is held again; absent: nothing special
   * @param options.until when it may be tried again; `Infinity`: when it is released
   * @param options.isLoose a change of an object that the Pod names may help: it is tried again then
   */
  hold(name: string, hold: Hold | undefined, options: { readonly until: number; readonly isLoose: boolean }): void {
    this.#held.set(name, { hold, ...options });
  }

  release(name: string): void {
    this.#held.delete(name);
  }

  /** They may all be tried again; what they show stays until then. */
  loosen(): void {
    for (const [name, held] of this.#held) if (held.isLoose) this.#held.set(name, { ...held, until: 0 });
  }

  has(name: string, now: number): boolean {
    return (this.#held.get(name)?.until ?? 0) > now;
  }

  names(now: number): ReadonlySet<string> {
    return new Set([...this.#held.keys()].filter((name) => this.has(name, now)));
  }

  shown(): ReadonlyMap<string, Hold> {
    return new Map([...this.#held].flatMap(([name, { hold }]) => (hold === undefined ? [] : [[name, hold] as const])));
  }

  /** How long until the first of them may be tried again. */
  nextMs(now: number): number | undefined {
    const waits = [...this.#held.values()]
      .map(({ until }) => until - now)
      .filter((ms) => ms > 0 && Number.isFinite(ms));
    return waits.length === 0 ? undefined : Math.min(...waits);
  }
}
