import { describe, expect, it } from "vitest";
import { FakeClock, FakeKubeApi, gadgetResource, kubeApiContract } from "../src/index.ts";

kubeApiContract({
  name: "FakeKubeApi",
  open: async () => {
    const api = new FakeKubeApi();
    return { api, disconnect: () => api.disconnect(), connect: () => api.connect() };
  },
});

const gadget = (name: string, status?: object) => ({
  apiVersion: "contract.skerry.dev/v1",
  kind: "Gadget",
  metadata: { name },
  spec: {},
  ...(status === undefined ? {} : { status }),
});

describe("FakeKubeApi", () => {
  it("seeds objects with their status and without a request", () => {
    const clock = new FakeClock(Date.UTC(2026, 5, 1));
    const api = new FakeKubeApi(clock);
    api.seed(gadget("a", { phase: "x" }), gadgetResource);
    expect(api.requests).toEqual([]);
    expect(api.peek(gadgetResource, { name: "a" })).toMatchObject({
      metadata: { namespace: "default", generation: 1, creationTimestamp: "2026-06-01T00:00:00Z" },
      status: { phase: "x" },
    });
  });

  it("fails the next requests that fit, as often as asked, and counts them", async () => {
    const api = new FakeKubeApi();
    api.fail({ verb: "create", code: "SKERRY_KUBE_FORBIDDEN" });
    api.fail({ kind: "Gadget", times: 2 });
    const create = () => api.create(gadget("a"), gadgetResource);
    await expect(create()).rejects.toMatchObject({ code: "SKERRY_KUBE_FORBIDDEN", family: "denied" });
    await expect(create()).rejects.toMatchObject({ code: "SKERRY_KUBE_UNAVAILABLE" });
    await expect(api.list(gadgetResource)).rejects.toMatchObject({ code: "SKERRY_KUBE_UNAVAILABLE" });
    await create();
    expect(api.requests.map(({ verb }) => verb)).toEqual(["create", "create", "list", "create"]);
  });

  it("tells a watch after an interruption what is gone and what was made anew", async () => {
    const api = new FakeKubeApi();
    const log: string[] = [];
    api.seed(gadget("a"), gadgetResource);
    const watch = api.watch(gadgetResource, {
      upsert: ({ metadata }) => log.push(`upsert ${metadata.uid?.at(-1)}`),
      remove: ({ metadata }) => log.push(`remove ${metadata.uid?.at(-1)}`),
      synced: () => log.push("synced"),
    });
    await Promise.resolve();
    api.unseed(gadgetResource, { name: "a" });
    api.disconnect();
    api.seed(gadget("b"), gadgetResource);
    api.unseed(gadgetResource, { name: "b" });
    api.seed(gadget("b"), gadgetResource);
    api.connect();
    await Promise.resolve();
    watch[Symbol.dispose]();
    expect(log).toEqual(["upsert 1", "synced", "remove 1", "upsert 3"]);
  });
});
