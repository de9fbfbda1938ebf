import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { PacketGuard } from "./packet-guard.ts";

/** Beyond this, whoever can wait (the delivery of retained messages) does. */
const highWaterMark = 64 * 1024;

/** A client's socket, which ends before it delivers the first byte of an oversized packet's body. */
export class BoundedConnection extends Duplex {
  readonly #socket: Socket;
  readonly #guard: PacketGuard;

  /** @param maximumPacketBytes largest remaining length of a packet */
  constructor(socket: Socket, maximumPacketBytes: number) {
    super({ highWaterMark });
    this.#socket = socket;
    this.#guard = new PacketGuard(maximumPacketBytes);
    socket.setNoDelay(true);
    socket.pause();
    socket.on("data", (bytes) => this.#received(bytes));
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(bytes, done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #received(bytes: Buffer): void {
    const problem = this.#guard.accept(bytes);
    if (problem !== undefined) {
      this.destroy(new Error(problem));
    } else if (!this.push(bytes)) {
      this.#socket.pause();
    }
  }
}
