import type { Clock, Timer } from "@skerry/contracts";
import { abiLimits } from "@skerry/mapper";

/** The timers of one guest, by the guest's own ids. */
export class GuestTimers {
  readonly #clock: Clock;
  readonly #fired: (id: number) => void;
  readonly #timers = new Map<number, Timer>();

  constructor(clock: Clock, fired: (id: number) => void) {
    this.#clock = clock;
    this.#fired = fired;
  }

  /** Sets or sets again; a negative `ms` cancels. False: the guest has too many. */
  set(id: number, ms: number): boolean {
    this.#timers.get(id)?.[Symbol.dispose]();
    this.#timers.delete(id);
    if (ms < 0) return true;
    if (this.#timers.size >= abiLimits.timers) return false;
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(id);
      this.#fired(id);
    });
    this.#timers.set(id, timer);
    return true;
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    this.#timers.clear();
  }
}
