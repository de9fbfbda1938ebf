import type { Clock, Random, Timer } from "@skerry/contracts";

export interface AdmissionLimits {
  /** How many are at work at once. */
  readonly atOnce: number;
  /** How many may wait for their turn. */
  readonly waiting: number;
  /** How long one may wait. */
  readonly waitMs: number;
  /** A turn counts for so long at most: who is slow at its work, or only pretends to be at it, keeps nobody out. */
  readonly turnMs: number;
}

export interface Applicant {
  /** Its turn, which lasts until the ticket is disposed. May be called before `enter` returns. */
  admitted(): void;
  /** There is no turn for it; it should come again after about so long. Called instead of `admitted`, never after. */
  refused(retryMs: number): void;
}

/**
 * Lets few do at once what is costly, and the next in the order they came. Who would wait too long, or behind too many, is sent away
 * with a time to come back, spread so that those sent away together do not come back together.
 */
export class Admission {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limits: AdmissionLimits;
  #working = 0;
  /** In the order they came, each with its deadline. */
  readonly #queue = new Map<Applicant, Timer>();

  constructor(clock: Clock, random: Random, limits: AdmissionLimits) {
    this.#clock = clock;
    this.#random = random;
    this.#limits = limits;
  }

  get working(): number {
    return this.#working;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** @returns the ticket: disposing it ends the turn, or the wait for it; doing so twice is harmless */
  enter(applicant: Applicant): Disposable {
    const { atOnce, waiting, waitMs, turnMs } = this.#limits;
    let isDone = false;
    let turn: Timer | undefined;
    const end = () => {
      if (isDone) return;
      isDone = true;
      turn?.[Symbol.dispose]();
      if (turn) this.#leave();
      else this.#unqueue(entry);
    };
    const refuse = () => {
      isDone = true;
      applicant.refused(this.#retryMs());
    };
    // A caller may apply twice; each has a place of its own.
    const entry: Applicant = {
      admitted: () => {
        turn = this.#clock.after(turnMs, end);
        applicant.admitted();
      },
      refused: refuse,
    };
    if (this.#working < atOnce) this.#admit(entry);
    else if (this.#queue.size >= waiting) refuse();
    else {
      const deadline = this.#clock.after(waitMs, () => {
        this.#unqueue(entry);
        refuse();
      });
      this.#queue.set(entry, deadline);
    }
    return { [Symbol.dispose]: end };
  }

  #admit(entry: Applicant): void {
    this.#working += 1;
    entry.admitted();
  }

  #leave(): void {
    this.#working -= 1;
    const [next] = this.#queue.keys();
    if (next === undefined) return;
    this.#unqueue(next);
    this.#admit(next);
  }

  #unqueue(entry: Applicant): void {
    this.#queue.get(entry)?.[Symbol.dispose]();
    this.#queue.delete(entry);
  }

  /** By then those who wait now have had their turn or are gone. */
  #retryMs(): number {
    const { waitMs } = this.#limits;
    return Math.round(waitMs * (1 + this.#random.next()));
  }
}
