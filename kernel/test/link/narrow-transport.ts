import type { Clock, Connection, Listener, Transport } from "@skerry/contracts";

export interface Way {
  readonly bytesPerMs: number;
  readonly delayMs: number;
  /** What the operating system takes before it makes a sender wait. */
  readonly socketBytes: number;
}

/** A transport whose messages stand in a queue, take their time on a way of limited width, and arrive later. */
export class NarrowTransport implements Transport {
  readonly #inner: Transport;
  readonly #clock: Clock;
  readonly #way: Way;

  constructor(inner: Transport, clock: Clock, way: Way) {
    this.#inner = inner;
    this.#clock = clock;
    this.#way = way;
  }

  async connect(signal: AbortSignal): Promise<Connection> {
    return this.#narrow(await this.#inner.connect(signal));
  }

  listen(accept: (connection: Connection) => void): Promise<Listener> {
    return this.#inner.listen((connection) => accept(this.#narrow(connection)));
  }

  #narrow(connection: Connection): Connection {
    const { bytesPerMs, delayMs, socketBytes } = this.#way;
    const clock = this.#clock;
    /** When the way is free again, in milliseconds. */
    let freeAt = 0;
    const send = (message: Uint8Array, taken?: () => void): void => {
      const now = clock.monotonic();
      freeAt = Math.max(now, freeAt) + message.length / bytesPerMs;
      const hasRoomAt = freeAt - socketBytes / bytesPerMs;
      if (hasRoomAt <= now) queueMicrotask(() => taken?.());
      else clock.after(hasRoomAt - now, () => taken?.());
      clock.after(freeAt - now + delayMs, () => connection.send(message));
    };
    return {
      peer: connection.peer,
      send,
      receive: (receiver) => connection.receive(receiver),
      close: (code, reason) => connection.close(code, reason),
      destroy: () => connection.destroy(),
    };
  }
}
