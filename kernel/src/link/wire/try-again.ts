import { closeCodes } from "./close-codes.ts";

/** No edge waits longer than this because a reason says so. */
export const longestRetryMs = 5 * 60 * 1000;

/** The reason of a close with `tryAgainLater`. */
export function tryAgainReason(retryMs: number): string {
  return `too many nodes at once; retry after ${Math.round(retryMs)} ms`;
}

/** Milliseconds that a reason asks to wait, at most `longestRetryMs`. `undefined`: it asks for nothing. */
export function retryAfter(code: number, reason: string): number | undefined {
  if (code !== closeCodes.tryAgainLater) return undefined;
  const digits = /\bretry after (\d{1,9}) ms\b/.exec(reason)?.[1];
  return digits === undefined ? undefined : Math.min(Number(digits), longestRetryMs);
}
