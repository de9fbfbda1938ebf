import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock, Timer } from "@skerry/contracts";

/** Longest delay a Node timer takes; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** The machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms: number, callback: () => void): Timer {
    const timer = setTimeout(callback, Math.min(ms, longestMs));
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  sleep: (ms, signal) => delay(Math.min(ms, longestMs), undefined, { ref: false, ...(signal && { signal }) }),
};
