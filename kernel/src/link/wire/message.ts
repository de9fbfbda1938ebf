import { budgets } from "./budgets.ts";
import { readVarint, writeVarint } from "./varint.ts";

/** One message of the WebSocket: a frame of a lane, or a part of one. */
export interface Message {
  readonly lane: number;
  /** The frame goes on in the lane's next message. */
  readonly hasMore: boolean;
  /** The frame, put together, is deflated. The same in all its messages. */
  readonly isDeflated: boolean;
  /** Messages of this side before it, after the handshake, modulo 256: one that is lost, doubled or overtaken is noticed. */
  readonly count: number;
  /** A part of the frame. Nothing at all, on the control lane: a heartbeat. */
  readonly part: Uint8Array;
}

/** The one message without a frame: I am alive. */
export function heartbeat(count: number): Message {
  return { lane: 0, hasMore: false, isDeflated: false, count, part: new Uint8Array() };
}

export function nextCount(count: number): number {
  return (count + 1) % 256;
}

export function encodeMessage({ lane, hasMore, isDeflated, count, part }: Message): Uint8Array {
  const head: number[] = [];
  writeVarint(head, lane * 4 + (isDeflated ? 2 : 0) + (hasMore ? 1 : 0));
  head.push(count);
  const bytes = new Uint8Array(head.length + part.length);
  bytes.set(head);
  bytes.set(part, head.length);
  return bytes;
}

/** Reads a message; its part is a view. `undefined`: it is none, or over its budget. */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  const head = readVarint(bytes, 0);
  const count = head && bytes[head.end];
  if (!head || count === undefined) return undefined;
  const part = bytes.subarray(head.end + 1);
  if (part.length > budgets.partBytes) return undefined;
  const flags = head.value % 4;
  const message: Message = {
    lane: Math.floor(head.value / 4),
    hasMore: (flags & 1) === 1,
    isDeflated: flags >= 2,
    count,
    part,
  };
  return message.part.length > 0 || isHeartbeat(message) ? message : undefined;
}

export function isHeartbeat({ lane, hasMore, isDeflated, part }: Message): boolean {
  return lane === 0 && !hasMore && !isDeflated && part.length === 0;
}
