import { describe, expect, it } from "vitest";
import {
  configMap,
  configMaps,
  startTestCluster,
  type TestCluster,
  widget,
  widgets,
  withWidgets,
} from "./test-cluster.ts";

const merge = "application/merge-patch+json";
const table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

async function fill({ request }: TestCluster, names: readonly string[]): Promise<void> {
  for (const name of names) await request("POST", configMaps, { body: configMap(name) });
}
const namesOf = (body: { items: { metadata: { name: string } }[] }) => body.items.map(({ metadata }) => metadata.name);
const summary = (events: readonly { type: string; object: { metadata: { name?: string } } }[]) =>
  events.map(({ type, object }) => `${type} ${object.metadata.name ?? ""}`.trim());

describe("a list", () => {
  it("comes in pages, all of the state of the first", async () => {
    const cluster = await startTestCluster();
    const { request } = cluster;
    await fill(cluster, ["a", "b", "c", "d"]);
    const first = (await request("GET", `${configMaps}?limit=2`)).body;
    expect(namesOf(first)).toEqual(["a", "b"]);
    expect(first.metadata.remainingItemCount).toBe(2);
    await request("DELETE", `${configMaps}/c`);
    await request("POST", configMaps, { body: configMap("bb") });
    const second = (await request("GET", `${configMaps}?limit=2&continue=${first.metadata.continue}`)).body;
    expect(namesOf(second)).toEqual(["c", "d"]);
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
    expect((await request("GET", `${configMaps}?continue=nonsense`)).status).toBe(400);
  });

  it("that goes on too late is told so, and may go on regardless", async () => {
    const cluster = await startTestCluster({ history: { changes: 2, bytes: 1e6 } });
    await fill(cluster, ["a", "b", "c"]);
    const first = (await cluster.request("GET", `${configMaps}?limit=1`)).body;
    await fill(cluster, ["d", "e", "f"]);
    const late = await cluster.request("GET", `${configMaps}?continue=${first.metadata.continue}`);
    expect(late).toMatchObject({ status: 410, body: { reason: "Expired" } });
    const rest = await cluster.request("GET", `${configMaps}?continue=${late.body.metadata.continue}`);
    expect(namesOf(rest.body)).toEqual(["b", "c", "d", "e", "f"]);
  });

  it("can be asked for as it was, for a while, and not as it will be", async () => {
    const cluster = await startTestCluster();
    await fill(cluster, ["a"]);
    const { resourceVersion } = (await cluster.request("GET", configMaps)).body.metadata;
    await fill(cluster, ["b"]);
    const at = (version: string, match: string) =>
      cluster.request("GET", `${configMaps}?resourceVersion=${version}&resourceVersionMatch=${match}`);
    expect(namesOf((await at(resourceVersion, "Exact")).body)).toEqual(["a"]);
    expect(namesOf((await at(resourceVersion, "NotOlderThan")).body)).toEqual(["a", "b"]);
    expect((await at("1", "Exact")).body.items).toEqual([]);
    const early = await at("1000", "NotOlderThan");
    expect(early).toMatchObject({
      status: 504,
      body: { details: { causes: [{ reason: "ResourceVersionTooLarge" }] } },
    });
  });

  it("carries the version of the last change of its kind, whatever else is written", async () => {
    const cluster = await startTestCluster();
    const version = async (query = "") =>
      Number((await cluster.request("GET", `${configMaps}${query}`)).body.metadata.resourceVersion);
    await fill(cluster, ["a"]);
    const one = cluster.store.version;
    await cluster.request("POST", "/api/v1/namespaces", { body: { metadata: { name: "more" } } });
    const more = cluster.store.version;
    expect(more).toBeGreaterThan(one);
    expect([await version(), await version("?limit=1"), await version(`?resourceVersion=${more}`)]).toEqual([
      one,
      one,
      more,
    ]);
    await cluster.request("DELETE", `${configMaps}/a`);
    expect(await version()).toBe(cluster.store.version);
    const { events } = await cluster.watch(`${configMaps}?watch=1&resourceVersion=${one}`);
    await expect.poll(() => summary(events)).toEqual(["DELETED a"]);
    expect(await version()).toBe(Number(events[0]?.object.metadata.resourceVersion));
  });

  it("is a table, or metadata alone, for those who ask", async () => {
    const { request } = await withWidgets();
    await request("POST", widgets, { body: widget("a") });
    const { type, body } = await request("GET", widgets, { accept: table });
    expect(type).toBe("application/json");
    expect(body).toMatchObject({ kind: "Table", apiVersion: "meta.k8s.io/v1" });
    expect(body.rows).toMatchObject([{ object: { kind: "PartialObjectMetadata", metadata: { name: "a" } } }]);
    expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
    const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    const metadata = (await request("GET", widgets, { accept })).body;
    expect(metadata).toMatchObject({ kind: "PartialObjectMetadataList", items: [{ kind: "PartialObjectMetadata" }] });
    expect(metadata.items[0]).not.toHaveProperty("spec");
  });

  it("spans namespaces in order", async () => {
    const { request } = await startTestCluster();
    for (const namespace of ["kube-system", "default"]) {
      await request("POST", `/api/v1/namespaces/${namespace}/configmaps`, { body: configMap("a") });
    }
    const { body } = await request("GET", "/api/v1/configmaps");
    const namespaces = body.items.map((item: { metadata: { namespace: string } }) => item.metadata.namespace);
    expect(namespaces).toEqual(["default", "kube-system"]);
  });
});

describe("a watch", () => {
  it("begins with what there is, then tells every change in order", async () => {
    const cluster = await startTestCluster();
    await fill(cluster, ["a"]);
    const { events } = await cluster.watch(`${configMaps}?watch=true`);
    await expect.poll(() => summary(events)).toEqual(["ADDED a"]);
    await fill(cluster, ["b"]);
    await cluster.request("PATCH", `${configMaps}/a`, { body: { data: { x: "y" } }, type: merge });
    await cluster.request("DELETE", `${configMaps}/a`);
    await cluster.request("POST", "/api/v1/namespaces/kube-system/configmaps", { body: configMap("elsewhere") });
    await expect.poll(() => summary(events)).toEqual(["ADDED a", "ADDED b", "MODIFIED a", "DELETED a"]);
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it("from a version tells what happened since, as often as it is asked", async () => {
    const cluster = await startTestCluster();
    const { resourceVersion } = (await cluster.request("GET", configMaps)).body.metadata;
    await fill(cluster, ["a", "b"]);
    for (const _ of [1, 2]) {
      const { events } = await cluster.watch(`${configMaps}?watch=1&resourceVersion=${resourceVersion}`);
      await expect.poll(() => summary(events)).toEqual(["ADDED a", "ADDED b"]);
    }
  });

  it("from a version before the history ends with 410 in the stream", async () => {
    const cluster = await startTestCluster({ history: { changes: 2, bytes: 1e6 } });
    const { resourceVersion } = (await cluster.request("GET", configMaps)).body.metadata;
    await fill(cluster, ["a", "b", "c"]);
    const { events, isOver, status } = await cluster.watch(`${configMaps}?watch=1&resourceVersion=${resourceVersion}`);
    await expect.poll(isOver).toBe(true);
    expect(status).toBe(200);
    expect(events).toMatchObject([{ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } }]);
  });

  it("is bounded by bytes as well", async () => {
    const cluster = await startTestCluster({ history: { changes: 1000, bytes: 2000 } });
    const { resourceVersion } = (await cluster.request("GET", configMaps)).body.metadata;
    for (const name of ["a", "b", "c"]) {
      await cluster.request("POST", configMaps, { body: configMap(name, { big: "x".repeat(1000) }) });
    }
    const { events } = await cluster.watch(`${configMaps}?watch=1&resourceVersion=${resourceVersion}`);
    await expect.poll(() => events.map(({ type }) => type)).toEqual(["ERROR"]);
  });

  it("of a selection shows what comes to match as added, and what no longer does as deleted", async () => {
    const cluster = await startTestCluster();
    await fill(cluster, ["a"]);
    const { events } = await cluster.watch(`${configMaps}?watch=1&labelSelector=in%3Dyes`);
    const label = (value: string) =>
      cluster.request("PATCH", `${configMaps}/a`, { body: { metadata: { labels: { in: value } } }, type: merge });
    await label("yes");
    await label("no");
    await label("never");
    await expect.poll(() => summary(events)).toEqual(["ADDED a", "DELETED a"]);
  });

  it("of one object sees no other", async () => {
    const cluster = await startTestCluster();
    await fill(cluster, ["a", "b"]);
    const { events } = await cluster.watch(`${configMaps}?watch=1&fieldSelector=metadata.name%3Db`);
    await expect.poll(() => summary(events)).toEqual(["ADDED b"]);
  });

  it("marks the end of what there was, and every minute how far it is", async () => {
    const cluster = await startTestCluster();
    await fill(cluster, ["a"]);
    const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const { events } = await cluster.watch(`${configMaps}?${query}`);
    await expect.poll(() => summary(events)).toEqual(["ADDED a", "BOOKMARK"]);
    expect(events[1]?.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
    await cluster.request("POST", "/api/v1/namespaces", { body: { metadata: { name: "more" } } });
    await cluster.clock.advance(60_000);
    await expect.poll(() => events.length).toBe(3);
    const { metadata } = events[2]?.object ?? {};
    expect(Number(metadata.resourceVersion)).toBe(cluster.store.version);
  });

  it("ends when its time is up", async () => {
    const cluster = await startTestCluster();
    const { isOver, events } = await cluster.watch(`${configMaps}?watch=1&timeoutSeconds=5&allowWatchBookmarks=1`);
    await cluster.clock.advance(4_000);
    expect(isOver()).toBe(false);
    await cluster.clock.advance(1_000);
    await expect.poll(isOver).toBe(true);
    expect(summary(events)).toEqual(["BOOKMARK"]);
  });

  it("as a table names its columns once", async () => {
    const cluster = await startTestCluster();
    await fill(cluster, ["a", "b"]);
    const { events } = await cluster.watch(`${configMaps}?watch=1`, { accept: table });
    await expect.poll(() => events.length).toBe(2);
    expect(events.map(({ object }) => object.kind)).toEqual(["Table", "Table"]);
    expect(events[0]?.object.columnDefinitions.length).toBeGreaterThan(0);
    expect(events[1]?.object.columnDefinitions).toEqual([]);
  });

  it("leaves no timer and no listener behind", async () => {
    const cluster = await startTestCluster();
    const before = cluster.clock.pending;
    const { events, end } = await cluster.watch(`${configMaps}?watch=1&allowWatchBookmarks=1`);
    await fill(cluster, ["a"]);
    await expect.poll(() => events.length).toBe(1);
    expect(cluster.clock.pending).toBeGreaterThan(before);
    await end();
    expect(cluster.clock.pending).toBe(before);
  });
});
