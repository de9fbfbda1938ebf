import { defineToken } from "@skerry/plugin";

/**
 * Carries frames between an edge and a cloud kernel. Both ends are authenticated before either sees a
 * connection.
 */
export interface Transport {
  /** Dials the cloud. Rejects with `SKERRY_TRANSPORT_UNREACHABLE`, `…_REFUSED` or `…_UNTRUSTED`, or the abort reason. */
  connect(signal: AbortSignal): Promise<Connection>;
  /** Accepts edges until the listener is closed. Rejects with `SKERRY_TRANSPORT_ADDRESS_IN_USE`. */
  listen(accept: (connection: Connection) => void): Promise<Listener>;
}

export interface Listener {
  /** Where it listens, `host:port` or a name. */
  readonly address: string;
  /** Stops accepting and closes what was accepted with code 1001. */
  close(): Promise<void>;
}

/**
 * One ordered, reliable, message-preserving connection. Frames arrive once, whole and in order, or the
 * connection closes.
 */
export interface Connection {
  readonly peer: Peer;
  /**
   * Sends one frame. The bytes must not be changed afterwards. After the close it does nothing.
   *
   * @param taken called once the network has taken the frame, never before `send` returned; not called for what is
   * still waiting when the connection ends
   */
  send(frame: Uint8Array, taken?: () => void): void;
  /** Sets who receives. Frames that came earlier are kept and delivered first. Called once. */
  receive(receiver: ConnectionReceiver): void;
  /** Closes after what was sent; `closed` follows. Closing twice is harmless. */
  close(code: number, reason: string): void;
  /** Drops the connection at once, without a closing handshake. */
  destroy(): void;
}

export interface ConnectionReceiver {
  frame(bytes: Uint8Array): void;
  /** Called exactly once. Code 1006: lost without a closing handshake; 1009: the peer's frame was over the budget. */
  closed(code: number, reason: string): void;
}

export interface Peer {
  /** Common name of the peer's certificate, for instance `system:node:edge-1`. */
  readonly identity: string;
  readonly address: string;
  /** Serial number of that certificate, in upper-case hexadecimal, where the transport has certificates. */
  readonly serial?: string;
}

/** Largest frame either end accepts, in bytes. A larger one closes the connection with 1009. */
export const maximumFrameBytes = 2 * 1024 * 1024;

export const Transport = defineToken<Transport>("transport.transport/1");
