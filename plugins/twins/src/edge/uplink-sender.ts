import type { Clock, JsonValue, Logger, TwinName, Uplink } from "@skerry/contracts";
import { errorCode, errorFamily } from "@skerry/plugin";
import { twinUplinkType } from "../shared/twin-report.ts";

const retryMs = 1_000;

export interface UplinkParts {
  readonly uplink: Uplink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves when the first snapshot may be handed over. */
  readonly ready: Promise<void>;
  /** Least time between two snapshots, unless a change is urgent. */
  readonly intervalMs: number;
}

/**
 * Keeps the cloud's copy of one twin on its way: one snapshot is handed over at a time, the next is the newest. The
 * first after a quiet time goes at once, others after the interval, so that a fast device costs link and disk no more
 * than the status of its Device can take.
 */
export class UplinkSender {
  #dirty = false;
  #isUrgent = false;
  #nextAt = 0;
  #waiting = new AbortController();
  #running: Promise<void> | undefined;
  /** Code of the failure that was said last, until it is over. */
  #failing: string | undefined;
  readonly #closed = new AbortController();

  constructor(
    private readonly name: TwinName,
    private readonly snapshot: () => JsonValue,
    private readonly parts: UplinkParts,
  ) {}

  /** Something changed. Changes within one turn of the event loop make one snapshot; an urgent one does not wait. */
  mark(urgency: "urgent" | "paced"): void {
    if (this.#closed.signal.aborted) return;
    this.#dirty = true;
    if (urgency === "urgent") {
      this.#isUrgent = true;
      this.#waiting.abort();
    }
    this.#running ??= this.#run();
  }

  /** Takes no more changes; resolves when the last one was handed over, or could not be. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#running;
  }

  /** Hands over nothing more. */
  discard(): void {
    this.#closed.abort();
    this.#dirty = false;
  }

  /** Forgets what is on its way to the cloud. For a device that is gone, after the close. */
  async forget(): Promise<void> {
    await this.parts.uplink.forget({ type: twinUplinkType, name: this.name });
  }

  async #run(): Promise<void> {
    await this.parts.ready;
    while (this.#dirty) {
      await this.#turn();
      this.#dirty = false;
      this.#isUrgent = false;
      await this.#put();
    }
    this.#running = undefined;
  }

  async #turn(): Promise<void> {
    const { clock, intervalMs } = this.parts;
    const wait = this.#nextAt - clock.monotonic();
    if (wait > 0 && !this.#isUrgent) {
      this.#waiting = new AbortController();
      const signal = AbortSignal.any([this.#waiting.signal, this.#closed.signal]);
      // Cut short by what is urgent, and by the close: then it is time.
      await clock.sleep(wait, signal).catch(() => undefined);
    }
    this.#nextAt = clock.monotonic() + intervalMs;
  }

  async #put(): Promise<void> {
    const { uplink, clock, logger } = this.parts;
    try {
      await uplink.put({ type: twinUplinkType, name: this.name }, this.snapshot());
      this.#failing = undefined;
    } catch (error) {
      // It is tried again each second, perhaps for days.
      const code = errorCode(error) ?? "";
      if (code !== this.#failing) logger.error("a twin was not handed to the link", { twin: this.name, error });
      this.#failing = code;
      // What is too large now is so again in a second; the next change may make it smaller.
      if (errorFamily(error) === "invalid" || this.#closed.signal.aborted) return;
      this.#dirty = true;
      // Cut short by the close, which lets one last attempt follow.
      await clock.sleep(retryMs, this.#closed.signal).catch(() => undefined);
    }
  }
}
