import { transportContract } from "@skerry/testing";
import { LoopbackHub, LoopbackTransport } from "../src/index.ts";
import manifest from "../src/plugin.json" with { type: "json" };

const identities = { cloud: "skerry-cloud", edge: "system:node:edge-1" };

transportContract({
  name: manifest.id,
  identities,
  open: async () => {
    const hub = new LoopbackHub();
    return {
      cloud: new LoopbackTransport(hub, identities.cloud, "cloud"),
      edge: (address) => new LoopbackTransport(hub, identities.edge, address),
      rival: (address) => new LoopbackTransport(hub, "rival", address),
    };
  },
});
