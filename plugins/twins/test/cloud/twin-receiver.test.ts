import type { DesiredValue, JsonValue } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import type { TwinReport } from "../../src/shared/twin-report.ts";
import { demoModel, meter, version } from "../demo-meter.ts";
import { CloudNode } from "./cloud-node.ts";

const t0 = Date.UTC(2026, 0, 1);
const at = new Date(t0).toISOString();

async function cloudWithMeter(device = meter()): Promise<CloudNode> {
  const cloud = new CloudNode();
  cloud.seedModel(demoModel);
  cloud.seed(device);
  return cloud.start();
}

const report = (more: Partial<TwinReport> = {}): TwinReport => ({
  uid: "uid-1",
  observedGeneration: 1,
  reported: {},
  desired: {},
  conditions: [],
  ...more,
});

const reported = (value: JsonValue, ms = t0) => ({
  value,
  at: new Date(ms).toISOString(),
  version: version(ms, "edge-1"),
});

const setAtEdge = (value: JsonValue, ms: number, more: Partial<DesiredValue> = {}): DesiredValue => ({
  value,
  state: "pending",
  at,
  origin: "edge-1",
  version: version(ms, "edge-1"),
  ...more,
});

const codeOf = (promise: Promise<void>) => promise.then(() => "resolved", errorCode);

const statusWrites = (cloud: CloudNode) =>
  cloud.kube.requests.filter(
    ({ options, resource }) => options?.subresource === "status" && resource.kind === "Device",
  );

describe("a report of an edge", () => {
  it("becomes the status of the Device, with a summary and conditions", async () => {
    const cloud = await cloudWithMeter();
    await cloud.receive(
      report({
        reported: { voltage: reported(230.1), relay: reported(true), current: reported(4.2000001) },
        conditions: [{ type: "Connected", status: "True", reason: "Answers", message: "it answers" }],
      }),
    );
    const { status } = cloud.device();
    expect(status).toMatchObject({
      observedGeneration: 1,
      summary: "voltage=230.1V current=4.2A relay=true",
      reported: { voltage: reported(230.1) },
    });
    expect(cloud.condition("Connected")).toEqual({
      type: "Connected",
      status: "True",
      reason: "Answers",
      message: "it answers",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    });
    expect(cloud.condition("Synced")).toMatchObject({ status: "True", reason: "NothingDesired" });
    expect(cloud.condition("ModelFound")).toMatchObject({ status: "True" });
  });

  it("is the edge's whole state: what it no longer reports goes", async () => {
    const cloud = await cloudWithMeter();
    await cloud.receive(report({ reported: { voltage: reported(230), current: reported({ a: 1, b: 2 }) } }));
    await cloud.clock.advance(500);
    await cloud.receive(report({ reported: { current: reported({ b: 3 }) } }));
    expect(cloud.device().status?.reported).toEqual({ current: reported({ b: 3 }) });
  });

  it("is denied for the device of another node, and writes nothing", async () => {
    const cloud = await cloudWithMeter(meter({ node: "edge-2" }));
    const before = cloud.device();
    expect(await codeOf(cloud.receive(report()))).toBe("SKERRY_TWINS_NOT_OWNER");
    expect(cloud.device()).toBe(before);
  });

  it("of a device that does not exist, or of an earlier one of the name, is refused", async () => {
    const cloud = await cloudWithMeter();
    expect(await codeOf(cloud.receive(report(), "edge-1", "default/meter-9"))).toBe("SKERRY_TWINS_UNKNOWN_DEVICE");
    expect(await codeOf(cloud.receive(report({ uid: "uid-0" })))).toBe("SKERRY_TWINS_UNKNOWN_DEVICE");
  });

  it.each<[string, JsonValue]>([
    ["no object", 7],
    ["no uid", { reported: {}, desired: {}, conditions: [] }],
    ["a generation that is text", { uid: "uid-1", observedGeneration: "1", reported: {}, desired: {}, conditions: [] }],
    ["no reported values", { uid: "uid-1", desired: {}, conditions: [] }],
    ["a bad version", { uid: "uid-1", reported: { a: { value: 1, at, version: "x" } }, desired: {}, conditions: [] }],
    [
      "a bad state",
      { uid: "uid-1", reported: {}, desired: { a: { ...setAtEdge(1, t0), state: "new" } as never }, conditions: [] },
    ],
    [
      "a foreign condition",
      { uid: "uid-1", reported: {}, desired: {}, conditions: [{ type: "Synced", status: "True" }] },
    ],
    ["conditions that are no list", { uid: "uid-1", reported: {}, desired: {}, conditions: {} }],
  ])("with %s is refused", async (_, value) => {
    const cloud = await cloudWithMeter();
    const receive = cloud.parts.receiver.receive({ node: "edge-1", name: "default/meter-1", value });
    expect(await codeOf(receive)).toBe("SKERRY_TWINS_BAD_REPORT");
  });

  it("is written at once after a quiet time, then at most every half second, and only when it changes something", async () => {
    const cloud = await cloudWithMeter();
    const before = statusWrites(cloud).length;
    const writes = () => statusWrites(cloud).length - before;
    await cloud.receive(report({ reported: { voltage: reported(1) } }));
    expect(writes()).toBe(1);
    const second = cloud.receive(report({ reported: { voltage: reported(2) } }));
    await cloud.clock.advance(499);
    expect(writes()).toBe(1);
    await cloud.clock.advance(1);
    await second;
    expect(writes()).toBe(2);
    await cloud.clock.advance(500);
    await cloud.receive(report({ reported: { voltage: reported(2) } }));
    expect(writes()).toBe(2);
  });

  it("stays in the edge's outbox while the API does not take it, and is written over a lost race", async () => {
    const cloud = await cloudWithMeter();
    cloud.kube.fail({ verb: "patch", kind: "Device" });
    expect(await codeOf(cloud.receive(report({ reported: { voltage: reported(1) } })))).toBe("SKERRY_KUBE_UNAVAILABLE");
    cloud.kube.fail({ verb: "patch", kind: "Device", code: "SKERRY_KUBE_FORBIDDEN" });
    await cloud.clock.advance(500);
    expect(await codeOf(cloud.receive(report({ reported: { voltage: reported(1) } })))).toBe(
      "SKERRY_TWINS_NOT_WRITTEN",
    );
    cloud.kube.fail({ verb: "patch", kind: "Device", code: "SKERRY_KUBE_CONFLICT", times: 3 });
    await cloud.clock.advance(500);
    await cloud.receive(report({ reported: { voltage: reported(1) } }));
    expect(cloud.device().status?.reported).toEqual({ voltage: reported(1) });
  });

  it("gives up a race that never ends, and fails when stopped", async () => {
    const cloud = await cloudWithMeter();
    cloud.kube.fail({ verb: "patch", kind: "Device", code: "SKERRY_KUBE_CONFLICT", times: 50 });
    expect(await codeOf(cloud.receive(report({ reported: { voltage: reported(1) } })))).toBe("SKERRY_TWINS_CONTENDED");
    const waiting = codeOf(cloud.receive(report()));
    await cloud.settle();
    await cloud.stop();
    expect(await waiting).toBe("SKERRY_TWINS_STOPPED");
  });
});

describe("a value set at the edge", () => {
  it("is written to spec.desired first, then to the status", async () => {
    const cloud = await cloudWithMeter(meter({ desired: { relay: false } }));
    await cloud.clock.advance(1_000);
    const from = cloud.kube.requests.length;
    await cloud.receive(report({ desired: { relay: setAtEdge(true, t0 + 900) } }));
    const patches = cloud.kube.requests.slice(from).filter(({ verb }) => verb === "patch");
    expect(patches.map(({ options }) => options)).toEqual([
      { fieldManager: "skerry-twins" },
      { fieldManager: "skerry-twins", subresource: "status" },
    ]);
    expect(cloud.device().spec.desired).toEqual({ relay: true });
    expect(cloud.device().status?.desired?.["relay"]).toEqual(setAtEdge(true, t0 + 900));
    await cloud.settle();
    expect(cloud.device().status?.desired?.["relay"]).toEqual(setAtEdge(true, t0 + 900));
  });

  it("loses to a newer one of the cloud", async () => {
    const cloud = await cloudWithMeter(meter({ desired: { relay: false } }));
    await cloud.receive(report({ desired: { relay: setAtEdge(true, t0 - 5) } }));
    expect(cloud.device().spec.desired).toEqual({ relay: false });
    expect(cloud.device().status?.desired?.["relay"]).toMatchObject({ value: false, origin: "cloud" });
  });

  it("converges when the kernel dies between the two writes, whoever acts first after it", async () => {
    for (const reportFirst of [true, false]) {
      const cloud = await cloudWithMeter(meter({ desired: { relay: false } }));
      await cloud.clock.advance(1_000);
      const theirs = report({ desired: { relay: setAtEdge(true, t0 + 900, { state: "applied" }) } });
      // The process ends after the write of the spec: its status write never comes, nor any other.
      const dying = cloud.kube.patch.bind(cloud.kube);
      cloud.kube.patch = async (resource, name, patch, options) => {
        if (options.subresource === "status") throw new Error("the process is dead");
        return dying(resource, name, patch, options);
      };
      await cloud.receive(theirs).catch(() => undefined);
      await cloud.stop();
      cloud.kube.patch = dying;
      expect(cloud.device().spec.desired).toEqual({ relay: true });
      expect(cloud.device().status?.desired?.["relay"]?.value).toBe(false);

      cloud.parts = cloud.construct();
      if (reportFirst) await cloud.receive(theirs);
      await cloud.start();
      await cloud.clock.advance(1_000);
      await cloud.receive(theirs);
      // Either the edge's value, or the cloud's later wish for the very same one.
      expect(cloud.device().spec.desired).toEqual({ relay: true });
      const held = cloud.device().status?.desired?.["relay"];
      expect(held?.value).toBe(true);
      expect(held?.origin).toBe(reportFirst ? "edge-1" : "cloud");
      expect(held?.state).toBe(reportFirst ? "applied" : "pending");
    }
  });

  it("from a clock that is days ahead is taken when it is alone, under a version of the cloud", async () => {
    const cloud = await cloudWithMeter();
    const ahead = setAtEdge(12, t0 + 9 * 86_400_000, { state: "applied" });
    await cloud.receive(report({ desired: { limit: ahead } }));
    const { version: made = "", ...held } = cloud.device().status?.desired?.["limit"] ?? {};
    expect(held).toMatchObject({ value: 12, overrules: ahead.version });
    expect(made < ahead.version).toBe(true);
    expect(cloud.device().spec.desired).toEqual({ limit: 12 });
    const writes = statusWrites(cloud).length;
    await cloud.clock.advance(500);
    await cloud.receive(report({ desired: { limit: ahead } }));
    expect(statusWrites(cloud).length).toBe(writes);
  });

  it("from a clock that is days ahead loses to a value that is there, which is driven again", async () => {
    const cloud = await cloudWithMeter(meter({ desired: { limit: 10 } }));
    const first = cloud.device().status?.desired?.["limit"];
    const ahead = setAtEdge(12, t0 + 9 * 86_400_000);
    await cloud.receive(report({ desired: { limit: ahead } }));
    const second = cloud.device().status?.desired?.["limit"];
    expect(second).toMatchObject({ value: 10, state: "pending", overrules: ahead.version });
    expect(second?.version).not.toBe(first?.version);
    await cloud.desire({ limit: 20 });
    await cloud.settle();
    expect(cloud.device().status?.desired?.["limit"]).toMatchObject({ value: 20, overrules: ahead.version });
  });

  it("from a clock that was days ahead wins once it knows the cloud's wish, although not of its repetition", async () => {
    const cloud = await cloudWithMeter(meter({ desired: { limit: 10 } }));
    const wish = cloud.device().status?.desired?.["limit"]?.version ?? "";
    const take = async (value: number, more: Partial<DesiredValue>) => {
      await cloud.receive(report({ desired: { limit: setAtEdge(value, t0 + 9 * 86_400_000 + value, more) } }));
      await cloud.clock.advance(500);
      return cloud.device();
    };
    expect((await take(12, {})).status?.desired?.["limit"]).toMatchObject({ value: 10, repeats: wish });
    expect((await take(13, {})).status?.desired?.["limit"]).toMatchObject({ value: 10, repeats: wish });
    const taken = await take(14, { overrules: wish });
    expect(taken.spec.desired).toEqual({ limit: 14 });
    expect(taken.status?.desired?.["limit"]).not.toHaveProperty("repeats");
    // Of one node, the later is the newer one, whatever its clock says.
    expect((await take(15, { overrules: wish })).spec.desired).toEqual({ limit: 15 });
    expect((await take(16, {})).spec.desired).toEqual({ limit: 16 });
  });

  it("that was removed in the cloud does not come back with a report that was on its way", async () => {
    const cloud = await cloudWithMeter();
    const theirs = report({ desired: { limit: setAtEdge(12, t0 - 1, { state: "applied" }) } });
    await cloud.receive(theirs);
    await cloud.desire({ limit: null });
    await cloud.clock.advance(500);
    await cloud.receive(theirs);
    expect(cloud.device().spec.desired).toEqual({});
    expect(cloud.device().status?.desired).toBeUndefined();
    expect(cloud.device().status?.removedDesired).toEqual({ limit: version(t0 - 1, "edge-1") });
    await cloud.clock.advance(500);
    await cloud.receive(report());
    expect(cloud.device().status?.removedDesired).toBeUndefined();
    await cloud.clock.advance(500);
    await cloud.receive(report({ desired: { limit: setAtEdge(14, t0 + 1) } }));
    expect(cloud.device().spec.desired).toEqual({ limit: 14 });
  });

  it("is not taken from a report of another node's values", async () => {
    const cloud = await cloudWithMeter();
    const foreign = setAtEdge(12, t0, { version: version(t0, "edge-2") });
    await cloud.receive(report({ desired: { limit: foreign } }));
    expect(cloud.device().spec.desired).toBeUndefined();
  });
});
