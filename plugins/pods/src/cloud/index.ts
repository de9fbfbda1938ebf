import { replicaInterestPoint, statusSectionPoint, uplinkReceiverPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { PodReceiver } from "./pod-receiver.ts";
import { PodsInterest } from "./pods-interest.ts";
import { PodsSection } from "./pods-section.ts";
import { RuntimeClassInstaller } from "./runtime-class.ts";

export { PodReceiver } from "./pod-receiver.ts";
export { PodsInterest } from "./pods-interest.ts";
export { RuntimeClassInstaller, wasmRuntimeClass } from "./runtime-class.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.run(RuntimeClassInstaller);
  scope.contribute(replicaInterestPoint, PodsInterest);
  scope.contribute(uplinkReceiverPoint, PodReceiver);
  scope.contribute(statusSectionPoint, PodsSection);
});
