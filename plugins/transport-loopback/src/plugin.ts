import { Transport } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { LoopbackTransport } from "./loopback-transport.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.provide(Transport, LoopbackTransport);
});
