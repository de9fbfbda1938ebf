import type { Probe } from "../pod/handler.ts";

export type Outcome = "success" | "failure";

/** Counts what one probe finds, until so many in a row say the same that it counts. */
export class ProbeCount {
  readonly #needed: Readonly<Record<Outcome, number>>;
  #last: Outcome | undefined;
  #inRow = 0;

  constructor({ successThreshold = 1, failureThreshold = 3 }: Probe) {
    this.#needed = { success: successThreshold, failure: failureThreshold };
  }

  /** @returns the outcome if it counts by now */
  add(outcome: Outcome): Outcome | undefined {
    this.#inRow = outcome === this.#last ? this.#inRow + 1 : 1;
    this.#last = outcome;
    return this.#inRow >= this.#needed[outcome] ? outcome : undefined;
  }
}
