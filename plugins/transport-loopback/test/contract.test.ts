import type { NodeInfo } from "@skerry/contracts";
import { transportContract } from "@skerry/testing";
import { LoopbackTransport } from "../src/index.ts";
import manifest from "../src/plugin.json" with { type: "json" };

let hubs = 0;

transportContract({
  name: manifest.id,
  open: async () => {
    hubs += 1;
    const hub = `contract-${hubs}`;
    const transport = (name: string) => new LoopbackTransport({ hub }, node(name));
    return { cloud: transport("cloud"), edge: () => transport("edge-1"), rival: () => transport("rival") };
  },
  identities: { cloud: "system:node:cloud", edge: "system:node:edge-1" },
});

function node(name: string): NodeInfo {
  return { name, profile: "test", home: "/nonexistent", version: "0.0.0-test" };
}
