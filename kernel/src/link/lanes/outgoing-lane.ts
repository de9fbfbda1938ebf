import { budgets } from "../wire/budgets.ts";
import type { Message } from "../wire/message.ts";

interface Outgoing {
  readonly bytes: Uint8Array;
  readonly isDeflated: boolean;
  sent: number;
}

/** The frames of one lane that wait to be sent, and how many bytes of them the receiver takes. */
export class OutgoingLane {
  readonly lane: number;
  readonly #waiting: Outgoing[] = [];
  readonly #firstCredit: number;
  #credit: number;
  #bytes = 0;

  /** @param credit bytes that may be sent before the receiver gives more; `Infinity` on the control lane */
  constructor(lane: number, credit: number) {
    this.lane = lane;
    this.#firstCredit = credit;
    this.#credit = credit;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that were sent and for which the receiver has not yet given new credit. */
  get unanswered(): number {
    return this.#firstCredit - this.#credit;
  }

  get canSend(): boolean {
    const first = this.#waiting[0];
    return first !== undefined && this.#credit >= Math.min(first.bytes.length - first.sent, budgets.leastPartBytes);
  }

  push(bytes: Uint8Array, isDeflated: boolean): void {
    this.#waiting.push({ bytes, isDeflated, sent: 0 });
    this.#bytes += bytes.length;
  }

  grant(bytes: number): void {
    this.#credit += bytes;
  }

  /** The next message, its part not longer than the credit. Only while {@link canSend}. */
  next(): Omit<Message, "count"> {
    const first = this.#waiting[0];
    if (!first) throw new Error("nothing waits on this lane");
    const bytes = Math.min(budgets.partBytes, this.#credit, first.bytes.length - first.sent);
    const part = first.bytes.subarray(first.sent, first.sent + bytes);
    first.sent += bytes;
    this.#credit -= bytes;
    this.#bytes -= bytes;
    const hasMore = first.sent < first.bytes.length;
    if (!hasMore) this.#waiting.shift();
    return { lane: this.lane, hasMore, isDeflated: first.isDeflated, part };
  }
}
