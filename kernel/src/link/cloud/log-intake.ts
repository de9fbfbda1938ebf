import type { Clock, LogBatch, Logger, LogReceiver, Random } from "@skerry/contracts";
import { errorCode, errorFamily, errorMessage } from "@skerry/plugin";
import { Backoff } from "../backoff.ts";
import { finalFamilies } from "./final-families.ts";

/** What became of a batch; `gone`: its session ended first, and the node sends it again. */
export type LogAnswer = "taken" | "gone" | { readonly code: string; readonly message: string };

const retry = { firstMs: 250, longestMs: 2_000 };

/** Hands batches of logs to their receivers, and tries again, with back-off, what failed for a while. */
export class LogIntake {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #busy = new Set<Promise<unknown>>();
  #receivers: ReadonlyMap<string, LogReceiver> = new Map();

  constructor(clock: Clock, random: Random, log: Logger) {
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
  }

  /** @param receivers by type */
  serve(receivers: ReadonlyMap<string, LogReceiver>): void {
    this.#receivers = receivers;
  }

  /** Resolves when the batch was taken, refused for good, or its session ended. Batches of one log come one at a time. */
  async take(type: string, batch: LogBatch, isOpen: () => boolean): Promise<LogAnswer> {
    const receiver = this.#receivers.get(type);
    if (!receiver)
      return { code: "SKERRY_LINK_NO_RECEIVER", message: `the cloud has no receiver for the log "${type}"` };
    const backoff = new Backoff(this.#random, retry);
    while (isOpen()) {
      try {
        await this.#track(receiver.receive(batch));
        return "taken";
      } catch (error) {
        const { node } = batch;
        if (finalFamilies.has(errorFamily(error))) {
          this.#log.warn("entries of a log were refused", { node, type, entries: batch.entries.length, error });
          return { code: errorCode(error) ?? "SKERRY_LINK_REFUSED", message: errorMessage(error) };
        }
        const ms = Math.round(backoff.next());
        this.#log.warn("entries of a log were not taken; they are tried again", { node, type, ms, error });
        await this.#clock.sleep(ms);
      }
    }
    return "gone";
  }

  /** Resolves when no receiver is at work any more. */
  async drained(): Promise<void> {
    await Promise.allSettled(this.#busy);
  }

  async #track(work: Promise<void>): Promise<void> {
    this.#busy.add(work);
    try {
      await work;
    } finally {
      this.#busy.delete(work);
    }
  }
}
