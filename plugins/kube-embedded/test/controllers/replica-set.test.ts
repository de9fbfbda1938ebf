import { describe, expect, it } from "vitest";
import { apps, core, isReady, replicaSet, type Seen, startWorkloads, template } from "./workloads.ts";

const web = `${apps}/replicasets/web`;
const statusOf = async (cluster: { request: Seen }) => (await cluster.request("GET", web)).body.status;

describe("a ReplicaSet", () => {
  it("makes its Pods from the template, named after it and owned by it", async () => {
    const { send, pods, events } = await startWorkloads();
    const created = await send("POST", `${apps}/replicasets`, replicaSet("web", { replicas: 2 }));
    const found = await pods();
    expect(found).toHaveLength(2);
    for (const { metadata, spec } of found) {
      expect(metadata).toMatchObject({
        name: expect.stringMatching(/^web-[a-z0-9]{5}$/),
        generateName: "web-",
        labels: { app: "web" },
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            kind: "ReplicaSet",
            name: "web",
            uid: created.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      });
      expect(spec.containers[0].image).toBe("scratch");
    }
    const names = found.map(({ metadata }) => `Normal SuccessfulCreate Created pod: ${metadata.name}`);
    expect((await events("ReplicaSet", "web")).sort()).toEqual(names.sort());
  });

  it("counts Pods as they become ready and, after minReadySeconds, available", async () => {
    const cluster = await startWorkloads();
    await cluster.send("POST", `${apps}/replicasets`, replicaSet("web", { minReadySeconds: 10 }));
    expect(await statusOf(cluster)).toEqual({ replicas: 3, fullyLabeledReplicas: 3, observedGeneration: 1 });
    const [first, second] = await cluster.pods();
    await cluster.ready(first.metadata.name);
    await cluster.clock.advance(4000);
    await cluster.ready(second.metadata.name);
    await cluster.quiet();
    expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 2 });
    await cluster.clock.advance(5999);
    expect((await statusOf(cluster)).availableReplicas).toBeUndefined();
    await cluster.clock.advance(1);
    expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 2, availableReplicas: 1 });
    await cluster.clock.advance(4000);
    expect(await statusOf(cluster)).toMatchObject({ availableReplicas: 2 });
  });

  it("replaces Pods that fail, are deleted or are being deleted", async () => {
    const { send, pods, setPod, quiet } = await startWorkloads();
    await send("POST", `${apps}/replicasets`, replicaSet("web", { replicas: 3 }));
    const [failed, deleted] = await pods();
    await setPod(failed.metadata.name, { phase: "Failed" });
    await send("DELETE", `${core}/pods/${deleted.metadata.name}`);
    await quiet();
    const left = await pods();
    expect(left).toHaveLength(4);
    expect(left.filter(({ status }) => status.phase === "Pending")).toHaveLength(3);
  });

  it("scales down by the Pods that are missed least", async () => {
    const { send, patch, pods, ready, quiet, events } = await startWorkloads();
    await send("POST", `${apps}/replicasets`, replicaSet("web", { replicas: 4 }));
    const [first, , third] = await pods();
    await ready(first.metadata.name);
    await ready(third.metadata.name);
    await quiet();
    await patch(`${web}/scale`, { spec: { replicas: 2 } });
    const left = await pods();
    expect(left.map(({ metadata }) => metadata.name)).toEqual([first.metadata.name, third.metadata.name]);
    expect((await events("ReplicaSet", "web")).filter((it) => it.includes("SuccessfulDelete"))).toHaveLength(2);
    await patch(`${web}/scale`, { spec: { replicas: 0 } });
    expect(await pods()).toEqual([]);
  });

  it("adopts Pods it selects and releases those it no longer does", async () => {
    const { send, patch, pods } = await startWorkloads();
    const orphan = { apiVersion: "v1", kind: "Pod", metadata: { name: "early", labels: { app: "web" } } };
    await send("POST", `${core}/pods`, { ...orphan, spec: template().spec });
    const { metadata } = await send("POST", `${apps}/replicasets`, replicaSet("web", { replicas: 2 }));
    expect(await pods()).toHaveLength(2);
    const early = (await pods()).find((it) => it.metadata.name === "early");
    expect(early.metadata.ownerReferences[0].uid).toBe(metadata.uid);
    await patch(`${core}/pods/early`, { metadata: { labels: { app: "debug" } } });
    const after = await pods();
    expect(after).toHaveLength(3);
    expect(after.find((it) => it.metadata.name === "early").metadata.ownerReferences).toBeUndefined();
    await patch(`${core}/pods/early`, { metadata: { labels: { app: "web" } } });
    expect(await pods()).toHaveLength(2);
  });

  it("leaves the Pods of another alone", async () => {
    const { send, pods } = await startWorkloads();
    await send("POST", `${apps}/replicasets`, replicaSet("web", { replicas: 2 }));
    await send("POST", `${apps}/replicasets`, replicaSet("twin", { replicas: 1 }));
    const owners = (await pods()).map(({ metadata }) => metadata.ownerReferences[0].name);
    expect(owners.sort()).toEqual(["twin", "web", "web"]);
  });

  it("says why it cannot make Pods, tries again, and forgets the failure when it can", async () => {
    const { send, pods, request, clock, events } = await startWorkloads();
    const spec = { ...template().spec, runtimeClassName: "wasm" };
    await send("POST", `${apps}/replicasets`, replicaSet("web", { template: { ...template(), spec } }));
    const { status } = (await request("GET", web)).body;
    expect(status.conditions).toEqual([
      {
        type: "ReplicaFailure",
        status: "True",
        reason: "FailedCreate",
        message: expect.stringContaining("wasm"),
        lastTransitionTime: "2026-01-01T00:00:00Z",
      },
    ]);
    expect((await events("ReplicaSet", "web"))[0]).toMatch(/^Warning FailedCreate Error creating: .*wasm/);
    const runtimeClass = { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: "wasm" } };
    await send("POST", "/apis/node.k8s.io/v1/runtimeclasses", { ...runtimeClass, handler: "wasm" });
    await clock.advance(60_000);
    expect(await pods()).toHaveLength(3);
    expect((await request("GET", web)).body.status.conditions).toBeUndefined();
  });

  it("goes on after a restart where it was", async () => {
    const first = await startWorkloads();
    await first.request("POST", `${apps}/replicasets`, { body: replicaSet("web", { replicas: 20 }) });
    await first.stop();
    const again = await startWorkloads({ disk: first.disk, clock: first.clock, seed: 2 });
    await again.quiet();
    expect(await again.pods()).toHaveLength(20);
    await again.rolledOut();
    expect((await again.pods()).every(isReady)).toBe(true);
    expect(await statusOf(again)).toMatchObject({ replicas: 20, availableReplicas: 20, observedGeneration: 1 });
  });
});
