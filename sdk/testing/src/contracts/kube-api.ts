import { describe, expect, it, onTestFinished } from "vitest";
import {
  at,
  configMap,
  configMaps,
  gadget,
  gadgetResource,
  pod,
  pods,
  serviceAccounts,
  statusWriter,
  writer,
} from "./kube-api/samples.ts";
import type { KubeApiUnderTest } from "./kube-api/under-test.ts";
import { watchCases } from "./kube-api/watch-cases.ts";

export { gadgetDefinition, gadgetResource } from "./kube-api/samples.ts";
export type { KubeApiUnderTest } from "./kube-api/under-test.ts";

export interface KubeApiContractOptions {
  readonly name: string;
  /** A fresh API that serves ConfigMaps, Pods, the namespaces `default` and `other`, and `gadgetDefinition`. */
  open(): Promise<KubeApiUnderTest>;
}

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

    it("creates tokens of ServiceAccounts that are there", async () => {
      const { api } = await start();
      const ask = (expirationSeconds: number) =>
        api.createSubresource(serviceAccounts, at("robot"), "token", {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenRequest",
          metadata: at("robot"),
          spec: { audiences: ["vault"], expirationSeconds },
        });
      await expect(ask(900)).rejects.toMatchObject({ code: "SKERRY_KUBE_NOT_FOUND" });
      await api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: at("robot") }, serviceAccounts);
      const [first, second] = [await ask(900), await ask(900)];
      expect(first).toMatchObject({
        kind: "TokenRequest",
        spec: { audiences: ["vault"], expirationSeconds: 900 },
        status: { token: expect.stringMatching(/./), expirationTimestamp: expect.stringMatching(/Z$/) },
      });
      expect(second.status).not.toMatchObject({ token: (first.status as { token: string }).token });
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

    watchCases(start);
  });
}
