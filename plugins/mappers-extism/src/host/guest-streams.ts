import type { TcpAddress, TcpNetwork, TcpStream } from "@skerry/contracts";
import { abiLimits, type MapperEvent } from "@skerry/mapper";

export interface StreamOptions {
  /** What the device grants; anything else is refused. */
  readonly address: TcpAddress | undefined;
  readonly queuedBytes: number;
}

export interface StreamEvents {
  event(event: MapperEvent): void;
  /** Bytes that wait for the guest. */
  waiting(): number;
  dropStream(stream: number): void;
  /** The guest asked for what its device does not grant. */
  denied(url: string): void;
}

/** `tcp://host:port` as a grant reads: `open` compares with it, character by character. */
export function tcpUrl({ host, port }: TcpAddress): string {
  return `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The streams of one guest: opens what is granted, and turns what happens into events. */
export class GuestStreams {
  readonly #network: TcpNetwork;
  readonly #options: StreamOptions;
  readonly #events: StreamEvents;
  readonly #streams = new Map<number, TcpStream | undefined>();

  constructor(network: TcpNetwork, options: StreamOptions, events: StreamEvents) {
    this.#network = network;
    this.#options = options;
    this.#events = events;
  }

  open(stream: number, url: string): void {
    const { address } = this.#options;
    if (!address || url !== tcpUrl(address)) {
      this.#events.event({ type: "on_close", stream, reason: `the device does not grant ${url}` });
      this.#events.denied(url);
      return;
    }
    if (this.#streams.size >= abiLimits.streams) {
      this.#events.event({ type: "on_close", stream, reason: `more than ${abiLimits.streams} streams` });
      return;
    }
    this.#streams.set(stream, undefined);
    const connected = this.#network.connect(address, {
      opened: () => this.#whileOpen(stream, () => this.#events.event({ type: "on_open", stream })),
      data: (bytes) => this.#whileOpen(stream, () => this.#data(stream, bytes)),
      closed: (reason) =>
        this.#whileOpen(stream, () => {
          this.#streams.delete(stream);
          this.#events.event({ type: "on_close", stream, reason: reason ?? "" });
        }),
    });
    this.#streams.set(stream, connected);
  }

  /** What is written to a stream that has closed meanwhile is lost, as it would be on the wire. */
  write(stream: number, bytes: Uint8Array): void {
    this.#streams.get(stream)?.write(bytes);
  }

  /** Nothing more comes from it. */
  close(stream: number): void {
    const open = this.#streams.get(stream);
    this.#streams.delete(stream);
    this.#events.dropStream(stream);
    open?.close();
  }

  closeAll(): void {
    const open = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of open) stream?.close();
  }

  #data(stream: number, bytes: Uint8Array): void {
    if (this.#events.waiting() + bytes.length > this.#options.queuedBytes) {
      const open = this.#streams.get(stream);
      this.#streams.delete(stream);
      open?.close();
      this.#events.event({ type: "on_close", stream, reason: "the device sends faster than its mapper may read" });
      return;
    }
    for (let from = 0; from < bytes.length; from += abiLimits.chunkBytes) {
      this.#events.event({ type: "on_bytes", stream, bytes: bytes.subarray(from, from + abiLimits.chunkBytes) });
    }
  }

  #whileOpen(stream: number, act: () => void): void {
    if (this.#streams.has(stream)) act();
  }
}
