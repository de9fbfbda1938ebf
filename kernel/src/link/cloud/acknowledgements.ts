import { budgets } from "../wire/budgets.ts";
import type { Acknowledge } from "../wire/frames.ts";

/** Those of one turn of the event loop travel together. */
export class Acknowledgements {
  readonly #send: (frame: Acknowledge) => void;
  #sequences: number[] = [];

  constructor(send: (frame: Acknowledge) => void) {
    this.#send = send;
  }

  add(sequence: number): void {
    if (this.#sequences.push(sequence) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const all = this.#sequences;
    this.#sequences = [];
    for (let start = 0; start < all.length; start += budgets.acknowledgementsPerFrame) {
      this.#send({ type: "acknowledge", sequences: all.slice(start, start + budgets.acknowledgementsPerFrame) });
    }
  }
}
