const firstMs = 10_000;
const longestMs = 300_000;
/** What has been quiet for so long begins again at the first pause. */
const forgottenAfterMs = 2 * longestMs;

interface Pause {
  readonly ms: number;
  readonly at: number;
}

/** The kubelet's pauses between attempts, doubling for each key: none, 10 s, 20 s, … 300 s. */
export class BackOff {
  readonly #pauses = new Map<string, Pause>();

  /** Milliseconds until the next attempt may be made. A clock that was set back makes it no longer than the pause. */
  remaining(key: string, failedAt: number, now: number): number {
    const pause = this.#pauses.get(key);
    if (pause === undefined || now - pause.at > forgottenAfterMs) return 0;
    return Math.min(pause.ms, Math.max(0, failedAt + pause.ms - now));
  }

  /** Another attempt is being made: the pause after it is longer. Gives that pause, in milliseconds. */
  attempt(key: string, now: number): number {
    const before = this.#pauses.get(key);
    const isNew = before === undefined || now - before.at > forgottenAfterMs;
    const ms = isNew ? firstMs : Math.min(before.ms * 2, longestMs);
    this.#pauses.set(key, { ms, at: now });
    return ms;
  }

  length(key: string): number {
    return this.#pauses.get(key)?.ms ?? 0;
  }

  forget(prefix: string): void {
    for (const key of [...this.#pauses.keys()]) if (key.startsWith(prefix)) this.#pauses.delete(key);
  }
}
