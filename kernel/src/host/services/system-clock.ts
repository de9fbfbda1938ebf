import { performance } from "node:perf_hooks";
import type { Clock, Timer } from "@skerry/contracts";

/** Longest delay a Node timer takes; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** The machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const aborted = () => {
        timer[Symbol.dispose]();
        reject(signal?.reason);
      };
      const timer = after(ms, () => {
        signal?.removeEventListener("abort", aborted);
        resolve();
      });
      signal?.addEventListener("abort", aborted, { once: true });
    }),
};

function after(ms: number, callback: () => void): Timer {
  const due = performance.now() + ms;
  let timer: NodeJS.Timeout;
  // Node's timers may be a fraction of a millisecond early, and cannot be set for longer than 24 days.
  const wait = () => {
    const left = due - performance.now();
    if (left <= 0) return callback();
    timer = setTimeout(wait, Math.min(Math.ceil(left), longestMs)).unref();
  };
  timer = setTimeout(wait, Math.min(Math.max(0, ms), longestMs)).unref();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
