import { Bytes } from "./bytes";
import { Device } from "./device";
import { Value } from "./value";

/** A desired value that waits for `settle` or `reject`. */
export class Desire {
  constructor(public id: i32, public property: i32, public value: Value) {}
}

/** A protocol as a state machine: each method is one event, and answers with effects. Nothing waits. */
export abstract class Mapper {
  abstract start(device: Device): void;

  onOpen(stream: i32): void {}

  /** `bytes` are valid until this returns. */
  onBytes(stream: i32, bytes: Bytes): void {}

  /** `reason` is empty when the peer closed in order. */
  onClose(stream: i32, reason: string): void {}

  onTimer(id: i32): void {}

  /** Replaces an earlier desire of the same property. Answer with `settle` or `reject`. */
  onDesired(desire: Desire): void {}

  /** What survives when the mapper or the device's definition is replaced. Never handles of streams. */
  save(): ArrayBuffer | null {
    return null;
  }

  /** Called once, after `start`, with what `save` gave. */
  restore(state: ArrayBuffer): void {}
}

let mounted: Mapper | null = null;

/** Says which mapper this module is; once, at the top of its entry file. */
export function mount(mapper: Mapper): void {
  mounted = mapper;
}

export function theMapper(): Mapper {
  return mounted!;
}
