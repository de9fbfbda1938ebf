import { KubeEndpoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { KubeconfigEndpoint } from "./kubeconfig-endpoint.ts";
import manifest from "./plugin.json" with { type: "json" };
import { EnvironmentToken, ProcessEnvironment } from "./process-environment.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(EnvironmentToken, ProcessEnvironment);
  scope.provide(KubeEndpoint, KubeconfigEndpoint);
});
