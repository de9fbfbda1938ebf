import { describe, expect, it } from "vitest";
import { edge, nodes, testNode } from "./nodes.ts";
import { core, startWorkloads } from "./workloads.ts";

const unreachable = ["unreachable:NoSchedule", "unreachable:NoExecute"];

describe("a node that is silent", () => {
  it("is unknown after forty seconds, in everything it said, and closed to pods", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    await node.condition("MemoryPressure", "True");
    expect(await node.state()).toEqual({
      conditions: ["MemoryPressure=True", "Ready=True"],
      taints: ["memory-pressure:NoSchedule"],
    });
    await cluster.clock.advance(39_999);
    expect((await node.state()).conditions).toContain("Ready=True");
    await cluster.clock.advance(1);
    await cluster.quiet();
    expect(await node.state()).toEqual({
      conditions: ["MemoryPressure=Unknown", "Ready=Unknown"],
      taints: unreachable,
    });
    const { status, spec } = await cluster.send("GET", node.at);
    expect(status.conditions[1]).toMatchObject({
      type: "MemoryPressure",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
      lastTransitionTime: "2026-01-01T00:00:40Z",
    });
    expect(spec.taints[0]).toMatchObject({ timeAdded: "2026-01-01T00:00:40Z" });
    expect(await cluster.events("Node", "edge-1")).toEqual([
      "Normal NodeNotReady Node edge-1 status is now: NodeNotReady",
    ]);
  });

  it("is not while its lease is renewed, whatever its clock says", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    for (let i = 0; i < 6; i += 1) {
      await cluster.clock.advance(30_000);
      if (i === 3) cluster.clock.setWall(Date.UTC(2000, 0, 1));
      await node.renew();
    }
    expect(await node.state()).toEqual({ conditions: ["Ready=True"], taints: [] });
    await cluster.clock.advance(40_000);
    expect((await node.state()).taints).toEqual(unreachable);
  });

  it("is not while it posts its status, without any lease", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    for (let i = 0; i < 3; i += 1) {
      await cluster.clock.advance(30_000);
      await node.condition("Ready", "True");
    }
    expect((await node.state()).taints).toEqual([]);
  });

  it("is well again when it says so, and watched as before", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    await cluster.clock.advance(60_000);
    expect((await node.state()).taints).toEqual(unreachable);
    await node.renew();
    await node.condition("Ready", "True");
    expect(await node.state()).toEqual({ conditions: ["Ready=True"], taints: [] });
    await cluster.clock.advance(40_000);
    expect((await node.state()).taints).toEqual(unreachable);
  });

  it("from its birth has a minute", async () => {
    const cluster = await startWorkloads();
    await cluster.send("POST", nodes, { apiVersion: "v1", kind: "Node", metadata: { name: "new" } });
    const node = testNode(cluster, "new");
    expect(await node.state()).toEqual({ conditions: [], taints: ["not-ready:NoSchedule"] });
    await cluster.clock.advance(59_999);
    expect((await node.state()).conditions).toEqual([]);
    await cluster.clock.advance(1);
    await cluster.quiet();
    expect(await node.state()).toEqual({ conditions: ["Ready=Unknown"], taints: unreachable });
    expect((await cluster.send("GET", node.at)).status.conditions[0]).toMatchObject({
      reason: "NodeStatusNeverUpdated",
      message: "Kubelet never posted node status.",
    });
  });

  it("keeps what others wrote of why it is unknown", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    await node.condition("Ready", "Unknown", "LinkDown");
    expect((await node.state()).taints).toEqual(unreachable);
    await cluster.clock.advance(60_000);
    expect((await cluster.send("GET", node.at)).status.conditions[0]).toMatchObject({ reason: "LinkDown" });
    expect(await cluster.events("Node", "edge-1")).toHaveLength(1);
  });
});

describe("the lease of a node", () => {
  it("goes with the node that owns it", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    await node.renew();
    const { metadata } = await cluster.send("GET", node.at);
    const lease = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/edge-1";
    const ownerReferences = [{ apiVersion: "v1", kind: "Node", name: "edge-1", uid: metadata.uid }];
    await cluster.patch(lease, { metadata: { ownerReferences } });
    expect((await cluster.request("GET", lease)).status).toBe(200);
    await cluster.send("DELETE", node.at);
    expect((await cluster.request("GET", lease)).status).toBe(404);
  });
});

describe("taints of conditions", () => {
  it.each([
    ["Ready", "False", ["not-ready:NoSchedule", "not-ready:NoExecute"]],
    ["Ready", "Unknown", unreachable],
    ["MemoryPressure", "True", ["memory-pressure:NoSchedule"]],
    ["DiskPressure", "True", ["disk-pressure:NoSchedule"]],
    ["PIDPressure", "True", ["pid-pressure:NoSchedule"]],
    ["NetworkUnavailable", "True", ["network-unavailable:NoSchedule"]],
  ])("%s=%s comes and goes with its condition", async (type, status, taints) => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    await cluster.patch(node.at, { spec: { taints: [{ key: "own", value: "x", effect: "NoExecute" }] } });
    await node.condition(type, status);
    expect((await node.state()).taints).toEqual(["own:NoExecute", ...taints]);
    await node.condition(type, type === "Ready" ? "True" : "False");
    expect((await node.state()).taints).toEqual(["own:NoExecute"]);
  });

  it("and of a cordoned node", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    await cluster.patch(node.at, { spec: { unschedulable: true } });
    expect((await node.state()).taints).toEqual(["unschedulable:NoSchedule"]);
    await cluster.patch(node.at, { spec: { unschedulable: null } });
    expect((await node.state()).taints).toEqual([]);
    await cluster.patch(node.at, { spec: { unschedulable: true } });
    await cluster.patch(node.at, { spec: { taints: null } });
    expect((await node.state()).taints).toEqual(["unschedulable:NoSchedule"]);
  });
});

describe("a restart of the cloud", () => {
  it("gives a healthy node its whole time, and then finds out", async () => {
    const before = await startWorkloads();
    const node = testNode(before, "edge-1");
    await node.register({ ...edge });
    await node.renew();
    await before.send("POST", `${core}/pods`, {
      metadata: { name: "a" },
      spec: { containers: [{ name: "main", image: "scratch" }] },
    });
    await before.stop();
    await before.clock.advance(3_600_000);
    const after = await startWorkloads({ disk: before.disk, clock: before.clock });
    const again = testNode(after, "edge-1");
    await after.clock.advance(39_000);
    expect((await again.state()).taints).toEqual([]);
    await again.renew();
    await after.clock.advance(39_000);
    expect((await again.state()).taints).toEqual([]);
    await after.clock.advance(1_000);
    expect((await again.state()).taints).toEqual(unreachable);
  });

  it("takes away taints whose reason went meanwhile", async () => {
    const before = await startWorkloads();
    await testNode(before, "edge-1").register();
    await before.clock.advance(40_000);
    await before.stop();
    const alone = await startWorkloads({ disk: before.disk, clock: before.clock, controllers: false });
    await testNode(alone, "edge-1").condition("Ready", "True");
    expect((await testNode(alone, "edge-1").state()).taints).toEqual(unreachable);
    await alone.stop();
    const after = await startWorkloads({ disk: before.disk, clock: before.clock });
    await after.quiet();
    expect((await testNode(after, "edge-1").state()).taints).toEqual([]);
  });
});
