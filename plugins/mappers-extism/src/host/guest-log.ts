import type { Clock, Logger } from "@skerry/contracts";
import { Pace } from "./pace.ts";

/** A guest's log lines: at most so many a second, the others counted; control characters cannot forge lines. */
export class GuestLog {
  readonly #logger: Logger;
  readonly #pace: Pace;
  readonly #costMs: number;
  readonly #fields: { readonly mapper: string; readonly device: string };
  #dropped = 0;

  constructor(
    logger: Logger,
    clock: Clock,
    linesPerSecond: number,
    fields: { readonly mapper: string; readonly device: string },
  ) {
    this.#logger = logger;
    this.#pace = new Pace(clock, 1000);
    this.#costMs = 1000 / linesPerSecond;
    this.#fields = fields;
  }

  write(level: "debug" | "info" | "warn" | "error", text: string): void {
    if (this.#pace.waitMs > 0) {
      this.#dropped++;
      return;
    }
    this.#pace.spend(this.#costMs);
    const dropped = this.#dropped === 0 ? {} : { dropped: this.#dropped };
    this.#dropped = 0;
    this.#logger[level](text.replace(/\p{Cc}/gu, "?"), { ...this.#fields, ...dropped });
  }
}
