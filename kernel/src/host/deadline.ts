import type { Clock } from "@skerry/contracts";

/** What `withDeadline` gives when time ran out. */
export const ranOut: unique symbol = Symbol("ran out");

/**
 * Waits for `work`, at most `ms`. When time runs out the work's signal is aborted and its later outcome
 * is ignored.
 */
export async function withDeadline(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<typeof ranOut | undefined> {
  const abort = new AbortController();
  const combined = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal;
  let timer: Disposable | undefined;
  const late = new Promise<typeof ranOut>((resolve) => {
    timer = clock.after(ms, () => resolve(ranOut));
  });
  // Also for work that throws at once, or that is not as asynchronous as it says.
  const done = (async () => {
    await work(combined);
    return undefined;
  })();
  try {
    const first = await Promise.race([done, late]);
    if (first === ranOut) abort.abort(new Error(`deadline of ${ms} ms passed`));
    return first;
  } finally {
    timer?.[Symbol.dispose]();
  }
}
