/** When a certificate is to be renewed, and how long to wait until something is worth a look. Pure. */
export interface Life {
  /** Milliseconds since the Unix epoch. */
  readonly validFrom: number;
  readonly validUntil: number;
}

/** A clock may be set while we wait: nobody waits longer at a stretch. */
const longestWaitMs = 60 * 60 * 1000;
const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60 * 1000;

/** With a third of its life left, and up to a twentieth earlier, so that many nodes do not come at once. */
export function renewalTime({ validFrom, validUntil }: Life, chance: number): number {
  const life = validUntil - validFrom;
  return validFrom + (life * 2) / 3 - (life * chance) / 20;
}

/** Milliseconds until the next look. */
export function untilLook(due: number, now: number): number {
  return Math.min(Math.max(due - now, 0), longestWaitMs);
}

/** Milliseconds until the next attempt, after so many failures: exponential, with full jitter above half. */
export function untilRetry(failures: number, chance: number): number {
  const most = Math.min(firstRetryMs * 2 ** Math.min(failures - 1, 10), longestRetryMs);
  return most / 2 + (most / 2) * chance;
}
