import { settingsToken, Transport } from "@skerry/contracts";
import { definePlugin, inject, type Plugin } from "@skerry/plugin";
import { LoopbackHub } from "./loopback-hub.ts";
import { LoopbackTransport } from "./loopback-transport.ts";
import manifest from "./plugin.json" with { type: "json" };

export interface LoopbackSettings {
  readonly hub: string;
  readonly identity: string;
  readonly address: string;
}

const LoopbackSettings = settingsToken<LoopbackSettings>();

/** Meets its peers in the hub that its settings name. */
export const plugin = transportLoopback(({ hub }) => LoopbackHub.named(hub));

/** The same plugin over a hub of the caller's, who can then break it. */
export function transportLoopbackOn(hub: LoopbackHub): Plugin {
  return transportLoopback(() => hub);
}

function transportLoopback(hubOf: (settings: LoopbackSettings) => LoopbackHub): Plugin {
  class ConfiguredTransport extends LoopbackTransport {
    constructor(@inject(LoopbackSettings) settings: LoopbackSettings) {
      super(hubOf(settings), settings.identity, settings.address);
    }
  }
  return definePlugin(manifest, (scope) => scope.provide(Transport, ConfiguredTransport));
}
