import type { Clock, Random } from "@skerry/contracts";
import { backOff } from "./back-off.ts";

export interface SharedCheckParts {
  readonly clock: Clock;
  readonly random: Random;
  /** Rejects when it could not be made; it is then made again, for everybody who has come meanwhile too. */
  check(): Promise<void>;
  failed(problem: unknown): void;
}

interface Waiter {
  resolve(): void;
  reject(reason: unknown): void;
}

/** Pause after a check: at least so many milliseconds, and so many times as long as the check took. */
const pause = { leastMs: 100, timesAsLong: 4 };

/**
 * One check for all who wait for one that begins after they asked. However many ask, checks follow each other with pauses
 * between them, so that they never take more than a part of the time.
 */
export class SharedCheck implements Disposable {
  readonly #parts: SharedCheckParts;
  readonly #waiting = new Set<Waiter>();
  readonly #end = new AbortController();
  #isRunning = false;

  constructor(parts: SharedCheckParts) {
    this.#parts = parts;
  }

  /** Resolves after a check that began later than this call; rejects with the reason of the signal, or when this is disposed. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = [signal, this.#end.signal].find(({ aborted }) => aborted);
      if (over) return reject(over.reason);
      const leave = (tell: () => void) => {
        signal.removeEventListener("abort", aborted);
        this.#waiting.delete(waiter);
        tell();
      };
      const waiter: Waiter = { resolve: () => leave(resolve), reject: (reason) => leave(() => reject(reason)) };
      const aborted = () => waiter.reject(signal.reason);
      signal.addEventListener("abort", aborted, { once: true });
      this.#waiting.add(waiter);
      void this.#run();
    });
  }

  [Symbol.dispose](): void {
    this.#end.abort(new Error("this kernel is stopping"));
    for (const waiter of [...this.#waiting]) waiter.reject(this.#end.signal.reason);
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { clock, random, check, failed } = this.#parts;
    let failures = 0;
    while (this.#waiting.size > 0) {
      // Those who ask in the same moment are served together.
      await Promise.resolve();
      const served = [...this.#waiting];
      const begun = clock.monotonic();
      try {
        await check();
        failures = 0;
        for (const waiter of served) waiter.resolve();
      } catch (problem) {
        failures += 1;
        if (this.#waiting.size > 0) failed(problem);
      }
      const rest = Math.max(pause.leastMs, pause.timesAsLong * (clock.monotonic() - begun));
      const isOver = await clock.sleep(rest + backOff(failures, random), this.#end.signal).then(
        () => false,
        () => true,
      );
      if (isOver) break;
    }
    this.#isRunning = false;
  }
}
