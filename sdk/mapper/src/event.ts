import { abiLimits, type GuestExport } from "./abi.ts";
import { errors } from "./errors.ts";

/** One thing that happened; the guest's export of the same name is called with it. */
export type MapperEvent =
  | { readonly type: "start"; readonly config: string }
  | { readonly type: "on_open"; readonly stream: number }
  | { readonly type: "on_bytes"; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly type: "on_close"; readonly stream: number; readonly reason: string }
  | { readonly type: "on_timer"; readonly id: number }
  | { readonly type: "on_desired"; readonly desire: number; readonly property: number; readonly value: Uint8Array }
  | { readonly type: "save" }
  | { readonly type: "restore"; readonly state: Uint8Array };

const utf8 = new TextEncoder();
const looseText = new TextDecoder();
const nothing = new Uint8Array(0);

/** The bytes a guest reads with `event_read`. Throws `SKERRY_MAPPER_TOO_LONG` over the budget of the event. */
export function encodeEvent(event: MapperEvent): Uint8Array {
  switch (event.type) {
    case "start":
      return within("the configuration", utf8.encode(event.config), abiLimits.configBytes);
    case "on_open":
      return words(nothing, event.stream);
    case "on_bytes":
      return words(within("a chunk", event.bytes, abiLimits.chunkBytes), event.stream);
    case "on_close":
      return words(utf8.encode(event.reason).subarray(0, abiLimits.textBytes), event.stream);
    case "on_timer":
      return words(nothing, event.id);
    case "on_desired":
      return words(within("a value", event.value, abiLimits.valueBytes + 1), event.desire, event.property);
    case "save":
      return nothing;
    case "restore":
      return within("the state", event.state, abiLimits.stateBytes);
  }
}

/** Reads an event back, for traces and tests. Throws `SKERRY_MAPPER_BAD_EVENT`. */
export function decodeEvent(type: GuestExport, bytes: Uint8Array): MapperEvent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number): number => {
    if (bytes.length < index * 4 + 4) throw bad(type, `${bytes.length} bytes are too few`);
    return view.getUint32(index * 4, true);
  };
  switch (type) {
    case "start":
      return { type, config: looseText.decode(within("the configuration", bytes, abiLimits.configBytes)) };
    case "on_open":
      return { type, stream: word(0) };
    case "on_bytes":
      return { type, stream: word(0), bytes: bytes.slice(4) };
    case "on_close":
      return { type, stream: word(0), reason: looseText.decode(bytes.subarray(4)) };
    case "on_timer":
      return { type, id: word(0) };
    case "on_desired":
      return { type, desire: word(0), property: word(1), value: bytes.slice(8) };
    case "save":
      if (bytes.length > 0) throw bad(type, "it has no content");
      return { type };
    case "restore":
      return { type, state: bytes.slice() };
  }
}

/** Written byte by byte: this runs for every event, and a DataView would cost more than all the rest. */
function words(payload: Uint8Array, first: number, second?: number): Uint8Array {
  const head = second === undefined ? 4 : 8;
  const bytes = new Uint8Array(head + payload.length);
  setWord(bytes, 0, first);
  if (second !== undefined) setWord(bytes, 4, second);
  if (payload.length > 0) bytes.set(payload, head);
  return bytes;
}

function setWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

function within(what: string, bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length > limit) throw errors.create("SKERRY_MAPPER_TOO_LONG", { what, found: bytes.length, limit });
  return bytes;
}

function bad(event: string, problem: string) {
  return errors.create("SKERRY_MAPPER_BAD_EVENT", { event, problem });
}
