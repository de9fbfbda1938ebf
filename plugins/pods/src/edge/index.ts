import { RuntimeCatalog, statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { EdgePods, EdgePodsToken } from "./edge-pods.ts";
import manifest from "./plugin.json" with { type: "json" };
import { NodeProbeNetwork } from "./probes/network/node-probe-network.ts";
import { ProbeNetwork } from "./probes/probe-network.ts";
import { Runtimes } from "./runtimes.ts";
import { TokenKeeper, TokenKeeperToken } from "./tokens/token-keeper.ts";
import { TokenStore, TokenStoreToken } from "./tokens/token-store.ts";
import { WorkloadsSection } from "./workloads-section.ts";

export { EdgePods } from "./edge-pods.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(ProbeNetwork, NodeProbeNetwork);
  scope.bind(EdgePodsToken, EdgePods);
  scope.bind(TokenStoreToken, TokenStore);
  scope.bind(TokenKeeperToken, TokenKeeper);
  scope.run(EdgePods);
  scope.provide(RuntimeCatalog, Runtimes);
  scope.contribute(statusSectionPoint, WorkloadsSection);
});
