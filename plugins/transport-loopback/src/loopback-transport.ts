import { type Connection, type Listener, NodeInfo, type Peer, settingsToken, type Transport } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { LoopbackHub } from "./loopback-hub.ts";

export interface LoopbackSettings {
  readonly hub: string;
  readonly identity?: string;
}

export const LoopbackSettings = settingsToken<LoopbackSettings>();

/** Meets its peers in the hub its settings name. */
export class LoopbackTransport implements Transport {
  readonly #hub: LoopbackHub;
  readonly #self: Peer;

  constructor(@inject(LoopbackSettings) settings: LoopbackSettings, @inject(NodeInfo) node: NodeInfo) {
    this.#hub = LoopbackHub.named(settings.hub);
    this.#self = { identity: settings.identity ?? `system:node:${node.name}`, address: `loopback:${node.name}` };
  }

  connect(signal: AbortSignal): Promise<Connection> {
    return this.#hub.connect(this.#self, signal);
  }

  async listen(accept: (connection: Connection) => void): Promise<Listener> {
    return this.#hub.listen(this.#self, accept);
  }
}
