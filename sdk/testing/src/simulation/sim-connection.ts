import { type Connection, type ConnectionReceiver, maximumFrameBytes, type Peer } from "@skerry/contracts";
import type { Parcel, SimPipe } from "./sim-pipe.ts";
import type { SimWay } from "./sim-way.ts";

const longestReason = 123;

/** One end of a connection of a {@link SimNetwork}. */
export class SimConnection implements Connection {
  readonly peer: Peer;
  readonly #way: SimWay;
  readonly #ended: (connection: SimConnection) => void;
  readonly #incoming: Parcel[] = [];
  #pipe: SimPipe | undefined;
  #other: SimConnection | undefined;
  #receiver: ConnectionReceiver | undefined;
  #state: "open" | "closing" | "closed" | "gone" = "open";
  #isSilent = false;

  /** @param way to the other end */
  constructor(peer: Peer, way: SimWay, ended: (connection: SimConnection) => void) {
    this.peer = peer;
    this.#way = way;
    this.#ended = ended;
  }

  /** Called once, before anything is sent. */
  join(other: SimConnection, pipe: SimPipe): void {
    this.#other = other;
    this.#pipe = pipe;
  }

  /** Bytes on their way to the other end. */
  get buffered(): number {
    return this.#pipe?.buffered ?? 0;
  }

  send(frame: Uint8Array, taken?: () => void): void {
    if (this.#state !== "open") return;
    if (frame.byteLength > maximumFrameBytes)
      return this.close(1009, `a frame of ${frame.byteLength} bytes is over the budget of ${maximumFrameBytes}`);
    this.#pipe?.push({ type: "frame", bytes: Uint8Array.from(frame), taken });
  }

  receive(receiver: ConnectionReceiver): void {
    if (this.#receiver) throw new Error(`the connection with ${this.peer.identity} has a receiver already`);
    this.#receiver = receiver;
    queueMicrotask(() => this.#handOver());
  }

  close(code: number, reason: string): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(longestReason));
    this.#pipe?.push({ type: "close", code, reason: reason.slice(0, read) });
  }

  destroy(): void {
    if (this.#state === "closed" || this.#state === "gone") return;
    this.#pipe?.abandon();
    this.#incoming.length = 0;
    this.#way.tell(() => this.#other?.wasReset());
    this.#state = "closing";
    queueMicrotask(() => this.#end(1006, ""));
  }

  /** The process of this end died: its receiver hears nothing more. @param isSilent the machine cannot even say so */
  die(isSilent: boolean): void {
    const wasOpen = this.#state === "open" || this.#state === "closing";
    this.#state = "gone";
    this.#isSilent = isSilent;
    this.#incoming.length = 0;
    this.#pipe?.abandon();
    this.#ended(this);
    if (wasOpen && !isSilent) this.#way.tell(() => this.#other?.wasReset());
  }

  /** This end learns that the connection is lost. */
  wasReset(): void {
    this.#pipe?.abandon();
    this.#end(1006, "");
  }

  /** Something came from the other end. */
  arrive(parcel: Parcel): void {
    if (this.#state === "closed" || this.#state === "gone") {
      // A system answers for a connection it does not know with a reset: that is how the other end learns of a death.
      if (!this.#isSilent) this.#way.tell(() => this.#other?.wasReset());
      return;
    }
    if (parcel.type === "frame") return this.#accept(parcel);
    if (this.#state === "open") this.close(parcel.code, parcel.reason);
    this.#end(parcel.code, parcel.reason);
  }

  #end(code: number, reason: string): void {
    if (this.#state === "closed" || this.#state === "gone") return;
    this.#state = "closed";
    this.#ended(this);
    this.#accept({ type: "close", code, reason });
  }

  #accept(parcel: Parcel): void {
    this.#incoming.push(parcel);
    if (this.#receiver) this.#handOver();
  }

  #handOver(): void {
    for (let parcel = this.#incoming.shift(); parcel; parcel = this.#incoming.shift()) {
      if (parcel.type === "frame") this.#receiver?.frame(parcel.bytes);
      else this.#receiver?.closed(parcel.code, parcel.reason);
    }
  }
}
