import { Sealer, type WorkloadRuntime, workloadRuntimePoint } from "@skerry/contracts";
import { type Contributions, definePlugin, inject } from "@skerry/plugin";
import { plugin as storage } from "@skerry/storage-memory";
import { FakeSealer, startTestNode } from "@skerry/testing";
import { expect, it, onTestFinished } from "vitest";
import { plugin } from "../src/index.ts";
import { WasmNode } from "./wasm-node.ts";

let runtimes: readonly WorkloadRuntime[] = [];

class Owner {
  readonly #runtimes: Contributions<WorkloadRuntime>;

  constructor(@inject(workloadRuntimePoint.contributions) contributions: Contributions<WorkloadRuntime>) {
    this.#runtimes = contributions;
  }

  async start(): Promise<void> {
    runtimes = this.#runtimes.all().map(({ value }) => value);
  }
}

const owner = definePlugin(
  { id: "owner-test", summary: "Looks", sdk: "^0.1.0", extensionPoints: [workloadRuntimePoint.id] } as { id: string },
  (scope) => scope.run(Owner),
);

it("boots as a plugin, answers for the handler wasm", async () => {
  const node = await WasmNode.create();
  onTestFinished(() => node.remove());
  const kernel = await startTestNode({
    plugins: [storage, plugin, owner],
    with: [[Sealer, new FakeSealer()]],
    node: { home: node.home, programs: node.programs, version: "1.2.3" },
  });
  onTestFinished(() => kernel.stop());
  expect(runtimes.map(({ info }) => info)).toEqual([
    { name: "skerry-wasm", version: "1.2.3", handlers: ["wasm"], isConfined: true },
  ]);
  expect(await runtimes[0]?.containers()).toEqual([]);
});
