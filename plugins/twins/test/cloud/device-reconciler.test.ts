import { type Condition, deviceModelResource, deviceResource } from "@skerry/contracts";
import { FakeClock, FakeKubeApi } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { DevicesSection } from "../../src/cloud/devices-section.ts";
import { definitionResource, definitions, installDefinitions } from "../../src/cloud/install-definitions.ts";
import { TwinsInterest } from "../../src/cloud/twins-interest.ts";
import { demoModel, meter, version } from "../demo-meter.ts";
import { CloudNode } from "./cloud-node.ts";

async function cloudWith(device = meter()): Promise<CloudNode> {
  const cloud = new CloudNode();
  cloud.seedModel(demoModel);
  cloud.seed(device);
  return cloud.start();
}

const connected = (status: "True" | "False"): Condition => ({
  type: "Connected",
  status,
  reason: status === "True" ? "Answers" : "Timeout",
  message: status === "True" ? "" : "no answer from 127.0.0.1:5020",
  lastTransitionTime: "",
});

describe("a desired value set in the cloud", () => {
  it("is stamped as pending, under a version above the one it replaces", async () => {
    const cloud = await cloudWith(meter({ desired: { relay: true } }));
    const first = cloud.device().status?.desired?.["relay"];
    expect(first).toMatchObject({ value: true, state: "pending", origin: "cloud" });
    expect(cloud.condition("Synced")).toMatchObject({ status: "False", reason: "DesiredPending" });
    cloud.clock.setWall(0);
    await cloud.desire({ relay: false, limit: 5 });
    await cloud.settle();
    const second = cloud.device().status?.desired;
    expect(second?.["relay"]).toMatchObject({ value: false, state: "pending" });
    expect((second?.["relay"]?.version ?? "") > (first?.version ?? "")).toBe(true);
    expect(second?.["limit"]?.value).toBe(5);
  });

  it("is not stamped again when it is already known", async () => {
    const cloud = await cloudWith(meter({ desired: { relay: true } }));
    const before = cloud.device().metadata.resourceVersion;
    await cloud.restart();
    expect(cloud.device().metadata.resourceVersion).toBe(before);
  });

  it("that is removed is removed from the status", async () => {
    const cloud = await cloudWith(meter({ desired: { relay: true, limit: 5 } }));
    await cloud.desire({ relay: null });
    await cloud.settle();
    expect(Object.keys(cloud.device().status?.desired ?? {})).toEqual(["limit"]);
    expect(cloud.device().status?.removedDesired).toBeUndefined();
  });

  it("with null members does not keep the reconciler busy", async () => {
    const device = meter({ desired: { relay: { a: null, b: [{ c: null }] }, limit: null } });
    const cloud = await cloudWith(device);
    const writes = cloud.kube.requests.length;
    expect(cloud.device().status?.desired?.["relay"]?.value).toEqual({ b: [{ c: null }] });
    await cloud.clock.advance(5_000);
    expect(cloud.kube.requests.length).toBe(writes);
  });

  it("is written when the API is back", async () => {
    const cloud = await cloudWith();
    await cloud.desire({ relay: true });
    cloud.kube.disconnect();
    await cloud.clock.advance(1_500);
    expect(cloud.logger.records.map(({ level }) => level)).toContain("warn");
    cloud.kube.connect();
    await cloud.clock.advance(1_500);
    expect(cloud.device().status?.desired?.["relay"]).toMatchObject({ state: "pending" });
  });

  it("names what keeps the Device from being in step", async () => {
    const cloud = await cloudWith();
    const entry = {
      state: "rejected",
      reason: "90 is above the maximum 80 A",
      at: "2026-01-01T00:00:00.000Z",
    } as const;
    const limit = { ...entry, value: 90, origin: "cloud", version: version(1) };
    const relay = { ...limit, value: true, state: "pending" as const, version: version(2) };
    cloud.seed(meter({ desired: { limit: 90, relay: true }, status: { desired: { limit, relay } } }));
    await cloud.settle();
    expect(cloud.condition("Synced")).toMatchObject({
      status: "False",
      reason: "DesiredRejected",
      message: "limit: 90 is above the maximum 80 A",
    });
  });
});

describe("a Device whose model is missing", () => {
  it("says so until the model is there", async () => {
    const cloud = new CloudNode();
    cloud.seed(meter());
    await cloud.start();
    expect(cloud.condition("ModelFound")).toMatchObject({
      status: "False",
      reason: "ModelMissing",
      message: "there is no DeviceModel demo-meter",
    });
    cloud.seedModel(demoModel);
    await cloud.settle();
    expect(cloud.condition("ModelFound")).toMatchObject({ status: "True" });
    await cloud.kube.delete(deviceModelResource, { name: "demo-meter" });
    await cloud.settle();
    expect(cloud.condition("ModelFound")).toMatchObject({ status: "False" });
    expect(await cloud.eventReasons()).toEqual(["ModelMissing x2"]);
  });
});

describe("events", () => {
  it("tell of transitions, equal ones as one with a count", async () => {
    const cloud = await cloudWith(meter({ desired: { relay: true } }));
    const desired = cloud.device().status?.desired ?? {};
    const relay = desired["relay"];
    if (relay === undefined) throw new Error("no desired value was stamped");
    const send = async (status: "True" | "False", state: "applied" | "rejected") => {
      await cloud.clock.advance(500);
      const entry = { ...relay, state, at: new Date(cloud.clock.now()).toISOString() };
      const changed = state === "rejected" ? { ...entry, reason: "illegal data value" } : entry;
      await cloud.receive({
        uid: "uid-1",
        reported: {},
        desired: { relay: changed },
        conditions: [connected(status), { ...connected(status), type: "MapperReady", message: "out of fuel" }] as never,
      });
    };
    await send("True", "applied");
    await send("False", "rejected");
    await send("True", "applied");
    await send("False", "applied");
    expect((await cloud.eventReasons()).sort()).toEqual([
      "Connected x2",
      "DesiredApplied x2",
      "DesiredRejected x1",
      "Disconnected x2",
      "MapperFailed x2",
    ]);
  });

  it("go on in a series that an earlier kernel began, and their failure harms nobody", async () => {
    const cloud = await cloudWith();
    const send = async (status: "True" | "False") => {
      await cloud.clock.advance(500);
      await cloud.receive({ uid: "uid-1", reported: {}, desired: {}, conditions: [connected(status)] as never });
    };
    await send("True");
    await cloud.restart();
    await send("False");
    await send("True");
    expect((await cloud.eventReasons()).sort()).toEqual(["Connected x1", "Disconnected x1"]);
    cloud.kube.fail({ kind: "Event", times: 9 });
    await send("False");
    await cloud.stop();
    expect(cloud.logger.records.some(({ message }) => message === "an event was not written")).toBe(true);
    expect(cloud.condition("Connected")?.status).toBe("False");
  });
});

describe("the interest in devices", () => {
  const interest = new TwinsInterest();

  it("routes a Device to its node with its model, and a model to nobody by itself", () => {
    expect(interest.route(meter())).toEqual({
      nodes: ["edge-1"],
      references: [{ group: "devices.skerry.dev", kind: "DeviceModel", name: "demo-meter" }],
    });
    expect(interest.route(demoModel)).toEqual({ nodes: [], references: [] });
    expect(interest.route({ ...meter(), spec: { model: 7 } })).toEqual({ nodes: [], references: [] });
  });

  it("gives the edge the same bytes whatever was reported", () => {
    const desired = meter({ desired: { relay: true }, status: { desired: {}, removedDesired: { a: version(1) } } });
    const later = {
      ...desired,
      metadata: { ...desired.metadata, resourceVersion: "9", managedFields: [] },
      status: { ...desired.status, reported: {}, conditions: [], summary: "a=1", observedGeneration: 4 },
    };
    expect(JSON.stringify(interest.project(later))).toBe(JSON.stringify(interest.project(desired)));
    expect(interest.project(desired)).toEqual(desired);
    expect(interest.project({ ...meter(), status: { summary: "" } })).toEqual(meter());
  });
});

describe("the definitions", () => {
  const schemas = definitions.map((definition) => JSON.parse(JSON.stringify(definition)));

  it("describe every field", () => {
    let seen = 0;
    const visit = (schema: Record<string, unknown>, path: string) => {
      seen += 1;
      if (!path.endsWith(".metadata")) expect(schema["description"], path).toBeTypeOf("string");
      const properties = (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>;
      for (const [name, child] of Object.entries(properties)) visit(child, `${path}.${name}`);
      for (const child of [schema["items"], schema["additionalProperties"]]) {
        if (typeof child === "object") visit(child as Record<string, unknown>, `${path}[]`);
      }
    };
    for (const { spec, metadata } of schemas) visit(spec.versions[0].schema.openAPIV3Schema, metadata.name);
    expect(seen).toBeGreaterThan(50);
  });

  it("have short names, a category and columns, and Device a status of its own", () => {
    expect(schemas.map(({ spec }) => [spec.names.shortNames, spec.names.categories])).toEqual([
      [["dm"], ["skerry"]],
      [["dev"], ["skerry"]],
    ]);
    const [, device] = schemas;
    expect(device.spec.versions[0].subresources).toEqual({ status: {} });
    const columns = device.spec.versions[0].additionalPrinterColumns.map(({ name }: { name: string }) => name);
    expect(columns).toEqual(["Model", "Node", "Address", "Connected", "Synced", "Values", "Age"]);
  });

  it("are installed at the start, which waits until they are served and fails with a code when they are not", async () => {
    const clock = new FakeClock();
    const kube = new FakeKubeApi(clock);
    const abort = new AbortController();
    kube.fail({ verb: "patch", times: 2 });
    kube.fail({ verb: "get", times: 1 });
    let done = false;
    const installing = installDefinitions(kube, clock, abort.signal).then(() => {
      done = true;
    });
    for (const definition of definitions) {
      await clock.advance(1_000);
      expect(done).toBe(false);
      const status = { conditions: [{ type: "Established", status: "True" }] };
      kube.seed({ ...definition, status }, definitionResource);
    }
    await clock.advance(1_000);
    await installing;
    expect(kube.requests.filter(({ verb }) => verb === "create")).toHaveLength(2);

    const other = installDefinitions(new FakeKubeApi(clock), clock, abort.signal);
    const failing = expect(other).rejects.toMatchObject({ code: "SKERRY_TWINS_CRD_NOT_ESTABLISHED" });
    await clock.advance(100);
    abort.abort(new Error("deadline"));
    await failing;
  });
});

describe("the status section", () => {
  it("lists devices by name", async () => {
    const cloud = await cloudWith();
    cloud.seed(
      meter({
        name: "a-meter",
        uid: "uid-2",
        node: "edge-22",
        status: { reported: { voltage: { value: 1, at: "", version: version(1) } }, conditions: [connected("True")] },
      }),
    );
    await cloud.settle();
    const { data, lines } = await new DevicesSection(cloud.parts.cache).collect();
    expect(data).toMatchObject([
      { name: "default/a-meter", node: "edge-22", connected: "True" },
      { connected: "Unknown" },
    ]);
    expect(lines).toEqual(["default/a-meter  edge-22  connected      voltage=1V", "default/meter-1  edge-1   unknown"]);
  });

  it("forgets a device that is deleted", async () => {
    const cloud = await cloudWith();
    await cloud.kube.delete(deviceResource, { namespace: "default", name: "meter-1" });
    await cloud.settle();
    expect((await new DevicesSection(cloud.parts.cache).collect()).lines).toEqual([]);
  });
});
