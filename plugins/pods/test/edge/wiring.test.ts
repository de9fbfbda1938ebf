import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeInfo, Replica, RuntimeCatalog, Sealer, Storage, Uplink, workloadRuntimePoint } from "@skerry/contracts";
import { definePlugin, inject } from "@skerry/plugin";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeReplica, FakeSealer, FakeUplink, FakeWorkloadRuntime, startTestNode } from "@skerry/testing";
import { expect, it, onTestFinished, vi } from "vitest";
import { EdgePods, plugin } from "../../src/edge/index.ts";
import { WorkloadsSection } from "../../src/edge/workloads-section.ts";
import { container, EdgeWorld, podObject, runtimeClass } from "./edge-world.ts";

const manifest = {
  id: "runtime-fake",
  summary: "A runtime.",
  sdk: "^0.1.0",
  requires: ["kernel.node-info/1"],
  contributes: ["workloads.runtime/1"],
};

class Runtime extends FakeWorkloadRuntime {
  constructor(@inject(NodeInfo) node: NodeInfo) {
    super({ name: `fake-on-${node.name}` });
  }
}

it("boots as a plugin with the runtimes that others contribute, and runs a Pod without a cloud", async () => {
  const home = await mkdtemp(join(tmpdir(), "skerry-pods-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const [replica, uplink] = [new FakeReplica(), new FakeUplink()];
  replica.put(runtimeClass);
  replica.put(podObject());
  await using node = await startTestNode({
    plugins: [definePlugin(manifest, (scope) => scope.contribute(workloadRuntimePoint, Runtime)), plugin],
    with: [
      [Replica, replica],
      [Uplink, uplink],
      [Sealer, new FakeSealer()],
      [Storage, new MemoryStorage(new MemoryDisk())],
    ],
    node: { name: "edge-1", home },
  });
  expect(node.service(RuntimeCatalog).list()).toEqual([
    { name: "fake-on-edge-1", version: "0.0.0-test", handlers: ["wasm"], isConfined: true },
  ]);
  await vi.waitFor(() =>
    expect(uplink.latest("pod", "default/web/uid-1")).toMatchObject({ status: { phase: "Running" } }),
  );
});

it("shows the Pods in skerry status, by name, with what is wrong", async () => {
  const crashing = podObject({ restartPolicy: "OnFailure" }, { name: "a", uid: "uid-2" });
  const world = await EdgeWorld.start(podObject(), crashing);
  expect(world.pods).toBeInstanceOf(EdgePods);
  for (let crash = 0; crash < 2; crash += 1) await world.crash("uid-2", 3);
  await world.put(podObject({ containers: [container({ image: "no:1" })] }, { name: "z", uid: "uid-3" }));
  const { data, lines } = await new WorkloadsSection(world.pods).collect();
  expect(lines).toEqual([
    "default/a    Running (CrashLoopBackOff), ready 0/1, restarts 1, fake",
    "default/web  Running, ready 1/1, restarts 0, fake",
    "default/z    Pending (ErrImagePull), ready 0/1, restarts 0",
  ]);
  expect(data).toMatchObject([
    { pod: "default/a", phase: "Running", ready: "0/1", restarts: 1, runtime: "fake" },
    {},
    {},
  ]);
});
