import type { Timer } from "@skerry/contracts";
import { TimerQueue } from "./timer-queue.ts";

/**
 * The one virtual time of a simulation. It passes only in `advance`, timer by timer, and everything that a timer sets
 * off has settled before the next: the same program makes the same steps each time.
 */
export class SimClock {
  readonly #queue = new TimerQueue();
  #now = 0;
  #order = 0;
  #pending = 0;
  #steps = 0;

  /** Virtual milliseconds since the start. */
  monotonic(): number {
    return this.#now;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#pending;
  }

  /** Timers that fell due so far. */
  get steps(): number {
    return this.#steps;
  }

  after(ms: number, callback: () => void): Timer {
    const timer = {
      due: this.#now + Math.max(0, ms),
      order: this.#order++,
      isCancelled: false,
      callback: () => {
        cancel();
        callback();
      },
    };
    const cancel = () => {
      if (!timer.isCancelled) this.#pending -= 1;
      timer.isCancelled = true;
    };
    this.#pending += 1;
    this.#queue.push(timer);
    return { [Symbol.dispose]: cancel };
  }

  /** Lets time pass: runs what falls due, in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#queue.take(end); timer; timer = this.#queue.take(end)) {
      this.#now = Math.max(this.#now, timer.due);
      this.#steps += 1;
      timer.callback();
      await settle();
    }
    this.#now = end;
  }
}

/** Every promise and next tick that can settle does so before the loop turns. Nothing in a simulation waits for more. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
