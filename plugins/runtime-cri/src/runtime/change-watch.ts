import type { Clock, Logger, RuntimeChange, Timer } from "@skerry/contracts";
import type { CriClient } from "../cri/cri-client.ts";
import { EventStream } from "../cri/event-stream.ts";
import { changesBetween, type Snapshot } from "./changes.ts";

export interface ChangeWatchParts {
  readonly client: CriClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly relistMs: number;
  readonly list: () => Promise<Snapshot>;
  readonly tell: (change: RuntimeChange) => void;
}

/**
 * Between the looks after a ring, milliseconds: containerd rings for an end before its own list has it, which follows from
 * the same event.
 */
const afterRingMs = [50, 100, 200, 400];

/** Finds what happens without us, such as an exit: by looking, when the runtime says so and every now and then. */
export class ChangeWatch {
  readonly #parts: ChangeWatchParts;
  readonly #events: EventStream;
  #seen: Snapshot = new Map();
  #timer: Timer | undefined;
  #state: "waits" | "looks" | "stopped" = "waits";
  /** During the look that is under way. */
  #isRung = false;
  #isAway = false;
  /** Looks since the last ring. */
  #looks = afterRingMs.length;

  constructor(parts: ChangeWatchParts) {
    this.#parts = parts;
    this.#events = new EventStream(parts.client, () => this.#ring());
  }

  start(): void {
    this.#wait();
  }

  stop(): void {
    this.#state = "stopped";
    this.#timer?.[Symbol.dispose]();
    this.#events[Symbol.dispose]();
  }

  #wait(): void {
    this.#state = "waits";
    this.#events.listen();
    const { clock, relistMs } = this.#parts;
    const pauseMs = Math.min(afterRingMs[this.#looks] ?? relistMs, relistMs);
    this.#looks += 1;
    this.#timer = clock.after(pauseMs, () => void this.#look());
  }

  /** What is rung for during a look may not be in it. */
  #ring(): void {
    this.#isRung = true;
    this.#looks = 0;
    if (this.#state !== "waits") return;
    this.#timer?.[Symbol.dispose]();
    void this.#look();
  }

  async #look(): Promise<void> {
    const { list, tell, log } = this.#parts;
    this.#state = "looks";
    this.#isRung = false;
    try {
      const now = await list();
      const changes = changesBetween(this.#seen, now);
      this.#seen = now;
      this.#isAway = false;
      for (const change of changes) tell(change);
    } catch (error) {
      if (!this.#isStopped() && !this.#isAway) {
        log.warn("the container runtime does not answer; looking again", { error });
        this.#isAway = true;
      }
    }
    if (this.#isStopped()) return;
    // One that does not answer is asked again later, whatever rings.
    if (this.#isRung && !this.#isAway) void this.#look();
    else this.#wait();
  }

  #isStopped(): boolean {
    return this.#state === "stopped";
  }
}
