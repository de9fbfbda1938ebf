import { defineToken } from "@skerry/plugin";

/** Outgoing TCP for mappers. Whoever calls has checked the grant. */
export interface TcpNetwork {
  /**
   * Begins to connect; exactly one of `opened` or `closed` follows, later than this call.
   * After `closed` no handler is called.
   */
  connect(address: TcpAddress, handlers: TcpHandlers): TcpStream;
}

export interface TcpAddress {
  /** IP address or host name. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

export interface TcpHandlers {
  opened(): void;
  data(bytes: Uint8Array): void;
  /** Called once. `reason` is absent when the peer closed in order or `close` was called. */
  closed(reason?: string): void;
}

export interface TcpStream {
  /** Queues bytes; before `opened` they wait. Over `maximumQueuedBytes` unsent the stream is closed with a reason. */
  write(bytes: Uint8Array): void;
  /** Closes in order. Harmless when closed. */
  close(): void;
}

/** Unsent bytes a stream may hold. */
export const maximumQueuedBytes = 1024 * 1024;

export const TcpNetwork = defineToken<TcpNetwork>("io.tcp/1");
