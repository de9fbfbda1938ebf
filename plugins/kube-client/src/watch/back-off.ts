import type { Random } from "@skerry/contracts";

const firstMs = 200;
const longestMs = 30_000;

/** Delay before attempt `failures + 1`, in milliseconds: full jitter below a limit that doubles up to 30 s. */
export function backOff(failures: number, random: Random): number {
  return failures === 0 ? 0 : random.next() * Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10));
}
