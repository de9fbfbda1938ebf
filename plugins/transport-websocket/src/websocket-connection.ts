import {
  type Clock,
  type Connection,
  type ConnectionReceiver,
  type Logger,
  maximumFrameBytes,
  type Peer,
  type Timer,
} from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { type RawData, WebSocket } from "ws";
import { shortReason } from "./close-reason.ts";
import { errors } from "./errors.ts";
import { closeWithinMs, earlyBytes } from "./limits.ts";

export interface ConnectionParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** Called just before the receiver's `closed`, or in its place when there is no receiver. */
  readonly ended: (connection: WebSocketConnection) => void;
}

interface Close {
  readonly code: number;
  readonly reason: string;
}

/** One open WebSocket. Before there is a receiver it reads little more than `earlyBytes` from the network. */
export class WebSocketConnection implements Connection {
  readonly peer: Peer;
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts;
  #receiver: ConnectionReceiver | undefined;
  /** What came before the receiver. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #closed: Close | undefined;
  /** Why we end it, when the closing handshake would not say so. */
  #failure: Close | undefined;
  /** The receiver has got what was early. */
  #isReady = false;
  #isClosing = false;
  /** Nothing more is delivered: a frame was refused, or the connection destroyed. */
  #isDeaf = false;
  #deadline: Timer | undefined;

  /** @param socket just opened: nothing was read from it */
  constructor(socket: WebSocket, peer: Peer, parts: ConnectionParts) {
    this.#socket = socket;
    this.peer = peer;
    this.#parts = parts;
    socket.on("message", (data, isBinary) => this.#arrived(data, isBinary));
    socket.on("error", (error) => this.#failed(error));
    socket.on("close", (code, reason) => this.#ended({ code, reason: reason.toString() }));
  }

  send(frame: Uint8Array, taken?: () => void): void {
    if (this.#isClosing || this.#socket.readyState !== WebSocket.OPEN) return;
    if (frame.byteLength > maximumFrameBytes) {
      this.close(1009, `a frame of ${frame.byteLength} bytes is over the budget of ${maximumFrameBytes}`);
      return;
    }
    this.#socket.send(frame, (error) => {
      if (!error) taken?.();
    });
  }

  receive(receiver: ConnectionReceiver): void {
    if (this.#receiver !== undefined) {
      throw errors.create("SKERRY_TRANSPORT_RECEIVER_SET", { peer: this.peer.identity });
    }
    this.#receiver = receiver;
    queueMicrotask(() => {
      this.#isReady = true;
      for (const frame of this.#early.splice(0)) this.#deliver(frame);
      if (this.#closed === undefined) this.#socket.resume();
      else receiver.closed(this.#closed.code, this.#closed.reason);
    });
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.close(code, shortReason(reason));
    this.#awaitEnd();
  }

  destroy(): void {
    this.#isClosing = true;
    this.#isDeaf = true;
    this.#early = [];
    this.#socket.terminate();
  }

  /** The other side's answer has to be read, though frames that nobody receives are dropped, and has to come in time. */
  #awaitEnd(): void {
    this.#socket.resume();
    this.#deadline ??= this.#parts.clock.after(closeWithinMs, () => this.#socket.terminate());
  }

  #arrived(data: RawData, isBinary: boolean): void {
    if (this.#isDeaf) return;
    if (!isBinary || !(data instanceof Uint8Array)) {
      this.#isDeaf = true;
      this.close(1003, "only binary messages are accepted");
    } else if (this.#isReady) {
      this.#deliver(data);
    } else if (!this.#isClosing) {
      this.#keep(data);
    }
  }

  #keep(frame: Uint8Array): void {
    this.#early.push(frame);
    // Empty frames take room as well.
    this.#earlyBytes += frame.byteLength + 64;
    if (this.#earlyBytes > earlyBytes) this.#socket.pause();
  }

  #deliver(frame: Uint8Array): void {
    if (this.#isDeaf) return;
    try {
      this.#receiver?.frame(frame);
    } catch (error) {
      this.#parts.log.error("the receiver of a connection failed; closing it", { peer: this.peer.identity, error });
      this.#isDeaf = true;
      this.close(1011, "internal error");
    }
  }

  /** A frame breaks the protocol, or one could not be written; `ws` has begun to close. */
  #failed(error: Error): void {
    this.#isClosing = true;
    this.#failure ??= failureOf(error);
    this.#awaitEnd();
  }

  #ended(close: Close): void {
    this.#isClosing = true;
    this.#closed = this.#failure ?? close;
    this.#deadline?.[Symbol.dispose]();
    this.#parts.ended(this);
    if (this.#isReady) this.#receiver?.closed(this.#closed.code, this.#closed.reason);
  }
}

function failureOf(error: Error): Close {
  const code = errorCode(error) ?? "";
  if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") {
    return { code: 1009, reason: `the peer's frame is over the budget of ${maximumFrameBytes}` };
  }
  const isProtocol = code.startsWith("WS_ERR_");
  return { code: isProtocol ? 1002 : 1006, reason: shortReason(`${errorMessage(error)} (${code})`) };
}
