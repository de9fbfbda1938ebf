import { commandPoint, KubeApi } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { ApplyCommand } from "./apply/apply-command.ts";
import { ObjectApplier, ObjectApplierToken } from "./apply/object-applier.ts";
import { Discovery, DiscoveryToken } from "./discovery/discovery.ts";
import { GetCommand } from "./get/get-command.ts";
import { KubeHttp, KubeHttpToken } from "./http/kube-http.ts";
import { KubeClient } from "./kube-client.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(KubeHttpToken, KubeHttp);
  scope.bind(DiscoveryToken, Discovery);
  scope.bind(ObjectApplierToken, ObjectApplier);
  scope.provide(KubeApi, KubeClient);
  scope.contribute(commandPoint, ApplyCommand);
  scope.contribute(commandPoint, GetCommand);
});
