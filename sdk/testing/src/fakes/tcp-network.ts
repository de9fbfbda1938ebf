import type { Clock, TcpAddress, TcpHandlers, TcpNetwork, TcpStream } from "@skerry/contracts";
import { FakeTcpConnection, type FakeTcpPeer } from "./tcp-connection.ts";

type Behaviour = { readonly accept: (peer: FakeTcpPeer) => void } | "silent";

export interface FakeTcpNetworkOptions {
  /** Without a clock, a silent address stays silent for ever. */
  readonly clock?: Clock;
  /** Default 5,000. */
  readonly connectTimeoutMs?: number;
}

/**
 * A network inside the process. Servers are functions; everything happens in microtasks, in order, so that it
 * follows a FakeClock. Addresses nobody serves refuse.
 */
export class FakeTcpNetwork implements TcpNetwork {
  /** Every address that was dialled, as `host:port`. */
  readonly dialled: string[] = [];
  readonly #options: FakeTcpNetworkOptions;
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #connections = new Map<FakeTcpConnection, string>();

  constructor(options: FakeTcpNetworkOptions = {}) {
    this.#options = options;
  }

  /** `accept` is called with the far end of each connection, when it opens. */
  serve(host: string, port: number, accept: (peer: FakeTcpPeer) => void): void {
    this.#behaviours.set(`${host}:${port}`, { accept });
  }

  /** The address neither answers nor refuses. */
  silence(host: string, port: number): void {
    this.#behaviours.set(`${host}:${port}`, "silent");
  }

  /** The address refuses, as all do at first. Open connections stay. */
  refuse(host: string, port: number): void {
    this.#behaviours.delete(`${host}:${port}`);
  }

  /** Breaks the open connections to the address, and all to any address by default. */
  drop(host?: string, port?: number): void {
    for (const [connection, peer] of [...this.#connections]) {
      if (host === undefined || peer === `${host}:${port}`) connection.drop();
    }
  }

  /** Connections that are open or opening. */
  get openConnections(): number {
    return this.#connections.size;
  }

  connect({ host, port }: TcpAddress, handlers: TcpHandlers): TcpStream {
    const peer = `${host}:${port}`;
    const connection = new FakeTcpConnection(peer, handlers, () => void this.#connections.delete(connection));
    this.#connections.set(connection, peer);
    this.dialled.push(peer);
    if (host === "" || !Number.isInteger(port) || port < 1 || port > 65_535) {
      connection.fail(`host "${host}" and port ${port} are no address`);
      return connection;
    }
    const behaviour = this.#behaviours.get(peer);
    if (behaviour === undefined) {
      connection.fail(`connection refused by ${peer} (ECONNREFUSED)`);
    } else if (behaviour === "silent") {
      const { clock, connectTimeoutMs = 5000 } = this.#options;
      clock?.after(connectTimeoutMs, () =>
        connection.fail(`no answer from ${peer} within ${connectTimeoutMs} ms (ETIMEDOUT)`),
      );
    } else {
      connection.open(behaviour.accept);
    }
    return connection;
  }
}
