import type { JsonValue, KubeObject } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { FakeClock, FakeKubeApi } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { NodeReceiver } from "../src/cloud/index.ts";
import { nodeResource } from "../src/shared/node-resources.ts";
import { facts, wasm } from "./facts.ts";

function prepare() {
  const clock = new FakeClock();
  const kube = new FakeKubeApi(clock);
  const receiver = new NodeReceiver(kube, clock);
  const receive = (value: unknown = facts, name = "edge-1") =>
    receiver.receive({ node: "edge-1", name, value: value as JsonValue });
  const node = () => kube.peek(nodeResource, { name: "edge-1" }) as KubeObject & { status: Record<string, unknown> };
  return { clock, kube, receive, node };
}

const codeOf = (promise: Promise<void>) => promise.then(() => "resolved", errorCode);

describe("facts of a node", () => {
  it("make its Node", async () => {
    const { receive, node } = prepare();
    await receive();
    expect(node().metadata.labels).toEqual({
      "kubernetes.io/hostname": "edge-1",
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "arm64",
      "node-role.kubernetes.io/edge": "",
      "skerry.dev/edge": "true",
    });
    expect(node().status).toMatchObject({
      capacity: { cpu: "4", memory: "4194304Ki", "ephemeral-storage": "33554432Ki", pods: "0" },
      addresses: facts.addresses,
      nodeInfo: { osImage: facts.osImage, kubeletVersion: "v1.32.0-skerry.0.1.0", architecture: "arm64" },
    });
    expect(node().status["conditions"]).toMatchObject([
      { type: "MemoryPressure", status: "False" },
      { type: "DiskPressure", status: "False" },
      { type: "Ready", status: "True", reason: "LinkUp", lastTransitionTime: "2026-01-01T00:00:00Z" },
      { type: "EdgeLink", status: "True", reason: "Connected", lastTransitionTime: "2026-01-01T00:00:00Z" },
    ]);
  });

  it("update it, keep what others wrote, and move the time of transition only with the status", async () => {
    const { clock, kube, receive, node } = prepare();
    await receive();
    const mine = { labels: { "kubernetes.io/os": null, zone: "north" } };
    await kube.patch(nodeResource, { name: "edge-1" }, { metadata: mine }, { fieldManager: "kubectl" });
    await clock.advance(60_000);
    await receive({ ...facts, pressures: [{ ...facts.pressures[0], status: "True" }], cpus: 2 });
    expect(node().metadata.labels).toMatchObject({ "kubernetes.io/os": "linux", zone: "north" });
    const times = Object.fromEntries(
      (node().status["conditions"] as Record<string, string>[]).map((condition) => [
        condition["type"],
        [condition["lastTransitionTime"], condition["lastHeartbeatTime"]],
      ]),
    );
    expect(times).toEqual({
      MemoryPressure: ["2026-01-01T00:01:00Z", "2026-01-01T00:01:00Z"],
      DiskPressure: ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
      Ready: ["2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"],
      EdgeLink: ["2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"],
    });
  });

  it("say which runtimes there are, and how many Pods they take", async () => {
    const { receive, node } = prepare();
    const { runtimes: _, ...older } = facts;
    await receive(older);
    expect(node().status).toMatchObject({ runtimeHandlers: [], nodeInfo: { containerRuntimeVersion: "" } });
    const containerd = { name: "containerd", version: "1.7.0", handlers: ["", "wasm"] };
    await receive({ ...facts, pods: 110, runtimes: [wasm, containerd] });
    expect(node().status).toMatchObject({
      capacity: { pods: "110" },
      allocatable: { pods: "110" },
      runtimeHandlers: [{ name: "wasm" }, {}],
      nodeInfo: { containerRuntimeVersion: "skerry-wasm://0.1.0,containerd://1.7.0" },
    });
  });

  it("are written over a lost race, and stay in the outbox while the API does not take them", async () => {
    const { kube, receive, node } = prepare();
    kube.fail({ verb: "patch", code: "SKERRY_KUBE_CONFLICT", times: 2 });
    await receive();
    expect(node().status["addresses"]).toEqual(facts.addresses);
    kube.fail({ verb: "patch", code: "SKERRY_KUBE_FORBIDDEN" });
    expect(await codeOf(receive())).toBe("SKERRY_NODES_NOT_WRITTEN");
    kube.fail({ verb: "get" });
    expect(await codeOf(receive())).toBe("SKERRY_KUBE_UNAVAILABLE");
    kube.fail({ verb: "patch", code: "SKERRY_KUBE_CONFLICT", times: 50 });
    expect(await codeOf(receive())).toBe("SKERRY_KUBE_CONFLICT");
  });

  it("of another node are denied", async () => {
    const { receive, kube } = prepare();
    expect(await codeOf(receive(facts, "edge-2"))).toBe("SKERRY_NODES_NOT_ITSELF");
    expect(kube.requests).toEqual([]);
  });

  it("do not take over a Node that is not of Skerry", async () => {
    const { receive, kube, node } = prepare();
    kube.seed({ apiVersion: "v1", kind: "Node", metadata: { name: "edge-1" } }, nodeResource);
    expect(await codeOf(receive())).toBe("SKERRY_NODES_FOREIGN");
    expect(node().status).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["no object", []],
    ["text for a number", { ...facts, cpus: "4" }],
    ["a negative number", { ...facts, memoryBytes: -1 }],
    ["a text without end", { ...facts, osImage: "x".repeat(300) }],
    ["an unknown kind of address", { ...facts, addresses: [{ type: "ExternalDNS", address: "a" }] }],
    ["too many addresses", { ...facts, addresses: Array.from({ length: 33 }, () => facts.addresses[0]) }],
    ["a runtime without a version", { ...facts, runtimes: [{ name: "skerry-wasm", handlers: [] }] }],
    ["handlers that are none", { ...facts, runtimes: [{ ...wasm, handlers: [7] }] }],
    ["too many handlers", { ...facts, runtimes: [{ ...wasm, handlers: Array(33).fill("") }] }],
    ["too many runtimes", { ...facts, runtimes: Array(33).fill(wasm) }],
    ["a pressure without a reason", { ...facts, pressures: [{ type: "DiskPressure", status: "True" }] }],
  ])("with %s are refused", async (_, value) => {
    expect(await codeOf(prepare().receive(value))).toBe("SKERRY_NODES_BAD_FACTS");
  });
});
