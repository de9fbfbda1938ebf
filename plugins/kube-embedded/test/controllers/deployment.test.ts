import { describe, expect, it } from "vitest";
import { apps, core, deployment, type Seen, startWorkloads, template, type Workloads } from "./workloads.ts";

const web = `${apps}/deployments/web`;
const revision = "deployment.kubernetes.io/revision";

async function deployed(spec: object = {}): Promise<Workloads> {
  const cluster = await startWorkloads();
  await cluster.send("POST", `${apps}/deployments`, deployment("web", spec));
  await cluster.rolledOut();
  return cluster;
}

const get = async ({ request }: Workloads): Promise<Seen> => (await request("GET", web)).body;
const update = ({ patch }: Workloads, image: string) => patch(web, { spec: { template: template(image) } });
const images = async ({ pods }: Workloads): Promise<string[]> =>
  (await pods()).map((pod) => pod.spec.containers[0].image).sort();
/** Image, size and revision of every ReplicaSet. */
const sets = async ({ list }: Workloads): Promise<string[]> =>
  (await list(`${apps}/replicasets`))
    .map(({ spec, metadata }) => {
      const { image } = spec.template.spec.containers[0];
      return `${image} ${spec.replicas} revision ${metadata.annotations[revision]}`;
    })
    .sort();
const conditions = (object: Seen): string[] =>
  object.status.conditions.map((it: Seen) => `${it.type} ${it.status} ${it.reason}`).sort();
const complete = ["Available True MinimumReplicasAvailable", "Progressing True NewReplicaSetAvailable"];

describe("a Deployment", () => {
  it("makes a ReplicaSet named after the hash of its template, and completes", async () => {
    const cluster = await startWorkloads();
    const annotations = {
      "kubernetes.io/change-cause": "first",
      "kubectl.kubernetes.io/last-applied-configuration": "x",
    };
    const wanted = deployment("web", { minReadySeconds: 0 });
    await cluster.send("POST", `${apps}/deployments`, { ...wanted, metadata: { name: "web", annotations } });
    const [set] = await cluster.list(`${apps}/replicasets`);
    const hash = set.metadata.labels["pod-template-hash"];
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5,10}$/);
    expect(set).toMatchObject({
      metadata: {
        name: `web-${hash}`,
        labels: { app: "web", "pod-template-hash": hash },
        annotations: {
          "kubernetes.io/change-cause": "first",
          [revision]: "1",
          "deployment.kubernetes.io/desired-replicas": "3",
          "deployment.kubernetes.io/max-replicas": "4",
        },
        ownerReferences: [{ kind: "Deployment", name: "web", controller: true, blockOwnerDeletion: true }],
      },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: "web", "pod-template-hash": hash } },
        template: { metadata: { labels: { app: "web", "pod-template-hash": hash } } },
      },
    });
    expect(set.metadata.annotations).not.toHaveProperty(["kubectl.kubernetes.io/last-applied-configuration"]);
    expect(await cluster.events("Deployment", "web")).toEqual([
      `Normal ScalingReplicaSet Scaled up replica set web-${hash} from 0 to 3`,
    ]);
    const early = await get(cluster);
    expect(early.status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      unavailableReplicas: 3,
      observedGeneration: 1,
    });
    expect(conditions(early)).toEqual([
      "Available False MinimumReplicasUnavailable",
      "Progressing True ReplicaSetUpdated",
    ]);
    await cluster.rolledOut();
    const done = await get(cluster);
    expect(done.metadata.annotations[revision]).toBe("1");
    expect(done.status).toMatchObject({ replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 });
    expect(done.status.unavailableReplicas).toBeUndefined();
    expect(conditions(done)).toEqual(complete);
    expect(done.status.conditions[1].message).toBe(`ReplicaSet "web-${hash}" has successfully progressed.`);
  });

  it("replaces its Pods step by step when its template changes", async () => {
    const cluster = await deployed();
    await update(cluster, "two");
    // One more than three, none less: 25 % of 3 is one beyond and none missing.
    expect(await images(cluster)).toEqual(["scratch", "scratch", "scratch", "two"]);
    await cluster.allReady();
    expect(await images(cluster)).toEqual(["scratch", "scratch", "two", "two"]);
    await cluster.rolledOut();
    expect(await images(cluster)).toEqual(["two", "two", "two"]);
    expect(await sets(cluster)).toEqual(["scratch 0 revision 1", "two 3 revision 2"]);
    const object = await get(cluster);
    expect(conditions(object)).toEqual(complete);
    expect(object.metadata.annotations[revision]).toBe("2");
    expect(object.status.observedGeneration).toBe(object.metadata.generation);
  });

  it("goes back to a former template by its ReplicaSet, with a new revision", async () => {
    const cluster = await deployed();
    await update(cluster, "two");
    await cluster.rolledOut();
    await update(cluster, "scratch");
    await cluster.rolledOut();
    expect(await images(cluster)).toEqual(["scratch", "scratch", "scratch"]);
    expect(await sets(cluster)).toEqual(["scratch 3 revision 3", "two 0 revision 2"]);
    const back = (await cluster.list(`${apps}/replicasets`)).find(({ spec }) => spec.replicas === 3);
    expect(back.metadata.annotations["deployment.kubernetes.io/revision-history"]).toBe("1");
    expect((await get(cluster)).metadata.annotations[revision]).toBe("3");
  });

  it("restarts by an annotation of the template", async () => {
    const cluster = await deployed();
    const before = (await cluster.pods()).map(({ metadata }) => metadata.uid);
    const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" };
    await cluster.patch(web, { spec: { template: { metadata: { annotations } } } });
    await cluster.rolledOut();
    const after = (await cluster.pods()).map(({ metadata }) => metadata.uid);
    expect(after).toHaveLength(3);
    expect(after.filter((uid) => before.includes(uid))).toEqual([]);
  });

  it("scales without a new revision", async () => {
    const cluster = await deployed();
    await cluster.patch(`${web}/scale`, { spec: { replicas: 5 } });
    await cluster.rolledOut();
    expect(await sets(cluster)).toEqual(["scratch 5 revision 1"]);
    await cluster.patch(`${web}/scale`, { spec: { replicas: 0 } });
    expect(await cluster.pods()).toEqual([]);
    expect((await get(cluster)).status.observedGeneration).toBe(3);
    const seen = (await cluster.events("Deployment", "web")).map((it) => it.replace(/web-\w+/, "web"));
    expect(seen.sort()).toEqual([
      "Normal ScalingReplicaSet Scaled down replica set web from 5 to 0",
      "Normal ScalingReplicaSet Scaled up replica set web from 0 to 3",
      "Normal ScalingReplicaSet Scaled up replica set web from 3 to 5",
    ]);
  });

  it("does nothing with a template while it is paused, but scales", async () => {
    const cluster = await deployed();
    await cluster.patch(web, { spec: { paused: true } });
    await update(cluster, "two");
    await cluster.patch(`${web}/scale`, { spec: { replicas: 2 } });
    expect(await sets(cluster)).toEqual(["scratch 2 revision 1"]);
    expect(conditions(await get(cluster))).toContain("Progressing Unknown DeploymentPaused");
    await cluster.patch(web, { spec: { paused: false } });
    await cluster.rolledOut();
    expect(await sets(cluster)).toEqual(["scratch 0 revision 1", "two 2 revision 2"]);
    expect(conditions(await get(cluster))).toEqual(complete);
  });

  it("keeps as many old ReplicaSets as its history says", async () => {
    const cluster = await deployed({ revisionHistoryLimit: 2 });
    for (const image of ["two", "three", "four", "five"]) {
      await update(cluster, image);
      await cluster.rolledOut();
    }
    expect(await sets(cluster)).toEqual(["five 3 revision 5", "four 0 revision 4", "three 0 revision 3"]);
  });

  it("says when an update is stuck, and when it goes on after all", async () => {
    const cluster = await deployed({ progressDeadlineSeconds: 60 });
    await update(cluster, "two");
    await cluster.clock.advance(59_000);
    expect(conditions(await get(cluster))).toContain("Progressing True ReplicaSetUpdated");
    await cluster.clock.advance(5_000);
    const stuck = await get(cluster);
    expect(conditions(stuck)).toContain("Progressing False ProgressDeadlineExceeded");
    expect(stuck.status.conditions.find((it: Seen) => it.type === "Progressing").message).toMatch(
      /^ReplicaSet "web-\w+" has timed out progressing\.$/,
    );
    await cluster.rolledOut();
    expect(conditions(await get(cluster))).toEqual(complete);
  });

  it("tells of Pods that cannot be made", async () => {
    const cluster = await startWorkloads();
    const spec = { ...template().spec, runtimeClassName: "absent" };
    await cluster.send("POST", `${apps}/deployments`, deployment("web", { template: { ...template(), spec } }));
    await cluster.quiet();
    expect(conditions(await get(cluster))).toContain("ReplicaFailure True FailedCreate");
  });

  it("recreates: no new Pod before the last old one has ended", async () => {
    const cluster = await deployed({ strategy: { type: "Recreate" } });
    const [first] = await cluster.pods();
    // On a node, a Pod stays until the node has stopped it.
    const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: first.metadata.name } };
    await cluster.send("POST", `${core}/pods/${first.metadata.name}/binding`, {
      ...binding,
      target: { apiVersion: "v1", kind: "Node", name: "edge-1" },
    });
    await update(cluster, "two");
    expect(await images(cluster)).toEqual(["scratch"]);
    expect(await sets(cluster)).toEqual(["scratch 0 revision 1"]);
    await cluster.send("DELETE", `${core}/pods/${first.metadata.name}`, { gracePeriodSeconds: 0 });
    expect(await images(cluster)).toEqual(["two", "two", "two"]);
    await cluster.rolledOut();
    expect(await sets(cluster)).toEqual(["scratch 0 revision 1", "two 3 revision 2"]);
    expect(conditions(await get(cluster))).toEqual(complete);
  });

  it("counts a collision of names and takes another", async () => {
    const probe = await deployed();
    const [{ metadata }] = await probe.list(`${apps}/replicasets`);
    const cluster = await startWorkloads();
    const labels = { app: "other" };
    await cluster.send("POST", `${apps}/replicasets`, {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: metadata.name },
      spec: { replicas: 0, selector: { matchLabels: labels }, template: template("scratch", labels) },
    });
    await cluster.send("POST", `${apps}/deployments`, deployment("web"));
    await cluster.rolledOut();
    const object = await get(cluster);
    expect(object.status.collisionCount).toBe(1);
    expect(conditions(object)).toEqual(complete);
    expect((await cluster.list(`${apps}/replicasets`)).map((it) => it.metadata.name)).toHaveLength(2);
  });

  it("adopts the ReplicaSets it selects, and finds its own after a restart", async () => {
    const first = await deployed();
    const { uid } = (await get(first)).metadata;
    await first.patch(web, { spec: { template: template("two") } });
    await first.stop();
    const again = await startWorkloads({ disk: first.disk, clock: first.clock, seed: 2 });
    await again.rolledOut();
    expect(await sets(again)).toEqual(["scratch 0 revision 1", "two 3 revision 2"]);
    const [set] = await again.list(`${apps}/replicasets`);
    const orphaned = { metadata: { ownerReferences: null } };
    await again.patch(`${apps}/replicasets/${set.metadata.name}`, orphaned);
    const [adopted] = await again.list(`${apps}/replicasets`);
    expect(adopted.metadata.ownerReferences[0].uid).toBe(uid);
  });
});
