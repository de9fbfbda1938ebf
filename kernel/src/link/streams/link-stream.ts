import { Duplex } from "node:stream";
import type { Cost, FramedConnection } from "../lanes/framed-connection.ts";
import { budgets } from "../wire/budgets.ts";
import { streamLane } from "../wire/lanes.ts";

/** Beside the type byte of its frame, in one message. */
const chunkBytes = budgets.partBytes - 1;
const waitingBytes = 64 * 1024;

type Done = (error?: Error | null) => void;

/** One stream of a session, as Node has streams. What is read from it gives its sender credit. */
export class LinkStream extends Duplex {
  readonly #id: number;
  readonly #connection: FramedConnection;
  #unread: Cost[] = [];
  #whenSent: (() => void) | undefined;
  /** The other side has reset it, or is gone: there is nothing to tell it. */
  #isCut = false;

  constructor(id: number, connection: FramedConnection) {
    super({ readableHighWaterMark: waitingBytes, writableHighWaterMark: waitingBytes });
    this.#id = id;
    this.#connection = connection;
    connection.sender.whenIdle(streamLane(id), () => this.#sent());
  }

  /** Bytes came. */
  received(bytes: Uint8Array, cost: Cost): void {
    if (this.destroyed || this.push(bytes)) this.#connection.consumed(cost);
    else this.#unread.push(cost);
  }

  /** No more bytes come. */
  receivedEnd(): void {
    this.push(null);
  }

  /** The other side ended it at once, or is gone. */
  cut(error: Error): void {
    this.#isCut = true;
    this.destroy(error);
  }

  override _read(): void {
    for (const cost of this.#unread.splice(0)) this.#connection.consumed(cost);
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: Done): void {
    for (let start = 0; start < chunk.length; start += chunkBytes) {
      const bytes = chunk.subarray(start, start + chunkBytes);
      this.#connection.send({ type: "data", stream: this.#id, bytes });
    }
    if (this.#waiting < waitingBytes) done();
    else this.#whenSent = () => done();
  }

  override _final(done: Done): void {
    this.#connection.send({ type: "end", stream: this.#id });
    // Closing the lane would drop what waits there.
    if (this.#waiting === 0) done();
    else this.#whenSent = () => done();
  }

  override _destroy(error: Error | null, done: Done): void {
    const isOver = this.readableEnded && this.writableFinished;
    if (!isOver && !this.#isCut) {
      const message = (error?.message ?? "the stream was destroyed").slice(0, budgets.messageCharacters);
      this.#connection.send({ type: "reset", stream: this.#id, code: codeOf(error), message });
    }
    this.#unread = [];
    done(error);
  }

  get #waiting(): number {
    return this.#connection.sender.waiting(streamLane(this.#id));
  }

  #sent(): void {
    const sent = this.#whenSent;
    this.#whenSent = undefined;
    sent?.();
  }
}

function codeOf(error: Error | null): string {
  const code = error && "code" in error && typeof error.code === "string" ? error.code : "";
  return code.slice(0, budgets.codeBytes) || "SKERRY_LINK_STREAM_RESET";
}
