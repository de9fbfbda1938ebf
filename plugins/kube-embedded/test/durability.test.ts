import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { describe, expect, it } from "vitest";
import { ObjectStore } from "../src/registry/object-store.ts";
import { configMap, configMaps, startTestCluster, widget, widgets, withWidgets } from "./test-cluster.ts";

const merge = "application/merge-patch+json";

describe("what was answered", () => {
  it("is there after a restart, definitions included, and versions go on", async () => {
    const disk = new MemoryDisk();
    const first = await withWidgets({ disk });
    await first.request("POST", widgets, { body: widget("a") });
    await first.request("POST", configMaps, { body: configMap("gone") });
    await first.request("DELETE", `${configMaps}/gone`);
    const { version, size } = first.store;
    await first.stop();
    disk.crash();
    const second = await startTestCluster({ disk });
    expect([second.store.version, second.store.size]).toEqual([version, size]);
    expect((await second.request("GET", `${widgets}/a`)).body).toMatchObject({ spec: { size: 1, color: "red" } });
    const created = await second.request("POST", configMaps, { body: configMap("b") });
    expect(Number(created.body.metadata.resourceVersion)).toBe(version + 1);
  });

  it("ends watches from before the restart with 410, and lets those from its very end go on", async () => {
    const disk = new MemoryDisk();
    const first = await startTestCluster({ disk });
    const before = (await first.request("GET", configMaps)).body.metadata.resourceVersion;
    await first.request("POST", configMaps, { body: configMap("a") });
    const after = (await first.request("GET", configMaps)).body.metadata.resourceVersion;
    await first.stop();
    const second = await startTestCluster({ disk });
    const old = await second.watch(`${configMaps}?watch=1&resourceVersion=${before}`);
    await expect.poll(() => old.events).toMatchObject([{ type: "ERROR", object: { code: 410 } }]);
    const current = await second.watch(`${configMaps}?watch=1&resourceVersion=${after}`);
    await second.request("POST", configMaps, { body: configMap("b") });
    await expect.poll(() => current.events).toMatchObject([{ type: "ADDED", object: { metadata: { name: "b" } } }]);
  });

  it("was on the disk first: until then nobody sees it, reader or watcher", async () => {
    const { request, watch, disk } = await startTestCluster();
    const { events } = await watch(`${configMaps}?watch=1`);
    const release = disk.holdSyncs();
    let isAnswered = false;
    const creating = request("POST", configMaps, { body: configMap("a") }).then((answer) => {
      isAnswered = true;
      return answer;
    });
    expect((await request("GET", `${configMaps}/a`)).status).toBe(404);
    // A second writer, though, has to reckon with the first.
    const second = request("POST", configMaps, { body: configMap("a") });
    await expect(second).resolves.toMatchObject({ status: 409 });
    expect([isAnswered, events]).toEqual([false, []]);
    release();
    expect((await creating).status).toBe(201);
    await expect.poll(() => events.length).toBe(1);
  });

  it("is not what a failed write left: it and all that was built on it are refused together", async () => {
    const disk = new MemoryDisk();
    const { request } = await startTestCluster({ disk });
    await request("POST", configMaps, { body: configMap("a", { n: "0" }) });
    disk.holdSyncs();
    const patch = (n: string) => request("PATCH", `${configMaps}/a`, { body: { data: { n } }, type: merge });
    const writes = Promise.all([patch("1"), patch("2"), patch("3")]);
    await request("GET", configMaps);
    disk.crash();
    expect((await writes).map(({ status }) => status)).toEqual([500, 500, 500]);
    expect((await request("GET", `${configMaps}/a`)).body.data).toEqual({ n: "0" });
    const again = await startTestCluster({ disk });
    expect((await again.request("GET", `${configMaps}/a`)).body.data).toEqual({ n: "0" });
  });

  it("came in groups: writes that arrive together share a sync", async () => {
    const { request, disk } = await startTestCluster();
    const release = disk.holdSyncs();
    const writes = Array.from({ length: 50 }, (_, i) => request("POST", configMaps, { body: configMap(`c${i}`) }));
    await request("GET", configMaps);
    expect(disk.unsyncedBatches).toBe(1);
    release();
    const answers = await Promise.all(writes);
    expect(new Set(answers.map(({ body }) => body.metadata.resourceVersion)).size).toBe(50);
  });
});

describe("a store that is broken", () => {
  it.each([
    ["no JSON", "object//configmaps/default/a", "{"],
    ["another object's", "object//configmaps/default/a", '{"metadata":{"name":"b","namespace":"default"}}'],
    ["no object's key", "object/configmaps", "{}"],
    ["no version", "version", "seven"],
  ])("by an entry that is %s stops the start", async (_, key, text) => {
    const store = await new MemoryStorage(new MemoryDisk()).open("kube-embedded");
    await store.write([{ type: "put", key, value: new TextEncoder().encode(text) }]);
    await expect(ObjectStore.open(store)).rejects.toMatchObject({
      code: "SKERRY_KUBE_EMBEDDED_CORRUPT",
      family: "corrupt",
      details: { key },
    });
  });
});

describe("a stored definition that cannot be served", () => {
  it("is reported, and keeps nothing else from being served", async () => {
    const disk = new MemoryDisk();
    const first = await withWidgets({ disk });
    await first.stop();
    const store = await new MemoryStorage(disk).open("kube-embedded");
    const key = "object/apiextensions.k8s.io/customresourcedefinitions//widgets.example.com";
    const text = new TextDecoder().decode(await store.get(key));
    const broken = text.replace('"minimum":1', '"pattern":"(","minimum":1');
    await store.write([{ type: "put", key, value: new TextEncoder().encode(broken) }]);
    const second = await startTestCluster({ disk });
    expect(second.logger.records).toContainEqual(
      expect.objectContaining({
        level: "error",
        fields: {
          definition: "widgets.example.com",
          error: expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_CRD", family: "corrupt" }),
        },
      }),
    );
    expect((await second.request("GET", widgets)).status).toBe(404);
    expect((await second.request("GET", configMaps)).status).toBe(200);
  });
});

describe("a server that stops", () => {
  it("finishes what it began and refuses the rest", async () => {
    const { request, stop, disk, logger } = await startTestCluster();
    const release = disk.holdSyncs();
    const begun = request("POST", configMaps, { body: configMap("a") });
    const stopping = stop();
    expect(await request("POST", configMaps, { body: configMap("b") })).toMatchObject({
      status: 503,
      body: { reason: "ServiceUnavailable" },
    });
    expect(logger.records.at(-1)?.fields["error"]).toMatchObject({ code: "SKERRY_KUBE_EMBEDDED_STOPPED" });
    release();
    expect((await begun).status).toBe(201);
    await stopping;
  });
});
