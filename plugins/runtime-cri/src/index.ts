import { workloadRuntimePoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { CriRuntime } from "./runtime/cri-runtime.ts";

export { CriRuntime } from "./runtime/cri-runtime.ts";
export type { CriSettings } from "./settings.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.contribute(workloadRuntimePoint, CriRuntime);
});
