import { workloadRuntimeContract } from "@skerry/testing";
import { onTestFinished } from "vitest";
import manifest from "../src/plugin.json" with { type: "json" };
import { WasmNode } from "./wasm-node.ts";

workloadRuntimeContract({
  name: manifest.id,
  supports: manifest.supports,
  open: async () => {
    const node = await WasmNode.create();
    onTestFinished(() => node.remove());
    return {
      runtime: await node.boot(),
      handler: "wasm",
      program: (intent) => node.modules.program(intent),
      elapse: (ms) => node.elapse(ms),
      restart: (how) => node.restart(how),
    };
  },
});
