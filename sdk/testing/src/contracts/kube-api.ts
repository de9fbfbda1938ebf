import type { KubeApi, KubeObject, Resource, WatchHandlers } from "@skerry/contracts";
import { describe, expect, it, onTestFinished, vi } from "vitest";

export interface KubeApiUnderTest {
  readonly api: KubeApi;
  /** Cuts the API off: requests fail and watches stand still. `connect` ends that. */
  disconnect(): void | Promise<void>;
  connect(): void | Promise<void>;
  stop?(): Promise<void>;
}

export interface KubeApiContractOptions {
  readonly name: string;
  /** A fresh API that serves ConfigMaps, Pods, the namespaces `default` and `other`, and `gadgetDefinition`. */
  open(): Promise<KubeApiUnderTest>;
}

/** Custom resource of the suite; it has a status subresource. */
export const gadgetResource: Resource = {
  group: "contract.skerry.dev",
  version: "v1",
  kind: "Gadget",
  plural: "gadgets",
  namespaced: true,
};

export const gadgetDefinition: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.contract.skerry.dev" },
  spec: {
    group: "contract.skerry.dev",
    scope: "Namespaced",
    names: { plural: "gadgets", singular: "gadget", kind: "Gadget", listKind: "GadgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
};

const configMaps: Resource = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };
const pods: Resource = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };
const writer = { fieldManager: "contract" };
const statusWriter = { ...writer, subresource: "status" } as const;

const configMap = (name: string, data: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", ...metadata },
  data,
});
const gadget = (name: string, spec: object, metadata: object = {}): KubeObject => ({
  apiVersion: "contract.skerry.dev/v1",
  kind: "Gadget",
  metadata: { name, namespace: "default", ...metadata },
  spec,
});
const pod = (name: string, spec: object): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: { containers: [{ name: "main", image: "scratch" }], ...spec },
});
const at = (name: string, namespace = "default") => ({ name, namespace });

/** What every implementation of `kube.api/1` guarantees. */
export function kubeApiContract({ name, open }: KubeApiContractOptions): void {
  const start = async (): Promise<KubeApiUnderTest> => {
    const opened = await open();
    onTestFinished(async () => await opened.stop?.());
    return opened;
  };

  describe(`KubeApi: ${name}`, () => {
    it("creates objects and reads them back as the server completed them", async () => {
      const { api } = await start();
      expect(await api.get(configMaps, at("a"))).toBeUndefined();
      const created = await api.create(configMap("a", { key: "value" }), configMaps);
      expect(created).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { key: "value" } });
      expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(created.metadata.resourceVersion).toMatch(/^\d+$/);
      expect(created.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(await api.get(configMaps, at("a"))).toEqual(created);
      await expect(api.create(configMap("a"), configMaps)).rejects.toMatchObject({
        code: "SKERRY_KUBE_CONFLICT",
        family: "conflict",
      });
    });

    it("puts objects without a namespace into the namespace default", async () => {
      const { api } = await start();
      await api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }, configMaps);
      expect((await api.get(configMaps, { name: "a" }))?.metadata.namespace).toBe("default");
    });

    it("refuses objects that are not of the resource, or not valid", async () => {
      const { api } = await start();
      const invalid = { code: "SKERRY_KUBE_INVALID", family: "invalid" };
      await expect(api.create(gadget("a", {}), configMaps)).rejects.toMatchObject(invalid);
      await expect(api.create(configMap(""), configMaps)).rejects.toMatchObject(invalid);
    });

    it("lists by namespace and by labels", async () => {
      const { api } = await start();
      await api.create(configMap("a", {}, { labels: { tier: "front", suite: "x" } }), configMaps);
      await api.create(configMap("b", {}, { labels: { tier: "back", suite: "x" } }), configMaps);
      await api.create(configMap("c", {}, { labels: { suite: "x" }, namespace: "other" }), configMaps);
      const names = async (labelSelector: string, namespace?: string) =>
        (await api.list(configMaps, { labelSelector, ...(namespace === undefined ? {} : { namespace }) })).map(
          (object) => `${object.kind} ${object.metadata.name}`,
        );
      expect(await names("suite=x")).toEqual(["ConfigMap a", "ConfigMap b", "ConfigMap c"]);
      expect(await names("suite==x", "other")).toEqual(["ConfigMap c"]);
      expect(await names("suite,tier!=front")).toEqual(["ConfigMap b", "ConfigMap c"]);
      expect(await names("tier in (front, back),suite notin (y)")).toEqual(["ConfigMap a", "ConfigMap b"]);
      expect(await names("suite,!tier")).toEqual(["ConfigMap c"]);
    });

    it("merges patches and removes what is null", async () => {
      const { api } = await start();
      const created = await api.create(configMap("a", { one: "1", two: "2" }), configMaps);
      const patched = await api.patch(configMaps, at("a"), { data: { two: null, three: "3" } }, writer);
      expect(patched["data"]).toEqual({ one: "1", three: "3" });
      expect(patched.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
      const again = await api.patch(configMaps, at("a"), { data: { three: "3" } }, writer);
      expect(again.metadata.resourceVersion).toBe(patched.metadata.resourceVersion);
    });

    it("compares and swaps by resourceVersion", async () => {
      const { api } = await start();
      const { resourceVersion } = (await api.create(configMap("a", { n: "0" }), configMaps)).metadata;
      const swap = (n: string) =>
        api.patch(configMaps, at("a"), { metadata: { resourceVersion }, data: { n } }, writer);
      await swap("1");
      await expect(swap("2")).rejects.toMatchObject({ code: "SKERRY_KUBE_CONFLICT" });
      expect(await api.get(configMaps, at("a"))).toMatchObject({ data: { n: "1" } });
    });

    it("does not patch what does not exist", async () => {
      const { api } = await start();
      await expect(api.patch(configMaps, at("a"), { data: {} }, writer)).rejects.toMatchObject({
        code: "SKERRY_KUBE_NOT_FOUND",
        family: "conflict",
      });
    });

    it("keeps the status apart from the rest", async () => {
      const { api } = await start();
      const created = await api.create({ ...gadget("a", { size: 1 }), status: { phase: "x" } }, gadgetResource);
      expect(created).not.toHaveProperty("status");
      expect(created.metadata.generation).toBe(1);
      const both = { spec: { size: 2 }, status: { phase: "y" } };
      const withStatus = await api.patch(gadgetResource, at("a"), both, statusWriter);
      expect(withStatus).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1 }, status: { phase: "y" } });
      const withSpec = await api.patch(gadgetResource, at("a"), { ...both, status: { phase: "z" } }, writer);
      expect(withSpec).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 }, status: { phase: "y" } });
    });

    it("applies by creating or merging, the status too", async () => {
      const { api } = await start();
      expect(await api.apply(gadget("a", { size: 1 }), gadgetResource, writer)).toMatchObject({ spec: { size: 1 } });
      expect(await api.apply(gadget("a", { color: "red" }), gadgetResource, writer)).toMatchObject({
        spec: { size: 1, color: "red" },
      });
      const fresh = { ...gadget("b", { size: 2 }), status: { phase: "new" } };
      expect(await api.apply(fresh, gadgetResource, statusWriter)).toMatchObject({ status: { phase: "new" } });
    });

    it("deletes, also what is gone, and only the uid that was asked for", async () => {
      const { api } = await start();
      const first = await api.create(configMap("a"), configMaps);
      await api.delete(configMaps, at("a"), { uid: "00000000-1111-4000-8000-000000000000" });
      expect(await api.get(configMaps, at("a"))).toEqual(first);
      await api.delete(configMaps, at("a"), { uid: first.metadata.uid ?? "" });
      expect(await api.get(configMaps, at("a"))).toBeUndefined();
      await api.delete(configMaps, at("a"));
    });

    it("keeps a deleted object until its finalizers are gone", async () => {
      const { api } = await start();
      await api.create(gadget("a", {}, { finalizers: ["skerry.dev/contract"] }), gadgetResource);
      await api.delete(gadgetResource, at("a"));
      expect((await api.get(gadgetResource, at("a")))?.metadata.deletionTimestamp).toMatch(/Z$/);
      await api.patch(gadgetResource, at("a"), { metadata: { finalizers: null } }, writer);
      expect(await api.get(gadgetResource, at("a"))).toBeUndefined();
    });

    it("keeps a deleted Pod of a node until it is deleted without grace", async () => {
      const { api } = await start();
      const { uid = "" } = (await api.create(pod("a", { nodeName: "n", terminationGracePeriodSeconds: 7 }), pods))
        .metadata;
      await api.delete(pods, at("a"));
      await api.delete(pods, at("a"));
      expect((await api.get(pods, at("a")))?.metadata).toMatchObject({
        uid,
        deletionTimestamp: expect.stringMatching(/Z$/),
        deletionGracePeriodSeconds: 7,
      });
      await api.delete(pods, at("a"), { uid: "00000000-1111-4000-8000-000000000000", gracePeriodSeconds: 0 });
      expect(await api.get(pods, at("a"))).toBeDefined();
      await api.delete(pods, at("a"), { uid, gracePeriodSeconds: 0 });
      expect(await api.get(pods, at("a"))).toBeUndefined();
    });

    it("deletes a Pod of no node at once", async () => {
      const { api } = await start();
      await api.create(pod("a", { terminationGracePeriodSeconds: 7 }), pods);
      await api.delete(pods, at("a"));
      expect(await api.get(pods, at("a"))).toBeUndefined();
    });

    it("watches: what there is, then every change in order", async () => {
      const { api } = await start();
      await api.create(gadget("a", { n: 1 }), gadgetResource);
      const { log } = watching(api, { namespace: "default" });
      await vi.waitFor(() => expect(log).toEqual(["upsert a 1", "synced"]));
      await api.create(gadget("elsewhere", { n: 1 }, { namespace: "other" }), gadgetResource);
      await api.create(gadget("b", { n: 1 }), gadgetResource);
      await api.patch(gadgetResource, at("a"), { spec: { n: 2 } }, writer);
      await api.delete(gadgetResource, at("a"));
      await vi.waitFor(() => expect(log.slice(2)).toEqual(["upsert b 1", "upsert a 2", "remove a 2"]));
    });

    it("watches a selection: an object that leaves it is removed", async () => {
      const { api } = await start();
      const { log } = watching(api, { labelSelector: "in=yes" });
      await vi.waitFor(() => expect(log).toEqual(["synced"]));
      await api.create(gadget("a", { n: 1 }), gadgetResource);
      await api.patch(gadgetResource, at("a"), { metadata: { labels: { in: "yes" } } }, writer);
      await api.patch(gadgetResource, at("a"), { metadata: { labels: { in: "no" } } }, writer);
      await vi.waitFor(() => expect(log.slice(1)).toEqual(["upsert a 1", "remove a 1"]));
    });

    it("calls no handler after it is disposed", async () => {
      const { api } = await start();
      const { log, watch } = watching(api);
      const { log: other } = watching(api);
      await vi.waitFor(() => expect(log).toEqual(["synced"]));
      watch[Symbol.dispose]();
      await api.create(gadget("a", { n: 1 }), gadgetResource);
      await vi.waitFor(() => expect(other).toEqual(["synced", "upsert a 1"]));
      expect(log).toEqual(["synced"]);
    });

    it("fails while it is cut off, and tells watchers the difference afterwards, once", async () => {
      const { api, disconnect, connect } = await start();
      await api.create(gadget("a", { n: 1 }), gadgetResource);
      await api.create(gadget("b", { n: 1 }), gadgetResource);
      const { log } = watching(api);
      await vi.waitFor(() => expect(log).toEqual(["upsert a 1", "upsert b 1", "synced"]));
      await disconnect();
      await expect(api.get(gadgetResource, at("a"))).rejects.toMatchObject({
        code: "SKERRY_KUBE_UNAVAILABLE",
        family: "unavailable",
      });
      const { log: late } = watching(api);
      expect(late).toEqual([]);
      await connect();
      await vi.waitFor(() => expect(late).toEqual(["upsert a 1", "upsert b 1", "synced"]), 15_000);
      await api.delete(gadgetResource, at("a"));
      await vi.waitFor(() => expect(log.slice(3)).toEqual(["remove a 1"]), 15_000);
    });
  });
}

function watching(api: KubeApi, options: Parameters<KubeApi["watch"]>[2] = {}) {
  const log: string[] = [];
  const line = (verb: string, { metadata, spec }: KubeObject) =>
    log.push(`${verb} ${metadata.name} ${(spec as { n: number }).n}`);
  const handlers: WatchHandlers = {
    upsert: (object) => void line("upsert", object),
    remove: (object) => void line("remove", object),
    synced: () => void log.push("synced"),
  };
  const watch = api.watch(gadgetResource, handlers, options);
  onTestFinished(() => watch[Symbol.dispose]());
  return { log, watch };
}
