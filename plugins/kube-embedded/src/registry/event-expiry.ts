import type { Clock, Logger, Timer } from "@skerry/contracts";
import { eventLifetimeMs, eventStorage, eventTouchedAt } from "./builtin/index.ts";
import type { ObjectWriter } from "./object-writer.ts";

const sweepEveryMs = 60_000;

/** Removes events an hour after they were last written. */
export class EventExpiry {
  readonly #writer: ObjectWriter;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #timer: Timer | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(writer: ObjectWriter, clock: Clock, logger: Logger) {
    this.#writer = writer;
    this.#clock = clock;
    this.#logger = logger;
  }

  start(): void {
    this.#timer = this.#clock.after(sweepEveryMs, () => {
      this.#sweeping = this.#sweep();
      this.start();
    });
  }

  async stop(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const now = this.#clock.now();
    try {
      await this.#writer.expire(eventStorage, (event) => now - eventTouchedAt(event, now) >= eventLifetimeMs);
    } catch (error) {
      // The next sweep tries again; events are no reason to stop serving.
      this.#logger.warn("old events could not be removed", { error });
    }
  }
}
