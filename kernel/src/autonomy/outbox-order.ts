import type { Clock, Logger, Random, Timer } from "@skerry/contracts";

/** What the outbox remembers of its order: in `epoch`, no sequence from `before` on was ever sent. */
export interface StoredOrder {
  readonly epoch: string;
  readonly before: number;
}

const epochBytes = 9;
/** Numbers taken on disk at once. A disk that takes nothing for hours holds up no state. */
const blockSize = 2 ** 24;
const retryMs = 1_000;
/** By then the sessions of an earlier run are long over: nothing of theirs can come after what has an epoch of its own. */
const aloneAfterMs = 30_000;

export interface OutboxOrderParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly write: (order: StoredOrder) => Promise<void>;
  /** More numbers may be sent, perhaps of another epoch. */
  readonly reserved: () => void;
}

/** Sequence numbers that rise over restarts: a block of them is taken on disk before its first is sent. */
export class OutboxOrder {
  readonly #parts: OutboxOrderParts;
  #epoch = "";
  #last = 0;
  #before = 1;
  #isReserving = false;
  #retry: Timer | undefined;
  #alone: Timer | undefined;

  constructor(parts: OutboxOrderParts) {
    this.#parts = parts;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /**
   * Where the disk takes nothing, states wait for it a while; then this run has an epoch of its own, so that they can be sent.
   * @param highest the highest sequence of a state on disk
   */
  async open(stored: StoredOrder | undefined, highest: number): Promise<void> {
    this.#epoch = stored?.epoch ?? this.#newEpoch();
    this.#last = Math.max(highest, (stored?.before ?? 1) - 1);
    // A state on disk may have a number that was never reserved: sent, and deleted again, it would be given twice.
    this.#before = stored?.before ?? 1;
    try {
      await this.#reserve();
    } catch (error) {
      this.#parts.log.error("the order of the outbox could not be written; states wait for that", { error });
      this.#retryLater();
      this.#alone = this.#parts.clock.after(aloneAfterMs, () => this.#goAlone());
    }
  }

  next(): number {
    this.#last += 1;
    if (this.#before - this.#last < blockSize / 2) this.#reserveSoon();
    return this.#last;
  }

  /** Whether a number may be sent: no later run would give it again. */
  maySend(sequence: number): boolean {
    return sequence < this.#before;
  }

  stop(): void {
    this.#retry?.[Symbol.dispose]();
    this.#alone?.[Symbol.dispose]();
  }

  async #reserve(): Promise<void> {
    const before = this.#last + 1 + blockSize;
    await this.#parts.write({ epoch: this.#epoch, before });
    this.#before = before;
    this.#alone?.[Symbol.dispose]();
  }

  /** The disk has taken nothing for long. */
  #goAlone(): void {
    this.#parts.log.error(
      "the order of the outbox could not be written for long; this run has an order of its own",
      {},
    );
    this.#epoch = this.#newEpoch();
    this.#before = Number.MAX_SAFE_INTEGER;
    this.#parts.reserved();
  }

  #reserveSoon(): void {
    if (this.#isReserving) return;
    this.#isReserving = true;
    this.#reserve().then(
      () => {
        this.#isReserving = false;
        this.#parts.reserved();
      },
      (error: unknown) => {
        this.#parts.log.error("the order of the outbox could not be written; it is tried again", { error });
        this.#retryLater();
      },
    );
  }

  #retryLater(): void {
    this.#isReserving = true;
    this.#retry = this.#parts.clock.after(retryMs, () => {
      this.#isReserving = false;
      this.#reserveSoon();
    });
  }

  #newEpoch(): string {
    return Buffer.from(this.#parts.random.bytes(epochBytes)).toString("base64url");
  }
}
