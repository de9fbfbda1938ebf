import { transportContract } from "@skerry/testing";
import manifest from "../src/plugin.json" with { type: "json" };
import { identities, TransportWorld } from "./transport-world.ts";

transportContract({
  name: manifest.id,
  identities,
  open: async () => {
    const world = await TransportWorld.create();
    return {
      cloud: world.cloud(),
      edge: (address) => world.edge(address),
      rival: (address) => world.cloud({ port: Number(address.split(":").at(-1)) }),
      close: () => world[Symbol.asyncDispose](),
    };
  },
});
