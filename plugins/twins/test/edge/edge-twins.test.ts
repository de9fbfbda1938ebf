import { type Device, refOf, type TwinDefinition } from "@skerry/contracts";
import { SkerryError } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { demoModel, meter, modelWithMaximum, version } from "../demo-meter.ts";
import { EdgeNode, RecordingDriver } from "./edge-node.ts";

const t0 = Date.UTC(2026, 0, 1);
const name = "default/meter-1";

function desiredByCloud(value: boolean | number, property = "relay", ms = t0): Device {
  const desired = { [property]: value };
  const entry = {
    value,
    state: "pending",
    at: new Date(ms).toISOString(),
    origin: "cloud",
    version: version(ms),
  } as const;
  return meter({ desired, status: { desired: { [property]: entry } } });
}

async function nodeWithMeter(device = meter()): Promise<EdgeNode> {
  const node = new EdgeNode();
  node.replica.put(demoModel);
  node.replica.put(device);
  return node.start();
}

function attach(node: EdgeNode) {
  const driver = new RecordingDriver();
  return { driver, session: node.twins.attach(name, driver) };
}

describe("twins on the edge, desired from the cloud", () => {
  it("drives a pending value, and tells cloud and bus when it is applied", async () => {
    const node = await nodeWithMeter(desiredByCloud(true));
    const { driver, session } = attach(node);
    expect(driver.desires).toEqual([]);
    await node.settle();
    expect(driver.values).toEqual([["relay", true]]);
    expect(node.report().desired["relay"]).toMatchObject({ value: true, state: "pending", origin: "cloud" });

    session.settle("relay", driver.versionOf("relay"), { state: "applied" });
    await node.settle();
    expect(node.report().desired["relay"]).toMatchObject({ value: true, state: "applied", version: version(t0) });
    expect(node.retained("desired/relay")).toMatchObject({ value: true, version: version(t0) });
  });

  it("rejects a value that does not fit without asking the driver", async () => {
    const node = await nodeWithMeter(desiredByCloud(90, "limit"));
    const { driver } = attach(node);
    await node.settle();
    expect(driver.desires).toEqual([]);
    expect(node.report().desired["limit"]).toMatchObject({
      state: "rejected",
      reason: "90 is above the maximum 80 A",
    });
  });

  it("tries a rejected value again when the model changes", async () => {
    const node = await nodeWithMeter(desiredByCloud(90, "limit"));
    const { driver } = attach(node);
    await node.settle();
    node.replica.put(modelWithMaximum(100));
    await node.settle();
    expect(driver.values).toEqual([["limit", 90]]);
    expect(node.report().desired["limit"]).toMatchObject({ state: "pending" });
  });

  it("takes a newer value and ignores the outcome of the one it replaced", async () => {
    const node = await nodeWithMeter(desiredByCloud(10, "limit"));
    const { driver, session } = attach(node);
    await node.settle();
    const first = driver.versionOf("limit");
    node.replica.put(desiredByCloud(20, "limit", t0 + 5));
    await node.settle();
    session.settle("limit", first, { state: "rejected", reason: "too late" });
    await node.settle();
    expect(driver.values).toEqual([
      ["limit", 10],
      ["limit", 20],
    ]);
    expect(node.report().desired["limit"]).toMatchObject({ value: 20, state: "pending" });
  });

  it("forgets a value that was removed in the cloud", async () => {
    const node = await nodeWithMeter(desiredByCloud(true));
    node.replica.put(meter());
    await node.settle();
    expect(node.report().desired).toEqual({});
    expect(node.retained("desired/relay")).toBeUndefined();
  });
});

describe("twins on the edge, after a restart", () => {
  it("drive what was pending again, and not what was applied", async () => {
    const node = await nodeWithMeter(desiredByCloud(true));
    const first = attach(node);
    await node.settle();
    first.session.settle("relay", first.driver.versionOf("relay"), { state: "applied" });
    await node.set("limit", 12);
    await node.crash();
    const { driver } = attach(node);
    await node.settle();
    expect(driver.values).toEqual([["limit", 12]]);
  });

  it("drive an applied value again when the device reports another", async () => {
    const node = await nodeWithMeter(desiredByCloud(true));
    const first = attach(node);
    await node.settle();
    first.session.settle("relay", first.driver.versionOf("relay"), { state: "applied" });
    await node.settle();
    const { driver, session } = attach(node);
    session.report("relay", false, node.clock.now());
    session.report("relay", false, node.clock.now());
    expect(driver.values).toEqual([["relay", true]]);
    session.settle("relay", driver.versionOf("relay"), { state: "applied" });
    await node.settle();
    session.condition({ type: "Connected", status: "False", reason: "Timeout", message: "no answer" });
    session.condition({ type: "Connected", status: "True", reason: "Answers", message: "" });
    session.report("relay", false, node.clock.now());
    expect(driver.values).toHaveLength(2);
    expect(node.report().desired["relay"]).toMatchObject({ state: "applied" });
  });

  it("hand the last state to the link again, with values that were reported before", async () => {
    const node = await nodeWithMeter();
    attach(node).session.report("voltage", 230, t0);
    await node.restart();
    expect(node.report().reported["voltage"]).toMatchObject({ value: 230, at: "2026-01-01T00:00:00.000Z" });
    expect(node.retained("reported/voltage")).toMatchObject({ value: 230 });
  });

  it("remove what is left of a device that went away meanwhile", async () => {
    const node = await nodeWithMeter(desiredByCloud(true));
    attach(node).session.report("voltage", 230, t0);
    await node.twins.stop();
    node.replica.remove(refOf(meter()));
    await node.crash();
    expect(node.retained("reported/voltage")).toBeUndefined();
    expect(node.retained("desired/relay")).toBeUndefined();
    expect(node.retained("state")).toBeUndefined();
    expect(node.uplink.pending()).toBe(0);
  });

  it("survive a record that cannot be read", async () => {
    const node = await nodeWithMeter();
    await node.twins.stop();
    await node.disk.append("twins", [{ type: "put", key: name, value: new TextEncoder().encode("{oops") }]);
    await node.crash();
    expect(node.logger.records.some(({ level }) => level === "error")).toBe(true);
    expect(node.twins.all()).toHaveLength(1);
  });
});

describe("twins on the edge, reports", () => {
  it("publish every sample, and tell the cloud of those that are news", async () => {
    const node = await nodeWithMeter();
    const { session } = attach(node);
    await node.settle();
    const puts = node.uplink.puts.length;
    for (const value of [4, 4, 5]) session.report("current", value, node.clock.now());
    await node.settle();
    const samples = node.bus.published.filter(({ topic }) => topic === `skerry/${name}/reported/current`);
    expect(samples).toHaveLength(3);
    expect(node.uplink.puts.length).toBe(puts + 1);
    expect(node.report().reported["current"]).toMatchObject({ value: 5 });
  });

  it("hold back a number that moved by less than the deadband since it was last reported", async () => {
    const node = await nodeWithMeter();
    const { session } = attach(node);
    for (const value of [230, 230.06, 230.09, 230.11, 230.05]) session.report("voltage", value, node.clock.now());
    await node.settle();
    const values = node.bus.published
      .filter(({ topic }) => topic === `skerry/${name}/reported/voltage`)
      .map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)).value);
    expect(values).toEqual([230, 230.11]);
  });

  it("refuse what does not fit, count it and name it in a condition until it fits", async () => {
    const node = await nodeWithMeter();
    const { session } = attach(node);
    session.report("voltage", "high", node.clock.now());
    session.report("humidity", 4, node.clock.now());
    await node.settle();
    const [condition] = node.report().conditions;
    expect(condition).toMatchObject({ type: "ValuesValid", status: "False", reason: "ReportRefused" });
    expect(condition?.message).toBe(
      'voltage: expected a number, found the string "high"; humidity: the model has no such property',
    );
    expect(node.report().reported).toEqual({});
    expect(node.twins.get(name)?.conditions.refusals).toBe(2);
    session.report("voltage", 230, Number.NaN);
    await node.settle();
    expect(node.report().conditions[0]?.message).not.toContain("voltage");
    expect(node.report().reported["voltage"]?.at).toBe("2026-01-01T00:00:00.000Z");
  });

  it("go to the link again when it is back, and after it failed", async () => {
    const node = await nodeWithMeter();
    const puts = node.uplink.puts.length;
    node.comeOnline();
    await node.settle();
    expect(node.uplink.puts.length).toBe(puts + 1);
    const definition = { family: "unavailable", message: "", advice: "" } as const;
    for (let second = 0; second < 3; second += 1) {
      node.uplink.failNext(new SkerryError("SKERRY_STORAGE_FULL", definition, {}));
    }
    attach(node).session.report("voltage", 1, t0);
    await node.clock.advance(2_000);
    expect(node.uplink.puts.length).toBe(puts + 1);
    await node.clock.advance(1_000);
    expect(node.report().reported["voltage"]).toMatchObject({ value: 1 });
    // Said once, however often it was tried.
    expect(node.logger.records.filter(({ level }) => level === "error")).toHaveLength(1);
  });
});

describe("twins on the edge, at a pace", () => {
  it("send reported values at once after a quiet time, then once in the interval; other changes do not wait", async () => {
    const node = new EdgeNode(500);
    node.replica.put(demoModel);
    node.replica.put(meter());
    await node.start();
    const { session } = attach(node);
    await node.clock.advance(500);
    const before = node.uplink.puts.length;
    const sent = () => node.uplink.puts.length - before;
    session.report("voltage", 1, t0);
    await node.settle();
    expect(sent()).toBe(1);
    for (let value = 2; value < 6; value += 1) {
      session.report("voltage", value, t0);
      await node.clock.advance(100);
    }
    expect(sent()).toBe(1);
    await node.clock.advance(100);
    expect(sent()).toBe(2);
    expect(node.report().reported["voltage"]).toMatchObject({ value: 5 });
    session.report("voltage", 6, t0);
    await node.settle();
    session.condition({ type: "Connected", status: "True", reason: "Answers", message: "" });
    await node.settle();
    expect(sent()).toBe(3);
    expect(node.report().reported["voltage"]).toMatchObject({ value: 6 });
    session.report("voltage", 7, t0);
    await node.twins.stop();
    expect(node.report().reported["voltage"]).toMatchObject({ value: 7 });
    expect(node.clock.pending).toBe(0);
  });
});

describe("twins on the edge, for drivers", () => {
  it("tell of twins there are, of changes a driver must know, and of those that are gone", async () => {
    const node = await nodeWithMeter();
    const seen: string[] = [];
    const describeTwin = ({ device }: TwinDefinition) => `changed ${device.spec.connection.tcp?.port}`;
    node.twins.watch({ changed: (twin) => seen.push(describeTwin(twin)), gone: (gone) => seen.push(`gone ${gone}`) });
    node.replica.put(desiredByCloud(true));
    const moved = meter();
    node.replica.put({ ...moved, spec: { ...moved.spec, connection: { tcp: { host: "127.0.0.1", port: 502 } } } });
    node.replica.put(meter({ node: "edge-2" }));
    expect(seen).toEqual(["changed 5020", "changed 502", "gone default/meter-1"]);
  });

  it("appear once their model is there, and judge what waited for it", async () => {
    const node = new EdgeNode();
    node.replica.put(desiredByCloud(90, "limit"));
    await node.start();
    const seen: string[] = [];
    node.twins.watch({ changed: (twin) => seen.push(twin.name), gone: (gone) => seen.push(`gone ${gone}`) });
    expect(seen).toEqual([]);
    expect(node.report().desired["limit"]).toMatchObject({ state: "pending" });
    node.replica.put(demoModel);
    await node.settle();
    expect(seen).toEqual([name]);
    expect(node.report().desired["limit"]).toMatchObject({ state: "rejected" });
    node.replica.remove(refOf(demoModel));
    expect(seen).toEqual([name, `gone ${name}`]);
  });

  it("do not take over the values of an earlier device of the same name", async () => {
    const node = await nodeWithMeter(desiredByCloud(true));
    attach(node).session.report("voltage", 230, t0);
    await node.set("limit", 12);
    node.replica.put(meter({ uid: "uid-2" }));
    await node.settle();
    expect(node.report()).toMatchObject({ uid: "uid-2", reported: {}, desired: {} });
    expect(node.retained("reported/voltage")).toBeUndefined();
    expect(node.retained("desired/limit")).toBeUndefined();
    await node.crash();
    expect(node.report()).toMatchObject({ uid: "uid-2", reported: {}, desired: {} });
  });

  it("say so when no driver is left", async () => {
    const node = await nodeWithMeter();
    const { session } = attach(node);
    session.condition({ type: "Connected", status: "True", reason: "Answers", message: "" });
    await node.settle();
    expect(node.retained("state")).toMatchObject({ connected: true });
    session[Symbol.dispose]();
    await node.settle();
    expect(node.retained("state")).toMatchObject({ connected: false });
    expect(node.report().conditions).toMatchObject([{ type: "Connected", status: "Unknown", reason: "NoDriver" }]);
  });

  it("ignore objects that no schema let through", async () => {
    const node = new EdgeNode();
    node.replica.put({ ...demoModel, spec: { mapper: 7 } });
    node.replica.put({ ...meter(), spec: { model: "demo-meter", nodeName: "edge-1" } });
    await node.start();
    expect(node.twins.all()).toEqual([]);
    expect(node.logger.records.map(({ level }) => level)).toContain("warn");
  });
});
