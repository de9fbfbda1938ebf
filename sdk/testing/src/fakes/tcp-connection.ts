import { maximumQueuedBytes, type TcpHandlers, type TcpStream } from "@skerry/contracts";
import type { TcpPeer } from "../contracts/tcp-network.ts";

/** The far end of a connection in a `FakeTcpNetwork`. */
export interface FakeTcpPeer extends TcpPeer {
  /** Takes what waited, and what comes. */
  resumeReading(): void;
}

/** `closing`: the caller asked for the end, or sent too much. */
type State = "opening" | "open" | "closing" | "closed";

/** One simulated connection, seen from the caller. Each step is a microtask, in the order they were caused. */
export class FakeTcpConnection implements TcpStream {
  readonly #name: string;
  readonly #handlers: TcpHandlers;
  readonly #released: () => void;
  readonly #peer: FakeTcpPeer;
  #state: State = "opening";
  #waiting: Uint8Array[] = [];
  #isPeerReading = true;
  #peerData: (bytes: Uint8Array) => void = () => undefined;
  #peerClosed: () => void = () => undefined;

  /** @param released called just before `handlers.closed` */
  constructor(name: string, handlers: TcpHandlers, released: () => void) {
    this.#name = name;
    this.#handlers = handlers;
    this.#released = released;
    this.#peer = this.#makePeer();
  }

  /** Opens, in a microtask. */
  open(accept: (peer: FakeTcpPeer) => void): void {
    queueMicrotask(() => {
      if (this.#state !== "opening") return;
      this.#state = "open";
      accept(this.#peer);
      this.#handlers.opened();
      this.#flush();
    });
  }

  /** Closes in a microtask, without a reason when that was the caller's wish. */
  fail(reason: string): void {
    const isWished = this.#state === "closing";
    queueMicrotask(() => this.#finish(isWished ? undefined : reason));
  }

  write(bytes: Uint8Array): void {
    if (this.#state !== "opening" && this.#state !== "open") return;
    const waiting = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    if (waiting + bytes.length > maximumQueuedBytes) {
      this.fail(`${this.#name} takes bytes too slowly: more than ${maximumQueuedBytes} wait`);
      this.#state = "closing";
      this.#waiting = [];
      return;
    }
    this.#waiting.push(Uint8Array.from(bytes));
    this.#flush();
  }

  close(): void {
    if (this.#state !== "opening" && this.#state !== "open") return;
    this.#state = "closing";
    queueMicrotask(() => this.#finish());
  }

  /** The connection breaks. */
  drop(): void {
    this.fail(`connection reset by ${this.#name} (ECONNRESET)`);
  }

  #makePeer(): FakeTcpPeer {
    return {
      send: (bytes) => {
        const copy = Uint8Array.from(bytes);
        queueMicrotask(() => {
          if (this.#state === "open") this.#handlers.data(copy);
        });
      },
      close: () => queueMicrotask(() => this.#finish()),
      drop: () => this.drop(),
      stopReading: () => {
        this.#isPeerReading = false;
      },
      resumeReading: () => {
        this.#isPeerReading = true;
        this.#flush();
      },
      onData: (handler) => {
        this.#peerData = handler;
      },
      onClosed: (handler) => {
        this.#peerClosed = handler;
      },
    };
  }

  #flush(): void {
    queueMicrotask(() => {
      while (this.#isPeerReading && (this.#state === "open" || this.#state === "closing")) {
        const bytes = this.#waiting.shift();
        if (bytes === undefined) return;
        this.#peerData(bytes);
      }
    });
  }

  #finish(reason?: string): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#released();
    this.#peerClosed();
    if (reason === undefined) this.#handlers.closed();
    else this.#handlers.closed(reason);
  }
}
