import type { Clock, Connection, Timer } from "@skerry/contracts";
import { closeCodes } from "../wire/close-codes.ts";
import type { Credit, Frame } from "../wire/frames.ts";
import { decodeHandshake, type Hello, type Welcome } from "../wire/handshake.ts";
import { decodeMessage, isHeartbeat, nextCount } from "../wire/message.ts";
import { Heartbeat } from "./heartbeat.ts";
import { LaneReceiver } from "./lane-receiver.ts";
import { LaneSender } from "./lane-sender.ts";

/** How long the other side may take to answer a close. */
const closeWithinMs = 1_000;

/** What a frame takes of its lane's credit until it is done with. */
export interface Cost {
  readonly lane: number;
  readonly bytes: number;
}

export interface FrameReceiver {
  handshake(message: Hello | Welcome): void;
  /** Whoever is done with the frame says so to {@link FramedConnection.consumed}. */
  frame(frame: Exclude<Frame, Credit>, cost: Cost): void;
  /** Called once, whichever side ended it. */
  closed(code: number, reason: string): void;
}

/**
 * A connection that carries a handshake, then frames on lanes, and watches for silence. What cannot be decoded ends it
 * with `malformed`, and harms nothing else.
 */
export class FramedConnection {
  readonly peer: Connection["peer"];
  readonly sender: LaneSender;
  readonly receiver: LaneReceiver;
  readonly #connection: Connection;
  readonly #clock: Clock;
  #heartbeat: Heartbeat | undefined;
  /** Of the next message that comes. */
  #count = 0;
  #ended: { readonly code: number; readonly reason: string } | undefined;
  #closing: Timer | undefined;

  constructor(connection: Connection, clock: Clock, receiver: FrameReceiver) {
    this.peer = connection.peer;
    this.#connection = connection;
    this.#clock = clock;
    this.sender = new LaneSender((message, taken) => {
      this.#heartbeat?.sent();
      connection.send(message, taken);
    }, clock);
    this.receiver = new LaneReceiver((lane, bytes) => this.send({ type: "credit", lane, bytes }));
    connection.receive({
      frame: (bytes) => this.#received(bytes, receiver),
      closed: (code, reason) => {
        this.#heartbeat?.[Symbol.dispose]();
        this.#closing?.[Symbol.dispose]();
        this.sender.stop();
        this.#ended ??= { code, reason };
        receiver.closed(this.#ended.code, this.#ended.reason);
      },
    });
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  /** The first message of this side. */
  sendHandshake(message: Uint8Array): void {
    if (this.isOpen) this.#connection.send(message);
  }

  /** Both sides know the version: from now on there are lanes and heartbeats. */
  establish(heartbeatMs: number): void {
    this.#heartbeat ??= new Heartbeat(this.#clock, heartbeatMs, {
      ping: () => this.sender.heartbeat(),
      silent: () => this.#abandon(closeCodes.silent, "nothing was heard for two heartbeats"),
    });
  }

  send(frame: Frame): void {
    if (this.isOpen) this.sender.push(frame);
  }

  /** A frame was dealt with: its sender may send as much again. */
  consumed({ lane, bytes }: Cost): void {
    if (this.isOpen) this.receiver.consumed(lane, bytes);
  }

  /** Ends it in order, telling the other side why; one that does not answer is dropped. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#ended = { code, reason };
    this.sender.stop();
    this.#connection.close(code, reason);
    this.#closing = this.#clock.after(closeWithinMs, () => this.#connection.destroy());
  }

  #received(bytes: Uint8Array, receiver: FrameReceiver): void {
    if (!this.isOpen) return;
    if (!this.#heartbeat) {
      const message = decodeHandshake(bytes);
      return message
        ? receiver.handshake(message)
        : this.#malformed(`a first message of ${bytes.length} bytes is no handshake`);
    }
    this.#heartbeat.received();
    const message = decodeMessage(bytes);
    if (!message) return this.#malformed(`a message of ${bytes.length} bytes could not be decoded`);
    if (message.count !== this.#count) return this.#malformed(`message ${message.count} instead of ${this.#count}`);
    this.#count = nextCount(this.#count);
    if (isHeartbeat(message)) return;
    const received = this.receiver.receive(message);
    if (received.type === "problem") return this.#malformed(received.problem);
    if (received.type === "part") return;
    const { frame, lane, bytes: size } = received;
    if (frame.type === "credit") this.sender.grant(frame.lane, frame.bytes);
    else receiver.frame(frame, { lane, bytes: size });
  }

  #malformed(reason: string): void {
    this.close(closeCodes.malformed, reason);
  }

  /** The other side does not answer: a closing handshake would wait for it in vain. */
  #abandon(code: number, reason: string): void {
    this.#ended = { code, reason };
    this.sender.stop();
    this.#connection.destroy();
  }
}
