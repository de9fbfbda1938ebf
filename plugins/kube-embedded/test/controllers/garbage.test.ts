import { describe, expect, it } from "vitest";
import { type JudgedReference, judge, type OwnerState } from "../../src/controllers/garbage/verdict.ts";
import { configMap, configMaps, widget, widgetDefinition, widgets } from "../test-cluster.ts";
import { apps, core, deployment, type Seen, startWorkloads, type Workloads } from "./workloads.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const kinds: Readonly<Record<string, string>> = { ConfigMap: "v1", Widget: "example.com/v1", Node: "v1" };

/** A reference to an object, or to one that is not there. */
const owner = (kind: string, metadata: Seen, more: object = {}) => ({
  apiVersion: kinds[kind],
  kind,
  name: metadata.name,
  uid: metadata.uid ?? "00000000-0000-4000-8000-000000000000",
  ...more,
});
const blocking = { blockOwnerDeletion: true };

const make = async ({ send }: Workloads, name: string, metadata: object = {}): Promise<Seen> =>
  (await send("POST", configMaps, configMap(name, {}, metadata))).metadata;
/** Metadata of what is there, beside what the server itself keeps in every namespace. */
const listed = async ({ list }: Workloads, path = configMaps): Promise<Seen[]> =>
  (await list(path)).map(({ metadata }) => metadata).filter(({ name }) => name !== "kube-root-ca.crt");
const names = async (cluster: Workloads, path = configMaps): Promise<string[]> =>
  (await listed(cluster, path)).map(({ name }) => name);
const ownersOf = async ({ request }: Workloads, name: string): Promise<Seen[]> =>
  ((await request("GET", `${configMaps}/${name}`)).body.metadata.ownerReferences ?? []).map((it: Seen) => it.name);

describe("the verdict about an object", () => {
  const reference = (uid: string, state: OwnerState): JudgedReference => ({
    reference: { apiVersion: "v1", kind: "ConfigMap", name: uid, uid, controller: false, blockOwnerDeletion: false },
    state,
  });
  it.each<[OwnerState[], boolean, object]>([
    [[], false, { verdict: "keep" }],
    [["there"], true, { verdict: "keep" }],
    [["unknown"], false, { verdict: "keep" }],
    [["gone", "unknown"], false, { verdict: "keep" }],
    [["gone"], true, { verdict: "delete", inForeground: false }],
    [["waiting"], false, { verdict: "delete", inForeground: false }],
    [["waiting", "gone"], true, { verdict: "delete", inForeground: true }],
    [["there", "gone", "waiting"], true, { verdict: "detach", owners: new Set(["1", "2"]) }],
  ])("with owners %j, dependents %j", (states, hasDependents, expected) => {
    const references = states.map((state, i) => reference(String(i), state));
    expect(judge(references, hasDependents)).toEqual(expected);
  });
});

describe("the garbage collector", () => {
  it("deletes what a deleted object owns, and what that owns", async () => {
    const cluster = await startWorkloads();
    const first = await make(cluster, "first");
    const second = await make(cluster, "second", { ownerReferences: [owner("ConfigMap", first)] });
    await make(cluster, "third", { ownerReferences: [owner("ConfigMap", second)] });
    await make(cluster, "other");
    await cluster.send("DELETE", `${configMaps}/first`);
    expect(await names(cluster)).toEqual(["other"]);
  });

  it("takes an owner that never was, or whose name another has, for gone", async () => {
    const cluster = await startWorkloads();
    const other = await make(cluster, "other");
    await make(cluster, "lost", { ownerReferences: [owner("ConfigMap", { name: "never" })] });
    await make(cluster, "mistaken", { ownerReferences: [owner("ConfigMap", { name: other.name })] });
    expect(await names(cluster)).toEqual(["other"]);
  });

  it("keeps what has another owner, and takes the lost reference away", async () => {
    const cluster = await startWorkloads();
    const [one, two] = [await make(cluster, "one"), await make(cluster, "two")];
    const ownerReferences = [owner("ConfigMap", one), owner("ConfigMap", two)];
    await make(cluster, "shared", { ownerReferences });
    await cluster.send("DELETE", `${configMaps}/one`);
    expect(await ownersOf(cluster, "shared")).toEqual(["two"]);
    await cluster.send("DELETE", `${configMaps}/two`);
    expect(await names(cluster)).toEqual([]);
  });

  it("orphans: dependents lose the reference and stay", async () => {
    const cluster = await startWorkloads();
    const first = await make(cluster, "first");
    await make(cluster, "second", { ownerReferences: [owner("ConfigMap", first, blocking)] });
    await cluster.send("DELETE", `${configMaps}/first`, { propagationPolicy: "Orphan" });
    expect(await names(cluster)).toEqual(["second"]);
    expect(await ownersOf(cluster, "second")).toEqual([]);
  });

  it("in the foreground, waits for the dependents that block, and for no others", async () => {
    const cluster = await startWorkloads();
    const first = await make(cluster, "first");
    const held = { finalizers: ["example.com/hold"] };
    await make(cluster, "slow", { ...held, ownerReferences: [owner("ConfigMap", first, blocking)] });
    await make(cluster, "loose", { ...held, ownerReferences: [owner("ConfigMap", first)] });
    await cluster.send("DELETE", `${configMaps}/first`, { propagationPolicy: "Foreground" });
    expect(await names(cluster)).toEqual(["first", "loose", "slow"]);
    for (const metadata of await listed(cluster)) expect(metadata.deletionTimestamp).toBeDefined();
    await cluster.patch(`${configMaps}/slow`, { metadata: { finalizers: null } });
    expect(await names(cluster)).toEqual(["loose"]);
  });

  it("in the foreground, ends circles", async () => {
    const cluster = await startWorkloads();
    const first = await make(cluster, "first");
    const second = await make(cluster, "second", { ownerReferences: [owner("ConfigMap", first, blocking)] });
    await cluster.patch(`${configMaps}/first`, {
      metadata: { ownerReferences: [owner("ConfigMap", second, blocking)] },
    });
    await cluster.send("DELETE", `${configMaps}/first`, { propagationPolicy: "Foreground" });
    expect(await names(cluster)).toEqual([]);
  });

  it("follows owners of custom kinds, and of the whole cluster", async () => {
    const cluster = await startWorkloads();
    await cluster.send("POST", definitions, widgetDefinition());
    const { metadata: big } = await cluster.send("POST", widgets, widget("big"));
    await make(cluster, "of-big", { ownerReferences: [owner("Widget", big)] });
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "edge-1" } };
    const { metadata: edge } = await cluster.send("POST", "/api/v1/nodes", node);
    await cluster.send("POST", widgets, widget("of-edge", { size: 2 }, { ownerReferences: [owner("Node", edge)] }));
    expect(await names(cluster)).toEqual(["of-big"]);
    expect(await names(cluster, widgets)).toEqual(["big", "of-edge"]);
    await cluster.send("DELETE", "/api/v1/nodes/edge-1");
    expect(await names(cluster, widgets)).toEqual(["big"]);
    await cluster.send("DELETE", `${definitions}/widgets.example.com`);
    expect(await names(cluster)).toEqual([]);
  });

  it("decides nothing about owners of a kind it does not know", async () => {
    const cluster = await startWorkloads();
    const lost = owner("Widget", { name: "big" });
    await make(cluster, "waits", { ownerReferences: [lost] });
    expect(await names(cluster)).toEqual(["waits"]);
    await cluster.send("POST", definitions, widgetDefinition());
    expect(await names(cluster)).toEqual([]);
  });

  it("finds after a restart what it had not done, and owners that went meanwhile", async () => {
    const first = await startWorkloads();
    const top = await make(first, "top");
    for (let i = 0; i < 10; i++) await make(first, `part-${i}`, { ownerReferences: [owner("ConfigMap", top)] });
    await first.request("DELETE", `${configMaps}/top`);
    await first.stop();
    const again = await startWorkloads({ disk: first.disk, clock: first.clock, seed: 2 });
    await again.quiet();
    expect(await names(again)).toEqual([]);
  });

  it.each(["Background", "Foreground"])("deletes a Deployment with all it made: %s", async (propagationPolicy) => {
    const cluster = await startWorkloads();
    await cluster.send("POST", `${apps}/deployments`, deployment("web"));
    await cluster.rolledOut();
    await cluster.send("DELETE", `${apps}/deployments/web`, { propagationPolicy });
    for (const path of [`${apps}/deployments`, `${apps}/replicasets`, `${core}/pods`]) {
      expect(await cluster.list(path), path).toEqual([]);
    }
  });

  it("orphans what a Deployment made, for another of its selector to adopt", async () => {
    const cluster = await startWorkloads();
    await cluster.send("POST", `${apps}/deployments`, deployment("web"));
    await cluster.rolledOut();
    const before = (await cluster.pods()).map(({ metadata }) => metadata.uid);
    await cluster.send("DELETE", `${apps}/deployments/web`, { propagationPolicy: "Orphan" });
    expect(await cluster.list(`${apps}/replicasets`)).toHaveLength(1);
    await cluster.send("POST", `${apps}/deployments`, deployment("web"));
    await cluster.rolledOut();
    expect((await cluster.pods()).map(({ metadata }) => metadata.uid)).toEqual(before);
    const [set] = await cluster.list(`${apps}/replicasets`);
    expect(set.metadata.ownerReferences).toHaveLength(1);
  });
});
