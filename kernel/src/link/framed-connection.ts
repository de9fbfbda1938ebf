import type { Clock, Connection, Timer } from "@skerry/contracts";
import { decodeFrame } from "./decode.ts";
import { encodeFrame } from "./encode.ts";
import { closeCodes, type Frame } from "./frames.ts";
import { Heartbeat } from "./heartbeat.ts";

/** How long the other side may take to answer a close. */
const closeWithinMs = 1_000;

export interface FrameReceiver {
  /** @param bytes its size on the wire */
  frame(frame: Frame, bytes: number): void;
  /** Called once, whichever side ended it. */
  closed(code: number, reason: string): void;
}

/**
 * A connection that carries frames and watches for silence. What cannot be decoded ends it with
 * `malformed`, and harms nothing else.
 */
export class FramedConnection {
  readonly peer: Connection["peer"];
  readonly #connection: Connection;
  readonly #heartbeat: Heartbeat;
  readonly #clock: Clock;
  #ended: { readonly code: number; readonly reason: string } | undefined;
  #closing: Timer | undefined;

  constructor(connection: Connection, clock: Clock, heartbeatMs: number, receiver: FrameReceiver) {
    this.peer = connection.peer;
    this.#connection = connection;
    this.#clock = clock;
    this.#heartbeat = new Heartbeat(clock, heartbeatMs, {
      ping: () => this.send({ type: "ping" }),
      silent: () => this.#abandon(closeCodes.silent, "nothing was heard for two heartbeats"),
    });
    connection.receive({
      frame: (bytes) => this.#received(bytes, receiver),
      closed: (code, reason) => {
        this.#heartbeat[Symbol.dispose]();
        this.#closing?.[Symbol.dispose]();
        this.#ended ??= { code, reason };
        receiver.closed(this.#ended.code, this.#ended.reason);
      },
    });
  }

  /** Bytes that wait for the network. */
  get buffered(): number {
    return this.#connection.buffered;
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  /** The interval that the handshake agreed on. */
  setHeartbeat(heartbeatMs: number): void {
    this.#heartbeat.agree(heartbeatMs);
  }

  send(frame: Frame): void {
    if (!this.isOpen) return;
    this.#heartbeat.sent();
    this.#connection.send(encodeFrame(frame));
  }

  /** Ends it in order, telling the other side why; one that does not answer is dropped. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#ended = { code, reason };
    this.#connection.close(code, reason);
    this.#closing = this.#clock.after(closeWithinMs, () => this.#connection.destroy());
  }

  #received(bytes: Uint8Array, receiver: FrameReceiver): void {
    if (!this.isOpen) return;
    this.#heartbeat.received();
    const frame = decodeFrame(bytes);
    if (!frame) this.close(closeCodes.malformed, `a frame of ${bytes.length} bytes could not be decoded`);
    else if (frame.type !== "ping") receiver.frame(frame, bytes.length);
  }

  /** The other side does not answer: a closing handshake would wait for it in vain. */
  #abandon(code: number, reason: string): void {
    this.#ended = { code, reason };
    this.#connection.destroy();
  }
}
