import { errors } from "../errors.ts";

const pollMs = 150;

export interface Patience {
  readonly seconds: number;
  /** Where to look when it runs out. */
  readonly logs: string;
  readonly signal: AbortSignal;
}

/**
 * Looks until it finds.
 * @param what for the error when it does not come true in time
 */
export async function watchFor<T>(what: string, look: () => Promise<T | undefined>, patience: Patience): Promise<T> {
  const end = performance.now() + patience.seconds * 1000;
  while (performance.now() < end) {
    patience.signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw errors.create("SKERRY_UP_TIMEOUT", { what, seconds: patience.seconds, logs: patience.logs });
}
