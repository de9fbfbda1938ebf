import {
  KubeApi,
  type ReplicaInterest,
  replicaInterestPoint,
  type UplinkReceiver,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { type Contributions, definePlugin, inject } from "@skerry/plugin";
import { FakeClock, FakeKubeApi, RecordingLogger, startTestNode } from "@skerry/testing";
import { describe, expect, it, vi } from "vitest";
import { plugin, RuntimeClassInstaller, wasmRuntimeClass } from "../../src/cloud/index.ts";
import { PodsSection } from "../../src/cloud/pods-section.ts";
import { nodeResource, podResource, runtimeClassResource } from "../../src/shared/pod-resources.ts";

const wasm = { name: "wasm" };

function installer(settings = { installRuntimeClass: true }) {
  const clock = new FakeClock();
  const kube = new FakeKubeApi(clock);
  const logger = new RecordingLogger();
  return { clock, kube, logger, installer: new RuntimeClassInstaller(kube, clock, logger, settings) };
}

describe("the RuntimeClass wasm", () => {
  it("is there after the start, once", async () => {
    const { kube, installer: first, logger } = installer();
    await first.start();
    expect(kube.peek(runtimeClassResource, wasm)).toMatchObject({
      handler: "wasm",
      scheduling: { nodeSelector: { "skerry.dev/edge": "true" } },
    });
    await first.start();
    expect(kube.requests.map(({ verb }) => verb)).toEqual(["get", "create", "get"]);
    expect(logger.records).toEqual([]);
  });

  it("of somebody else is left alone, with a line in the log", async () => {
    const { kube, installer: first, logger } = installer();
    const theirs = kube.seed({ ...wasmRuntimeClass, handler: "spin" }, runtimeClassResource);
    await first.start();
    expect(kube.peek(runtimeClassResource, wasm)).toEqual(theirs);
    expect(logger.records).toMatchObject([{ level: "info", fields: { differs: ["handler"] } }]);
  });

  it("comes when the API can be reached, and the start does not wait for that", async () => {
    const { clock, kube, installer: first, logger } = installer();
    kube.disconnect();
    await first.start();
    await clock.advance(3_000);
    kube.connect();
    expect(kube.peek(runtimeClassResource, wasm)).toBeUndefined();
    await clock.advance(1_000);
    await vi.waitFor(() => expect(kube.peek(runtimeClassResource, wasm)).toBeDefined());
    await first.stop();
    expect(clock.pending).toBe(0);
    expect(logger.records).toHaveLength(1);
  });

  it("is not tried after the stop, where it is refused, or where it is not wanted", async () => {
    const away = installer();
    away.kube.disconnect();
    await away.installer.start();
    await away.installer.stop();
    expect(away.clock.pending).toBe(0);

    const refused = installer();
    refused.kube.fail({ verb: "create", code: "SKERRY_KUBE_FORBIDDEN" });
    await refused.installer.start();
    expect(refused.clock.pending).toBe(0);
    expect(refused.logger.records).toMatchObject([
      { level: "error", message: "the RuntimeClass wasm was not installed" },
    ]);

    const raced = installer();
    raced.kube.fail({ verb: "create", code: "SKERRY_KUBE_CONFLICT" });
    await raced.installer.start();
    expect(raced.logger.records).toEqual([]);

    const unwanted = installer({ installRuntimeClass: false });
    await unwanted.installer.start();
    expect(unwanted.kube.requests).toEqual([]);
  });
});

describe("Pods in the status", () => {
  it("are counted by edge node", async () => {
    const kube = new FakeKubeApi();
    const labels = { "skerry.dev/edge": "true" };
    for (const name of ["edge-2", "edge-1"]) {
      kube.seed({ apiVersion: "v1", kind: "Node", metadata: { name, labels } }, nodeResource);
    }
    const pods = [
      ["a", { nodeName: "edge-1" }, "Running"],
      ["b", { nodeName: "edge-1" }, "Running"],
      ["c", { nodeName: "edge-1" }, "strange"],
      ["d", { nodeName: "server" }, "Running"],
      ["e", { runtimeClassName: "wasm" }, "Pending"],
      ["f", {}, "Pending"],
    ] as const;
    for (const [name, spec, phase] of pods) {
      kube.seed({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec, status: { phase } }, podResource);
    }
    const { data, lines } = await new PodsSection(kube).collect();
    expect(lines).toEqual([
      "edge-1     3 Pods: 2 running, 1 pending",
      "edge-2     no Pods",
      "(no node)  1 Pod: 1 pending",
    ]);
    expect(data).toMatchObject([
      { node: "edge-1", pods: 3, running: 2, pending: 1, failed: 0 },
      { node: "edge-2", pods: 0 },
      { node: "(no node)", pods: 1, pending: 1 },
    ]);
  });
});

describe("pods/cloud as a plugin", () => {
  it("boots, fills the points of the link and stops", async () => {
    const kube = new FakeKubeApi();
    const found: string[] = [];
    class Owner {
      constructor(
        @inject(uplinkReceiverPoint.contributions) private readonly receivers: Contributions<UplinkReceiver>,
        @inject(replicaInterestPoint.contributions) private readonly interests: Contributions<ReplicaInterest>,
      ) {}

      async start(): Promise<void> {
        for (const { value } of this.receivers.all()) found.push(value.type);
        for (const { value } of this.interests.all()) found.push(...value.resources.map(({ kind }) => kind));
      }
    }
    const manifest = {
      id: "link-owner",
      summary: "Owns what the cloud half fills.",
      sdk: "^0.1.0",
      extensionPoints: [uplinkReceiverPoint.id, replicaInterestPoint.id],
    };
    const owner = definePlugin(manifest, (scope) => scope.run(Owner));
    await using _ = await startTestNode({ plugins: [plugin, owner], with: [[KubeApi, kube]], clock: new FakeClock() });
    expect(found).toEqual(["pod", "Pod", "ConfigMap", "Secret", "RuntimeClass"]);
    expect(kube.peek(runtimeClassResource, wasm)).toBeDefined();
  });
});
