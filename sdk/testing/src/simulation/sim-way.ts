import type { SimClock } from "./sim-clock.ts";

/** What a way does to messages beside carrying them: no honest transport does, so the link must end the session. */
export interface Mangling {
  /** Chances per message. */
  readonly duplicate: number;
  readonly reorder: number;
}

/** The network from one host to another; both directions are ways of their own, so that one can fail alone. */
export class SimWay {
  /** Milliseconds a message takes. */
  delayMs = 1;
  bytesPerMs = 10_000;
  /** Bytes that the sender's operating system takes before it makes the sender wait. */
  socketBytes = 64 * 1024;
  mangling: Mangling = { duplicate: 0, reorder: 0 };
  readonly #clock: SimClock;
  readonly #reopened = new Set<() => void>();
  #isOpen = true;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** From now on nothing arrives; what is on its way waits, as TCP has it, and whoever resets is not heard. */
  block(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    for (const reopened of [...this.#reopened]) reopened();
    this.#reopened.clear();
  }

  /** Calls once the way is open: now, or when it is opened. */
  whenOpen(callback: () => void): void {
    if (this.#isOpen) callback();
    else this.#reopened.add(callback);
  }

  /** After a delay, if the way is open then. For what nobody repeats when it is lost. */
  tell(callback: () => void): void {
    this.#clock.after(this.delayMs, () => {
      if (this.#isOpen) callback();
    });
  }

  /** After a delay, and after the way was opened. For what TCP repeats until it arrives. */
  insist(callback: () => void): void {
    this.#clock.after(this.delayMs, () => this.whenOpen(callback));
  }
}
