import type { Random } from "@skerry/contracts";
import type { SimClock } from "./sim-clock.ts";
import type { SimWay } from "./sim-way.ts";

export type Parcel =
  | { readonly type: "frame"; readonly bytes: Uint8Array; readonly taken: (() => void) | undefined }
  | { readonly type: "close"; readonly code: number; readonly reason: string };

/** One direction of a connection: in order, at the speed of its way, held up while the way is blocked. */
export class SimPipe {
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #way: SimWay;
  readonly #deliver: (parcel: Parcel) => void;
  #queue: Parcel[] = [];
  #untaken: Parcel[] = [];
  #bytes = 0;
  #untakenBytes = 0;
  #freeAt = 0;
  #isEnded = false;
  #isHeld = false;

  constructor(clock: SimClock, random: Random, way: SimWay, deliver: (parcel: Parcel) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#way = way;
    this.#deliver = deliver;
  }

  /** Bytes that the network has not taken. */
  get buffered(): number {
    return this.#untakenBytes;
  }

  push(parcel: Parcel): void {
    const { mangling, bytesPerMs } = this.#way;
    const size = sizeOf(parcel);
    this.#bytes += size;
    this.#untaken.push(parcel);
    this.#untakenBytes += size;
    queueMicrotask(() => this.#take());
    this.#freeAt = Math.max(this.#freeAt, this.#clock.monotonic()) + size / bytesPerMs;
    const copies = parcel.type === "frame" && this.#random.next() < mangling.duplicate ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const last = this.#queue.length - 1;
      const isAhead = parcel.type === "frame" && last >= 0 && this.#random.next() < mangling.reorder;
      this.#queue.splice(isAhead ? last : last + 1, 0, parcel);
      this.#clock.after(this.#freeAt - this.#clock.monotonic() + this.#way.delayMs, () => this.#arrived());
    }
  }

  /** Whatever is on its way is gone. */
  abandon(): void {
    this.#isEnded = true;
    this.#queue = [];
    this.#untaken = [];
    this.#untakenBytes = 0;
  }

  /** The oldest parcel has come as far as the way lets it. */
  #arrived(): void {
    if (this.#isEnded || this.#isHeld) return;
    if (this.#way.isOpen) return this.#next();
    this.#isHeld = true;
    this.#way.whenOpen(() => {
      this.#clock.after(this.#way.delayMs, () => this.#release());
    });
  }

  /** After a blockade everything that was held comes at once, as repeated segments do. */
  #release(): void {
    this.#isHeld = false;
    const held = this.#queue.length;
    for (let index = 0; index < held && !this.#isEnded; index += 1) this.#next();
  }

  #next(): void {
    const parcel = this.#queue.shift();
    if (!parcel) return;
    this.#bytes -= sizeOf(parcel);
    this.#take();
    this.#deliver(parcel);
  }

  #take(): void {
    for (;;) {
      const [parcel] = this.#untaken;
      if (!parcel || this.#bytes - this.#untakenBytes > this.#way.socketBytes) return;
      this.#untaken.shift();
      this.#untakenBytes -= sizeOf(parcel);
      if (parcel.type === "frame") parcel.taken?.();
    }
  }
}

function sizeOf(parcel: Parcel): number {
  return parcel.type === "frame" ? parcel.bytes.byteLength : 0;
}
