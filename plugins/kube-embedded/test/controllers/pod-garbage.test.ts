import { describe, expect, it } from "vitest";
import { nodes, testNode } from "./nodes.ts";
import { core, startWorkloads, type Workloads } from "./workloads.ts";

const pod = (name: string, nodeName?: string, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, ...metadata },
  spec: { containers: [{ name: "main", image: "scratch" }], ...(nodeName === undefined ? {} : { nodeName }) },
});
const create = ({ send }: Workloads, name: string, node?: string, metadata?: object) =>
  send("POST", `${core}/pods`, pod(name, node, metadata));
const names = async ({ pods }: Workloads) => (await pods()).map(({ metadata }) => metadata.name);
const missing = (node: string) =>
  `Warning NodeNotFound Node "${node}" does not exist; the Pod is deleted unless the Node appears within 40 s`;

describe("a pod for a node that does not exist", () => {
  it("waits, says so, and goes after forty seconds", async () => {
    const cluster = await startWorkloads();
    await create(cluster, "lost", "edge-9");
    expect((await cluster.pods())[0].status.phase).toBe("Pending");
    expect(await cluster.events("Pod", "lost")).toEqual([missing("edge-9")]);
    await cluster.clock.advance(39_999);
    expect(await names(cluster)).toEqual(["lost"]);
    const watch = await cluster.watch(`${core}/pods?watch=true`);
    await cluster.clock.advance(1);
    await cluster.quiet();
    expect(await names(cluster)).toEqual([]);
    const last = watch.events.at(-1);
    expect(last?.type).toBe("DELETED");
    expect(last?.object.status).toMatchObject({
      phase: "Failed",
      conditions: [
        {
          type: "DisruptionTarget",
          status: "True",
          reason: "DeletionByPodGC",
          message: "PodGC: node no longer exists",
        },
      ],
    });
  });

  it("stays when the node appears in time, and each pod has the whole time", async () => {
    const cluster = await startWorkloads();
    await create(cluster, "early", "edge-1");
    await create(cluster, "lost", "edge-2");
    await cluster.clock.advance(30_000);
    await create(cluster, "late", "edge-2");
    await testNode(cluster, "edge-1").register();
    await cluster.clock.advance(10_000);
    expect(await names(cluster)).toEqual(["early", "late"]);
    await cluster.clock.advance(30_000);
    expect(await names(cluster)).toEqual(["early"]);
  });

  it("has the whole time again after a restart", async () => {
    const before = await startWorkloads();
    await create(before, "lost", "edge-9");
    await before.clock.advance(39_000);
    await before.stop();
    const after = await startWorkloads({ disk: before.disk, clock: before.clock });
    await after.clock.advance(39_000);
    expect(await names(after)).toEqual(["lost"]);
    await after.clock.advance(1_000);
    expect(await names(after)).toEqual([]);
  });

  it("that has already ended keeps its phase", async () => {
    const cluster = await startWorkloads();
    await create(cluster, "done", "edge-9");
    await cluster.setPod("done", { phase: "Succeeded" });
    const watch = await cluster.watch(`${core}/pods?watch=true`);
    await cluster.clock.advance(40_000);
    await cluster.quiet();
    expect(watch.events.at(-1)).toMatchObject({ type: "DELETED", object: { status: { phase: "Succeeded" } } });
  });
});

describe("a node that is deleted", () => {
  it("takes its pods with it, also those that wait for it to end", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "edge-1").register();
    for (const name of ["a", "b"]) await create(cluster, name);
    await cluster.send("DELETE", `${core}/pods/b`);
    expect(await names(cluster)).toEqual(["a", "b"]);
    await cluster.send("DELETE", `${nodes}/edge-1`);
    expect(await cluster.events("Pod", "a")).toContain(missing("edge-1"));
    await cluster.clock.advance(40_000);
    expect(await names(cluster)).toEqual([]);
  });

  it("keeps them when it is back in time", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "edge-1").register();
    await create(cluster, "a");
    await cluster.send("DELETE", `${nodes}/edge-1`);
    await cluster.clock.advance(20_000);
    await testNode(cluster, "edge-1").register();
    await cluster.clock.advance(60_000);
    expect(await names(cluster)).toEqual(["a"]);
  });
});

describe("a pod without a node that is being deleted", () => {
  it("waits for its finalizers alone", async () => {
    const cluster = await startWorkloads();
    await create(cluster, "held", undefined, { finalizers: ["example.com/wait"] });
    await cluster.send("DELETE", `${core}/pods/held`);
    expect(await names(cluster)).toEqual(["held"]);
    await cluster.patch(`${core}/pods/held`, { metadata: { finalizers: null } });
    expect(await names(cluster)).toEqual([]);
  });
});
