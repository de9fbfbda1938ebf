import type { Connection, ConnectionReceiver, Peer } from "@skerry/contracts";

type Parcel =
  | { readonly type: "frame"; readonly bytes: Uint8Array }
  | { readonly type: "close"; readonly code: number; readonly reason: string }
  | { readonly type: "reset" };

/** What an end asks of the network. */
export interface SimWay {
  /** Calls when a parcel that is sent now arrives, in the order of the calls; never while the way is blocked. */
  carry(arrived: () => void): void;
}

/**
 * One end of a connection as TCP makes them: what is sent arrives once and in order, later, or never. A way that is
 * blocked holds what was sent until it is open again, or one of the ends gives up; then the other may not hear of it.
 */
export class SimConnection implements Connection {
  readonly peer: Peer;
  readonly buffered = 0;
  readonly #way: SimWay;
  #other: SimConnection | undefined;
  #receiver: ConnectionReceiver | undefined;
  #early: Parcel[] = [];
  #isClosing = false;
  #isOver = false;

  constructor(peer: Peer, way: SimWay) {
    this.peer = peer;
    this.#way = way;
  }

  static join(one: SimConnection, two: SimConnection): void {
    one.#other = two;
    two.#other = one;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  send(frame: Uint8Array, taken?: () => void): void {
    if (this.#isClosing || this.#isOver) return;
    const bytes = Uint8Array.from(frame);
    queueMicrotask(() => taken?.());
    this.#post({ type: "frame", bytes });
  }

  receive(receiver: ConnectionReceiver): void {
    this.#receiver = receiver;
    for (const parcel of this.#early.splice(0)) this.#take(parcel);
  }

  close(code: number, reason: string): void {
    if (this.#isClosing || this.#isOver) return;
    this.#isClosing = true;
    this.#post({ type: "close", code, reason });
  }

  destroy(): void {
    if (this.#isOver) return;
    this.#post({ type: "reset" });
    queueMicrotask(() => this.#end(1006, ""));
  }

  /** The process is gone. The other end hears of it, as from a kill; or does not, as from a power cut. */
  vanish(isHeard: boolean): void {
    this.#isOver = true;
    if (isHeard) this.#post({ type: "reset" });
  }

  #post(parcel: Parcel): void {
    this.#way.carry(() => this.#other?.arrive(parcel));
  }

  /** For the other end. */
  arrive(parcel: Parcel): void {
    if (this.#isOver) {
      // Nobody is here any more: the network says so to whoever goes on sending.
      if (parcel.type !== "reset") this.#post({ type: "reset" });
    } else if (this.#receiver) this.#take(parcel);
    else this.#early.push(parcel);
  }

  #take(parcel: Parcel): void {
    if (this.#isOver) return;
    if (parcel.type === "frame") return this.#receiver?.frame(parcel.bytes);
    if (parcel.type === "reset") return this.#end(1006, "");
    const { code, reason } = parcel;
    if (!this.#isClosing) this.#post(parcel);
    this.#end(code, reason);
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#receiver?.closed(code, reason);
  }
}
