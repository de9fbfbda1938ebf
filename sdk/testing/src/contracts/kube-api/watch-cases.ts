import type { KubeApi, KubeObject, WatchHandlers } from "@skerry/contracts";
import { expect, it, onTestFinished, vi } from "vitest";
import { at, configMap, configMaps, gadget, gadgetResource, never, writer } from "./samples.ts";
import type { KubeApiUnderTest } from "./under-test.ts";

/** What watches guarantee. */
export function watchCases(start: () => Promise<KubeApiUnderTest>): void {
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

  it("is current once every watch has told of what was written before, whatever other kinds were", async () => {
    const { api } = await start();
    const { log } = watching(api);
    const other: string[] = [];
    const name = ({ metadata }: KubeObject) => void other.push(metadata.name);
    const configs = api.watch(configMaps, { upsert: name, remove: name, synced: () => void other.push("synced") });
    onTestFinished(() => configs[Symbol.dispose]());
    await vi.waitFor(() => expect([...log, ...other.slice(-1)]).toEqual(["synced", "synced"]));
    for (let n = 1; n <= 20; n += 1) {
      await api.create(gadget(`a${n}`, { n }), gadgetResource);
      await api.create(configMap(`c${n}`), configMaps);
      await Promise.all([api.current(never), api.current(never)]);
      expect([log.at(-1), other.at(-1)]).toEqual([`upsert a${n} ${n}`, `c${n}`]);
      await api.delete(gadgetResource, at(`a${n}`));
      await api.current(never);
      expect(log.at(-1)).toBe(`remove a${n} ${n}`);
    }
    expect(log).toHaveLength(41);
  });

  it("is not current while it is cut off, and gives up when it is told to", async () => {
    const { api, disconnect, connect } = await start();
    const { log } = watching(api);
    await vi.waitFor(() => expect(log).toEqual(["synced"]));
    await disconnect();
    const given = new AbortController();
    const gives = api.current(given.signal);
    const reason = new Error("no longer wanted");
    given.abort(reason);
    await expect(gives).rejects.toBe(reason);
    await expect(api.current(given.signal)).rejects.toBe(reason);
    let isCurrent = false;
    const waits = api.current(never).then(() => {
      isCurrent = true;
    });
    await expect(api.get(gadgetResource, at("a"))).rejects.toMatchObject({ code: "SKERRY_KUBE_UNAVAILABLE" });
    expect(isCurrent).toBe(false);
    await connect();
    await waits;
    expect(log).toEqual(["synced"]);
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
