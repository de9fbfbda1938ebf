const firstMs = 10_000;
const longestMs = 300_000;
/** What went well for so long begins again at the first pause. */
const forgottenAfterMs = 2 * longestMs;

export interface Pause {
  /** Until the next attempt may be made; 0: now. */
  readonly remainingMs: number;
  /** Its whole length. */
  readonly delayMs: number;
}

const noPause: Pause = { remainingMs: 0, delayMs: 0 };

/**
 * The kubelet's pauses between attempts, for each key: none before the second, then 10 s, 20 s, … 300 s. All moments are
 * of a clock that never goes back; pauses do not outlive the process, as those of the kubelet do not.
 */
export class BackOff {
  readonly #delays = new Map<string, { readonly delayMs: number; readonly at: number }>();

  /** What is left of the pause after a failure at `failedAt`. */
  pause(key: string, failedAt: number, now: number): Pause {
    const known = this.#delays.get(key);
    if (known === undefined || failedAt - known.at > forgottenAfterMs) return noPause;
    return { remainingMs: Math.max(0, failedAt + known.delayMs - now), delayMs: known.delayMs };
  }

  /** An attempt follows on a failure at `failedAt`, or is the failure itself: the next pause is longer. */
  lengthen(key: string, failedAt: number, now: number): void {
    const known = this.#delays.get(key);
    const isNew = known === undefined || failedAt - known.at > forgottenAfterMs;
    this.#delays.set(key, { delayMs: isNew ? firstMs : Math.min(known.delayMs * 2, longestMs), at: now });
  }

  /** When the key's pause was lengthened last. */
  lengthenedAt(key: string): number | undefined {
    return this.#delays.get(key)?.at;
  }
}

/** As Go prints it: `10s`, `1m20s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
