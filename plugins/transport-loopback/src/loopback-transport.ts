import type { Connection, Listener, Transport } from "@skerry/contracts";
import type { Stoppable } from "@skerry/plugin";
import type { LoopbackHub } from "./loopback-hub.ts";

/** Meets its peers at an address of a hub. `stop` closes its listeners. */
export class LoopbackTransport implements Transport, Stoppable {
  readonly #hub: LoopbackHub;
  readonly #identity: string;
  readonly #address: string;
  readonly #listeners = new Set<Listener>();

  /**
   * @param identity what the other side sees as `peer.identity`
   * @param address where to listen or to connect to
   */
  constructor(hub: LoopbackHub, identity: string, address = "cloud") {
    this.#hub = hub;
    this.#identity = identity;
    this.#address = address;
  }

  connect(signal: AbortSignal): Promise<Connection> {
    return this.#hub.connect(
      { identity: this.#identity, address: `loopback:${this.#identity}` },
      this.#address,
      signal,
    );
  }

  async listen(accept: (connection: Connection) => void): Promise<Listener> {
    const listener = this.#hub.listen({ identity: this.#identity, address: this.#address }, accept);
    this.#listeners.add(listener);
    return listener;
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) await listener.close();
  }
}
