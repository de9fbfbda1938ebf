import { TcpNetwork } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { NodeTcpNetwork } from "./node-tcp-network.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.provide(TcpNetwork, NodeTcpNetwork);
});
