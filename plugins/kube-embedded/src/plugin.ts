import { KubeEndpoint, statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { EmbeddedKubeEndpoint } from "./endpoint/embedded-kube-endpoint.ts";
import { Endpoint, KubernetesStatus } from "./endpoint/kubernetes-status.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(Endpoint, EmbeddedKubeEndpoint);
  scope.provide(KubeEndpoint, EmbeddedKubeEndpoint);
  scope.contribute(statusSectionPoint, KubernetesStatus);
});
