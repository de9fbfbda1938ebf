import type { KubeObject } from "@skerry/contracts";
import { FakeClock, FakeKubeApi, FakeNodeSessions, RecordingLogger } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { NodePresence } from "../src/sessions/index.ts";
import { NodeLeases } from "../src/sessions/node-lease.ts";
import { leaseResource, nodeResource } from "../src/shared/node-resources.ts";

const name = { namespace: "kube-node-lease", name: "edge-1" };

/** Two cloud kernels over one Kubernetes API, which knows one node. */
async function setup() {
  const clock = new FakeClock();
  const kube = new FakeKubeApi(clock);
  const at = { message: "", lastTransitionTime: "2026-01-01T00:00:00Z" };
  const conditions = [
    { type: "Ready", status: "True", reason: "LinkUp", ...at },
    { type: "EdgeLink", status: "True", reason: "Connected", ...at },
  ];
  const metadata = { name: "edge-1", labels: { "skerry.dev/edge": "true" } };
  kube.seed({ apiVersion: "v1", kind: "Node", metadata, status: { conditions } }, nodeResource);
  const kernel = () => {
    const sessions = new FakeNodeSessions();
    const settings = { graceMs: 5_000, renewMs: 10_000 };
    return { sessions, presence: new NodePresence(sessions, kube, clock, new RecordingLogger(), settings) };
  };
  const [old, young] = [kernel(), kernel()];
  old.sessions.connect("edge-1", 1);
  await old.presence.start();
  await young.presence.start();
  await clock.advance(0);
  const seen: unknown[] = [];
  kube.watch(nodeResource, {
    upsert: (node) => {
      const found = (node as KubeObject & { status: { conditions: { type: string; status: string }[] } }).status;
      seen.push(found.conditions.find(({ type }) => type === "Ready")?.status);
    },
    remove: () => undefined,
    synced: () => undefined,
  });
  const stop = async () => {
    await old.presence.stop();
    await young.presence.stop();
  };
  const spec = () => kube.peek(leaseResource, name)?.spec as { leaseTransitions: number; renewTime: string };
  return { clock, kube, old: old.sessions, young: young.sessions, seen, spec, stop };
}

describe("a node whose session moves to another cloud kernel", () => {
  it.each([0, 1_000, 4_000, 9_000, 9_999, 10_000])(
    "stays ready, when the old session is found dead %i ms later",
    async (ms) => {
      const { clock, old, young, seen, spec, stop } = await setup();
      await clock.advance(3_000);
      young.connect("edge-1", 2);
      await clock.advance(ms);
      expect(spec().leaseTransitions).toBe(2);
      old.disconnect("edge-1");
      await clock.advance(60_000);
      expect(spec().leaseTransitions).toBe(2);
      expect(new Set(seen)).toEqual(new Set(["True"]));
      await stop();
    },
  );

  it("has its Lease renewed by the kernel with the newer session alone", async () => {
    const { clock, kube, young, spec, stop } = await setup();
    young.connect("edge-1", 2);
    await clock.advance(0);
    const renewals = new Set<string>();
    kube.watch(leaseResource, {
      upsert: (lease) => void renewals.add((lease.spec as { renewTime: string }).renewTime),
      remove: () => undefined,
      synced: () => undefined,
    });
    await clock.advance(30_000);
    expect(renewals.size).toBe(4);
    expect(spec().leaseTransitions).toBe(2);
    await stop();
  });

  it("is marked by the kernel that had it last, when it stays away", async () => {
    const { clock, old, young, seen, stop } = await setup();
    young.connect("edge-1", 2);
    await clock.advance(1_000);
    old.disconnect("edge-1");
    await clock.advance(1_000);
    young.disconnect("edge-1");
    await clock.advance(5_000);
    expect(seen.at(-1)).toBe("Unknown");
    await stop();
  });
});

describe("the Lease of a node", () => {
  it("is taken back by a session that lives, when who took it over does not renew", async () => {
    const { clock, kube, stop } = await setup();
    await stop();
    const [mine, other] = [new NodeLeases(kube, clock), new NodeLeases(kube, clock)];
    expect(await mine.renew("edge-1", 1, undefined)).toBe(true);
    expect(await other.renew("edge-1", 2, undefined)).toBe(true);
    expect(await mine.renew("edge-1", 1, undefined)).toBe(false);
    await clock.advance(20_000);
    expect(await mine.renew("edge-1", 1, undefined)).toBe(true);
    expect(await other.isHeldElsewhere("edge-1")).toBe(true);
    expect(await other.renew("edge-1", 2, undefined)).toBe(false);
  });

  it("that others write without end is not taken, and says so", async () => {
    const { clock, kube, stop } = await setup();
    await stop();
    kube.fail({ verb: "patch", kind: "Lease", code: "SKERRY_KUBE_CONFLICT", times: 5 });
    await expect(new NodeLeases(kube, clock).renew("edge-1", 1, undefined)).rejects.toMatchObject({
      code: "SKERRY_NODES_LEASE_CONTENDED",
      family: "unavailable",
      details: { node: "edge-1", attempts: 5 },
    });
  });

  it("that was deleted is made again, and one that others touched stays whose it is", async () => {
    const { clock, kube, stop } = await setup();
    await stop();
    const leases = new NodeLeases(kube, clock);
    expect(await leases.renew("edge-1", 1, undefined)).toBe(true);
    const before = (kube.peek(leaseResource, name)?.spec as { leaseTransitions: number } | undefined)?.leaseTransitions;
    await kube.patch(leaseResource, name, { metadata: { labels: { a: "b" } } }, { fieldManager: "someone" });
    expect(await leases.renew("edge-1", 1, undefined)).toBe(true);
    expect(kube.peek(leaseResource, name)?.spec).toMatchObject({ leaseTransitions: before });
    await kube.delete(leaseResource, name);
    expect(await leases.renew("edge-1", 1, undefined)).toBe(true);
    expect(kube.peek(leaseResource, name)?.spec).toMatchObject({ holderIdentity: "edge-1" });
  });
});
