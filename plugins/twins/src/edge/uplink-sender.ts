import type { Clock, JsonValue, Logger, TwinName, Uplink } from "@skerry/contracts";
import { errorFamily } from "@skerry/plugin";
import { twinUplinkType } from "../shared/twin-report.ts";

const retryMs = 1_000;

export interface UplinkParts {
  readonly uplink: Uplink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves when the first snapshot may be handed over. */
  readonly ready: Promise<void>;
}

/** Keeps the cloud's copy of one twin on its way: one snapshot is handed over at a time, the next is the newest. */
export class UplinkSender {
  #dirty = false;
  #running: Promise<void> | undefined;
  readonly #closed = new AbortController();

  constructor(
    private readonly name: TwinName,
    private readonly snapshot: () => JsonValue,
    private readonly parts: UplinkParts,
  ) {}

  /** Something changed. Changes within one turn of the event loop make one snapshot. */
  mark(): void {
    if (this.#closed.signal.aborted) return;
    this.#dirty = true;
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
      this.#dirty = false;
      await this.#put();
    }
    this.#running = undefined;
  }

  async #put(): Promise<void> {
    const { uplink, clock, logger } = this.parts;
    try {
      await uplink.put({ type: twinUplinkType, name: this.name }, this.snapshot());
    } catch (error) {
      logger.error("a twin was not handed to the link", { twin: this.name, error });
      // What is too large now is so again in a second; the next change may make it smaller.
      if (errorFamily(error) === "invalid" || this.#closed.signal.aborted) return;
      this.#dirty = true;
      // Cut short by the close, which lets one last attempt follow.
      await clock.sleep(retryMs, this.#closed.signal).catch(() => undefined);
    }
  }
}
