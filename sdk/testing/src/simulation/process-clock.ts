import type { Clock, Timer } from "@skerry/contracts";
import { sleepOn } from "../fakes/sleep.ts";
import type { SimClock } from "./sim-clock.ts";

/** The clock of one simulated process: virtual time, a wall clock of its own that can jump, and timers that die with it. */
export class ProcessClock implements Clock {
  readonly #clock: SimClock;
  readonly #timers = new Set<Timer>();
  readonly #wall: () => number;
  #isDead = false;

  /** @param wall milliseconds between the start of the simulation and the Unix epoch, asked each time */
  constructor(clock: SimClock, wall: () => number) {
    this.#clock = clock;
    this.#wall = wall;
  }

  now(): number {
    return Math.floor(this.#clock.monotonic() + this.#wall());
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  /** Timers of this process that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  after(ms: number, callback: () => void): Timer {
    if (this.#isDead) return { [Symbol.dispose]: () => undefined };
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
    return {
      [Symbol.dispose]: () => {
        this.#timers.delete(timer);
        timer[Symbol.dispose]();
      },
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  /** The process is gone: none of its timers fires any more. */
  kill(): void {
    this.#isDead = true;
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
  }
}
