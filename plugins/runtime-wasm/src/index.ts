import { workloadRuntimePoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { WasmRuntime } from "./runtime/wasm-runtime.ts";

export { errors } from "./errors.ts";
export { WasmRuntime } from "./runtime/wasm-runtime.ts";
export type { WasmSettings } from "./settings.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.contribute(workloadRuntimePoint, WasmRuntime);
});
