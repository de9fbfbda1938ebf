import { type Connection, type ConnectionReceiver, maximumFrameBytes, type Peer } from "@skerry/contracts";
import { shortReason } from "./close-reason.ts";
import { errors } from "./errors.ts";

interface Frame {
  readonly type: "frame";
  readonly bytes: Uint8Array;
  readonly taken: (() => void) | undefined;
}

interface Close {
  readonly type: "close";
  readonly code: number;
  readonly reason: string;
}

/** What connections ask of their hub. */
export interface LoopbackWire {
  readonly isPartitioned: boolean;
  /** The connection has closed at this end. */
  ended(connection: LoopbackConnection): void;
}

/**
 * One end of a pair. What is sent travels in microtasks, one a frame, and is lost while the wire is
 * partitioned. Closing is a handshake, as it is in WebSocket: the other end answers after what it has sent.
 */
export class LoopbackConnection implements Connection {
  readonly peer: Peer;
  readonly #wire: LoopbackWire;
  readonly #incoming: (Frame | Close)[] = [];
  #other: LoopbackConnection | undefined;
  #outgoing: (Frame | Close)[] = [];
  #receiver: ConnectionReceiver | undefined;
  #hasLost = false;
  #isClosing = false;
  #isDestroyed = false;
  #isClosed = false;

  constructor(wire: LoopbackWire, peer: Peer) {
    this.#wire = wire;
    this.peer = peer;
  }

  /** Joins two ends; each then receives what the other sends. */
  static join(one: LoopbackConnection, two: LoopbackConnection): void {
    one.#other = two;
    two.#other = one;
  }

  /** Whether a partition swallowed something between the two ends, which makes them useless for good. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  send(frame: Uint8Array, taken?: () => void): void {
    if (this.#isClosing) return;
    if (frame.byteLength > maximumFrameBytes) {
      this.close(1009, `a frame of ${frame.byteLength} bytes is over the budget of ${maximumFrameBytes}`);
      return;
    }
    this.#post({ type: "frame", bytes: Uint8Array.from(frame), taken });
  }

  receive(receiver: ConnectionReceiver): void {
    if (this.#receiver !== undefined) {
      throw errors.create("SKERRY_TRANSPORT_RECEIVER_SET", { peer: this.peer.identity });
    }
    this.#receiver = receiver;
    for (const _ of this.#incoming) queueMicrotask(() => this.#handOver());
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#post({ type: "close", code, reason: shortReason(reason) });
  }

  destroy(): void {
    if (this.#isDestroyed || this.#isClosed) return;
    this.#isDestroyed = true;
    this.#isClosing = true;
    this.#outgoing = [];
    this.#incoming.length = 0;
    queueMicrotask(() => {
      this.#end(1006, "");
      if (this.#wire.isPartitioned) this.#lose();
      else this.#other?.lost();
    });
  }

  #post(parcel: Frame | Close): void {
    this.#outgoing.push(parcel);
    queueMicrotask(() => this.#carry());
  }

  /** Carries the oldest parcel to the other end. */
  #carry(): void {
    const parcel = this.#outgoing.shift();
    if (parcel === undefined) return;
    if (parcel.type === "frame") parcel.taken?.();
    if (!this.#wire.isPartitioned) {
      this.#other?.arrive(parcel);
      return;
    }
    this.#lose();
    if (parcel.type === "close") this.#end(1006, "");
  }

  /** For the other end: it is gone without a handshake. */
  lost(): void {
    this.#end(1006, "");
  }

  #lose(): void {
    this.#hasLost = true;
    if (this.#other) this.#other.#hasLost = true;
  }

  /** For the other end: something came. */
  arrive(parcel: Frame | Close): void {
    if (this.#isDestroyed || this.#isClosed) return;
    if (parcel.type === "frame") {
      this.#accept(parcel);
      return;
    }
    this.close(parcel.code, parcel.reason);
    this.#end(parcel.code, parcel.reason);
  }

  #end(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isClosing = true;
    this.#wire.ended(this);
    this.#accept({ type: "close", code, reason });
  }

  #accept(parcel: Frame | Close): void {
    this.#incoming.push(parcel);
    if (this.#receiver !== undefined) this.#handOver();
  }

  /** Hands the oldest arrival over; called once for each. */
  #handOver(): void {
    const parcel = this.#incoming.shift();
    if (parcel?.type === "frame") this.#receiver?.frame(parcel.bytes);
    if (parcel?.type === "close") this.#receiver?.closed(parcel.code, parcel.reason);
  }
}
