import { connect, type Socket } from "node:net";
import {
  type Clock,
  maximumQueuedBytes,
  type TcpAddress,
  type TcpHandlers,
  type TcpStream,
  type Timer,
} from "@skerry/contracts";
import { peerName, tcpReason } from "./tcp-reason.ts";

/** Bytes queued before `close` have this long to leave. */
const lingerMs = 2000;
/** Idle connections are probed after this long, so that a vanished device is noticed. */
const keepAliveMs = 30_000;

export interface NodeTcpStreamOptions {
  readonly address: TcpAddress;
  readonly handlers: TcpHandlers;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  /** Called just before `handlers.closed`. */
  readonly released: (stream: NodeTcpStream) => void;
}

/** One connection: opening, open, closing (no more data for the handlers), closed (no handlers). */
export class NodeTcpStream implements TcpStream {
  readonly #options: NodeTcpStreamOptions;
  readonly #peer: string;
  readonly #socket: Socket;
  #handlers: TcpHandlers | undefined;
  #timer: Timer;
  #isClosing = false;

  /** Begins to connect. Throws what `node:net` throws for an impossible address. */
  constructor(options: NodeTcpStreamOptions) {
    const { address, handlers, clock, connectTimeoutMs } = options;
    this.#options = options;
    this.#peer = peerName(address);
    this.#handlers = handlers;
    this.#socket = connect({
      host: address.host,
      port: address.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
    });
    this.#timer = clock.after(connectTimeoutMs, () =>
      this.#finish(`no answer from ${this.#peer} within ${connectTimeoutMs} ms (ETIMEDOUT)`),
    );
    this.#socket.on("connect", () => this.#opened());
    this.#socket.on("data", (bytes) => this.#received(bytes));
    this.#socket.on("end", () => this.#finish());
    this.#socket.on("error", (error) => this.#finish(this.#isClosing ? undefined : tcpReason(error, this.#peer)));
    this.#socket.on("close", () => this.#finish());
  }

  write(bytes: Uint8Array): void {
    if (this.#isClosing || this.#handlers === undefined) {
      return;
    }
    if (this.#socket.writableLength + bytes.length > maximumQueuedBytes) {
      this.#isClosing = true;
      queueMicrotask(() => this.#finish(`${this.#peer} takes bytes too slowly: more than ${maximumQueuedBytes} wait`));
      return;
    }
    this.#socket.write(Buffer.from(bytes));
  }

  close(): void {
    if (this.#isClosing || this.#handlers === undefined) {
      return;
    }
    this.#isClosing = true;
    this.#timer[Symbol.dispose]();
    if (this.#socket.connecting) {
      this.#socket.destroy();
    } else {
      this.#timer = this.#options.clock.after(lingerMs, () => this.#socket.destroy());
      this.#socket.destroySoon();
    }
  }

  /** Closes at once, whatever is queued. */
  abort(reason: string): void {
    this.#finish(reason);
  }

  #opened(): void {
    if (!this.#isClosing) {
      this.#timer[Symbol.dispose]();
      this.#handlers?.opened();
    }
  }

  #received(bytes: Buffer): void {
    if (!this.#isClosing) {
      this.#handlers?.data(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    }
  }

  #finish(reason?: string): void {
    const handlers = this.#handlers;
    if (handlers === undefined) {
      return;
    }
    this.#handlers = undefined;
    this.#timer[Symbol.dispose]();
    this.#socket.destroy();
    this.#options.released(this);
    handlers.closed(reason);
  }
}
