/** What travels one way over a connection. */
export type Parcel =
  | { readonly type: "frame"; readonly bytes: Uint8Array }
  | { readonly type: "close"; readonly code: number; readonly reason: string }
  | { readonly type: "lost" };

/** One direction of a connection: delivers in order, in later microtasks, unless it is held. */
export class Pipe {
  readonly #deliver: (parcel: Parcel) => void;
  readonly #isHeld: () => boolean;
  #waiting: Parcel[] = [];
  #bytes = 0;
  #isScheduled = false;

  constructor(isHeld: () => boolean, deliver: (parcel: Parcel) => void) {
    this.#isHeld = isHeld;
    this.#deliver = deliver;
  }

  /** Bytes of frames that were not delivered yet. */
  get bytes(): number {
    return this.#bytes;
  }

  push(parcel: Parcel): void {
    this.#waiting.push(parcel);
    if (parcel.type === "frame") this.#bytes += parcel.bytes.length;
    this.resume();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
  }

  /** Delivers what waits, if nothing holds it any more. */
  resume(): void {
    if (this.#isScheduled || this.#waiting.length === 0 || this.#isHeld()) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#drain();
    });
  }

  #drain(): void {
    while (!this.#isHeld()) {
      const parcel = this.#waiting.shift();
      if (!parcel) return;
      if (parcel.type === "frame") this.#bytes -= parcel.bytes.length;
      this.#deliver(parcel);
    }
  }
}
