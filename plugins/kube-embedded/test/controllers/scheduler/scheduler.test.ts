import { describe, expect, it } from "vitest";
import { edge, nodes, testNode } from "../nodes.ts";
import { apps, core, replicaSet, startWorkloads, template, type Workloads } from "../workloads.ts";

const wanted = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, ...metadata },
  spec: { containers: [{ name: "main", image: "scratch" }], ...spec },
});
const create = ({ send }: Workloads, name: string, spec?: object) => send("POST", `${core}/pods`, wanted(name, spec));
const read = ({ send }: Workloads, name: string) => send("GET", `${core}/pods/${name}`);
const onEdge = { nodeSelector: edge };

describe("the scheduler", () => {
  it("gives a pod to a node, and says so", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "edge-1").register();
    await create(cluster, "x");
    const { spec, status } = await read(cluster, "x");
    expect(spec.nodeName).toBe("edge-1");
    expect(status.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
    expect(await cluster.events("Pod", "x")).toEqual(["Normal Scheduled Successfully assigned default/x to edge-1"]);
  });

  it("says why there is no node, in kube-scheduler's words", async () => {
    const cluster = await startWorkloads();
    await create(cluster, "x", onEdge);
    const because = async () => (await read(cluster, "x")).status.conditions;
    expect(await because()).toMatchObject([
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "no nodes available to schedule pods",
      },
    ]);
    await testNode(cluster, "cloud-1").register();
    await cluster.clock.advance(1_000);
    await cluster.quiet();
    const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
    expect(await because()).toMatchObject([{ reason: "Unschedulable", message }]);
    expect(await cluster.events("Pod", "x")).toContain(`Warning FailedScheduling ${message}`);
  });

  it("tries again when a node comes, and when its labels, room or taints change", async () => {
    const cluster = await startWorkloads();
    await create(cluster, "x", onEdge);
    const node = testNode(cluster, "edge-1");
    await node.register({}, { pods: "0" });
    await cluster.patch(node.at, { spec: { taints: [{ key: "k", value: "v", effect: "NoSchedule" }] } });
    const steps: [() => Promise<unknown>, string][] = [
      [async () => undefined, "1 node(s) had untolerated taint {k: v}"],
      [() => cluster.patch(node.at, { spec: { taints: null } }), "1 node(s) didn't match Pod's node affinity/selector"],
      [() => cluster.patch(node.at, { metadata: { labels: edge } }), "1 Too many pods"],
    ];
    for (const [step, reason] of steps) {
      await step();
      await cluster.clock.advance(1_000);
      await cluster.quiet();
      const { conditions } = (await read(cluster, "x")).status;
      expect(conditions).toMatchObject([{ message: `0/1 nodes are available: ${reason}.` }]);
    }
    await cluster.patch(`${node.at}/status`, { status: { allocatable: { pods: "1" } } });
    await cluster.clock.advance(1_000);
    await cluster.quiet();
    expect((await read(cluster, "x")).spec.nodeName).toBe("edge-1");
  });

  it("tries again when a pod makes room, and does not count pods that have ended", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "edge-1").register({}, { pods: "1" });
    for (const name of ["a", "b", "c"]) await create(cluster, name);
    const nodesOf = async () => Promise.all(["b", "c"].map(async (name) => (await read(cluster, name)).spec.nodeName));
    expect(await nodesOf()).toEqual([undefined, undefined]);
    await cluster.setPod("a", { phase: "Succeeded" });
    await cluster.clock.advance(1_000);
    expect(await nodesOf()).toEqual(["edge-1", undefined]);
    await cluster.send("DELETE", `${core}/pods/b`, { gracePeriodSeconds: 0 });
    await cluster.clock.advance(1_000);
    expect((await read(cluster, "c")).spec.nodeName).toBe("edge-1");
  });

  it("leaves pods alone that are for others, gated, going, or have a node", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "edge-1").register();
    await create(cluster, "other", { schedulerName: "mine" });
    await create(cluster, "gated", { schedulingGates: [{ name: "example.com/wait" }] });
    await create(cluster, "placed", { nodeName: "edge-2" });
    const places = await Promise.all(["other", "gated", "placed"].map((name) => read(cluster, name)));
    expect(places.map(({ spec }) => spec.nodeName)).toEqual([undefined, undefined, "edge-2"]);
  });

  it("places a gated pod when its last gate is taken away; gates cannot be added", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "edge-1").register();
    const gates = (...names: string[]) => names.map((name) => ({ name: `example.com/${name}` }));
    await create(cluster, "x", { schedulingGates: gates("a", "b") });
    const patch = (schedulingGates: object[] | null) =>
      cluster.request("PATCH", `${core}/pods/x`, {
        body: { spec: { schedulingGates } },
        type: "application/merge-patch+json",
      });
    const refused = await patch(gates("a", "c"));
    expect(refused.status).toBe(422);
    expect(refused.body.message).toContain(
      "spec.schedulingGates: Forbidden: only deletion is allowed, but found new scheduling gate 'example.com/c'",
    );
    expect((await patch(gates("b"))).status).toBe(200);
    await cluster.quiet();
    expect((await read(cluster, "x")).spec.nodeName).toBeUndefined();
    expect((await patch(null)).status).toBe(200);
    await cluster.quiet();
    const { spec, status } = await read(cluster, "x");
    expect(spec.nodeName).toBe("edge-1");
    expect(status.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
  });

  it("looks at once at a pod that asks for something else", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register();
    await cluster.patch(node.at, { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } });
    const { spec } = await create(cluster, "x");
    const tolerations = [...spec.tolerations, { key: "k", operator: "Exists" }];
    await cluster.patch(`${core}/pods/x`, { spec: { tolerations } });
    expect((await read(cluster, "x")).spec.nodeName).toBe("edge-1");
  });

  it("repeats itself only after minutes, as one event that is counted", async () => {
    const cluster = await startWorkloads();
    await create(cluster, "x");
    const version = cluster.store.version;
    await cluster.clock.advance(4 * 60_000);
    await cluster.quiet();
    expect(cluster.store.version).toBe(version);
    await cluster.clock.advance(61_000);
    await cluster.quiet();
    const events = await cluster.list(`${core}/events`);
    expect(events.map(({ reason, count }) => ({ reason, count }))).toEqual([{ reason: "FailedScheduling", count: 2 }]);
  });

  it("spreads the pods of one owner", async () => {
    const cluster = await startWorkloads();
    for (const name of ["edge-1", "edge-2", "edge-3"]) await testNode(cluster, name).register();
    await cluster.send("POST", `${apps}/replicasets`, replicaSet("web", { replicas: 6, template: template() }));
    const places = (await cluster.pods()).map((pod) => pod.spec.nodeName).sort();
    expect(places).toEqual(["edge-1", "edge-1", "edge-2", "edge-2", "edge-3", "edge-3"]);
  });

  it("reads the labels of namespaces", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "edge-1").register();
    await cluster.send("POST", "/api/v1/namespaces", { metadata: { name: "other", labels: { team: "a" } } });
    await cluster.send("POST", "/api/v1/namespaces/other/pods", wanted("db", {}, { labels: { app: "db" } }));
    const term = {
      topologyKey: "kubernetes.io/hostname",
      labelSelector: { matchLabels: { app: "db" } },
      namespaceSelector: { matchLabels: { team: "a" } },
    };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    await create(cluster, "near", { affinity });
    expect((await read(cluster, "near")).spec.nodeName).toBe("edge-1");
  });

  it("goes on after a restart with what waits, knowing what is placed", async () => {
    const before = await startWorkloads();
    await testNode(before, "edge-1").register({}, { pods: "2" });
    for (const name of ["a", "b", "c"]) await create(before, name);
    await before.stop();
    const after = await startWorkloads({ disk: before.disk, clock: before.clock });
    await after.quiet();
    expect((await read(after, "c")).status.conditions).toMatchObject([
      { message: "0/1 nodes are available: 1 Too many pods." },
    ]);
    await after.send("DELETE", `${core}/pods/a`, { gracePeriodSeconds: 0 });
    await after.clock.advance(1_000);
    expect((await read(after, "c")).spec.nodeName).toBe("edge-1");
  });

  it("tries what could not be written again, with growing pauses", async () => {
    const cluster = await startWorkloads();
    await create(cluster, "x");
    await testNode(cluster, "edge-1").register();
    for (let i = 0; i < 3; i += 1) cluster.disk.failNextSync();
    const nodeName = async () => (await read(cluster, "x")).spec.nodeName;
    await cluster.clock.advance(1_000);
    for (const pause of [100, 200, 400]) {
      await cluster.clock.advance(pause - 1);
      expect(await nodeName()).toBeUndefined();
      await cluster.clock.advance(1);
    }
    expect(await nodeName()).toBe("edge-1");
  });

  it("binds pods by the hundred", async () => {
    const cluster = await startWorkloads();
    for (let i = 0; i < 5; i += 1) await testNode(cluster, `n${i}`).register();
    await cluster.send("POST", `${apps}/replicasets`, replicaSet("web", { replicas: 250, template: template() }));
    const counts = new Map<string, number>();
    for (const { spec } of await cluster.pods()) counts.set(spec.nodeName, (counts.get(spec.nodeName) ?? 0) + 1);
    expect([...counts.values()]).toEqual([50, 50, 50, 50, 50]);
    expect((await cluster.list(nodes)).length).toBe(5);
  });
});
