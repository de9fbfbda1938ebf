import { Bytes } from "./bytes";
import { eventLength, eventRead } from "./host";

const kept: i32 = 20 * 1024;
let buffer: usize = 0;
let capacity: i32 = 0;

/** The event of the current call; valid until the call returns. */
export const event = new Bytes();

/** Copies the event in. */
export function receiveEvent(): void {
  let length = eventLength();
  if (length > capacity || (capacity > kept && length <= kept)) {
    if (buffer) heap.free(buffer);
    capacity = max(length, kept);
    buffer = heap.alloc(capacity);
  }
  event.at = buffer;
  event.length = eventRead(buffer, length);
}

/** The part of the event after its first `from` bytes. */
export function eventTail(from: i32): Bytes {
  tail.at = event.at + from;
  tail.length = max(event.length - from, 0);
  return tail;
}
const tail = new Bytes();
