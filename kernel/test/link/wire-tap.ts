import { budgets } from "../../src/link/wire/budgets.ts";
import { decodeFrame } from "../../src/link/wire/decode.ts";
import { inflated } from "../../src/link/wire/deflate.ts";
import { encodeFrame } from "../../src/link/wire/encode.ts";
import type { Frame } from "../../src/link/wire/frames.ts";
import { decodeHandshake, type Hello, type Welcome } from "../../src/link/wire/handshake.ts";
import { laneOf } from "../../src/link/wire/lanes.ts";
import { decodeMessage, encodeMessage, isHeartbeat, nextCount } from "../../src/link/wire/message.ts";

export type Seen = Frame | Hello | Welcome | { readonly type: "heartbeat" };

/** Reads what goes one way over one connection, message by message, as the other side would. */
export class WireTap {
  #isFirst = true;
  readonly #parts = new Map<number, Uint8Array[]>();

  /** What the message completes; `undefined` for parts, and for what cannot be read. */
  see(bytes: Uint8Array): Seen | undefined {
    if (this.#isFirst) {
      this.#isFirst = false;
      return decodeHandshake(bytes);
    }
    const message = decodeMessage(bytes);
    if (!message) return undefined;
    if (isHeartbeat(message)) return { type: "heartbeat" };
    const parts = [...(this.#parts.get(message.lane) ?? []), message.part];
    this.#parts.set(message.lane, message.hasMore ? parts : []);
    if (message.hasMore) return undefined;
    const whole = Buffer.concat(parts);
    const frame = message.isDeflated ? inflated(whole) : whole;
    return frame && decodeFrame(message.lane, frame);
  }
}

/** Counts the messages of one side of a connection. */
export class Counter {
  #count = 0;

  next(): number {
    const count = this.#count;
    this.#count = nextCount(count);
    return count;
  }
}

/** A frame as messages, neither deflated nor held back by credit. */
export function messagesOf(frame: Frame, counter = new Counter()): readonly Uint8Array[] {
  const bytes = encodeFrame(frame);
  const messages: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += budgets.partBytes) {
    const part = bytes.subarray(start, start + budgets.partBytes);
    const hasMore = start + budgets.partBytes < bytes.length;
    messages.push(encodeMessage({ lane: laneOf(frame), hasMore, isDeflated: false, count: counter.next(), part }));
  }
  return messages;
}
