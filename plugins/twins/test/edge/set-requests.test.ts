import { refOf } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { maximumSetBytes } from "../../src/edge/set-message.ts";
import { demoModel, meter } from "../demo-meter.ts";
import { EdgeNode, RecordingDriver } from "./edge-node.ts";

const name = "default/meter-1";

async function nodeWithMeter() {
  const node = new EdgeNode();
  node.replica.put(demoModel);
  node.replica.put(meter());
  await node.start();
  const driver = new RecordingDriver();
  return { node, driver, session: node.twins.attach(name, driver) };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a set over MQTT", () => {
  it("is answered pending once it is durable, then applied; and goes to the driver and the cloud", async () => {
    const { node, driver, session } = await nodeWithMeter();
    await node.set("limit", { value: 16, id: "a1" });
    expect(node.results("limit")).toEqual([{ id: "a1", state: "pending" }]);
    expect(driver.values).toEqual([["limit", 16]]);
    expect(node.report().desired["limit"]).toMatchObject({ value: 16, state: "pending", origin: "edge-1" });
    expect(node.report().desired["limit"]).not.toHaveProperty("request");
    session.settle("limit", driver.versionOf("limit"), { state: "applied" });
    await node.settle();
    expect(node.results("limit")).toEqual([
      { id: "a1", state: "pending" },
      { id: "a1", state: "applied" },
    ]);
    expect(node.retained("desired/limit")).toMatchObject({ value: 16, version: driver.versionOf("limit") });
  });

  it("is not answered before it is durable", async () => {
    const { node, driver } = await nodeWithMeter();
    const release = node.disk.holdSyncs();
    await node.set("relay", true);
    expect(node.results("relay")).toEqual([]);
    expect(driver.desires).toEqual([]);
    release();
    await node.settle();
    expect(node.results("relay")).toEqual([{ state: "pending" }]);
    expect(driver.values).toEqual([["relay", true]]);
  });

  it("is rejected when the disk does not take it, and leaves no trace", async () => {
    const { node, driver } = await nodeWithMeter();
    node.disk.failNextSync();
    await node.set("relay", true);
    expect(node.results("relay")).toMatchObject([{ state: "rejected" }]);
    expect(driver.desires).toEqual([]);
    expect(node.report().desired).toEqual({});
  });

  it("tells whoever asked first that a newer value replaced it", async () => {
    const { node } = await nodeWithMeter();
    await node.set("limit", { value: 10, id: 1 });
    await node.set("limit", { value: 20, id: 2 });
    expect(node.results("limit")).toEqual([
      { id: 1, state: "pending" },
      { id: 1, state: "expired", reason: "a newer value replaced it" },
      { id: 2, state: "pending" },
    ]);
  });

  it("is answered with the reason of the driver, also after a restart", async () => {
    const { node } = await nodeWithMeter();
    await node.set("limit", { value: 10, id: "a" });
    await node.crash();
    const driver = new RecordingDriver();
    const session = node.twins.attach(name, driver);
    await node.settle();
    session.settle("limit", driver.versionOf("limit"), { state: "rejected", reason: "illegal data value" });
    await node.settle();
    expect(node.results("limit").at(-1)).toEqual({ id: "a", state: "rejected", reason: "illegal data value" });
  });

  it.each([
    ["a value above the maximum", "limit", "90", "90 is above the maximum 80 A"],
    ["a wrong type", "relay", '"on"', 'expected a boolean, found the string "on"'],
    ["a property that can only be read", "voltage", "230", "it can only be read"],
    ["an unknown property", "colour", "1", "the model demo-meter has no property colour"],
    ["what is not JSON", "relay", "{oops", "the payload is not JSON"],
    ["an empty payload", "relay", "", "the payload is empty, a JSON value was expected"],
    [
      "an id that is an object",
      "relay",
      '{"value":true,"id":{}}',
      "expected a number or a string of at most 256 characters as id",
    ],
    ["an object that is no envelope", "relay", '{"value":true,"x":1}', "expected a boolean, found an object"],
    ["a number that JSON cannot hold", "limit", "1e999", "expected a number, found the number Infinity"],
  ])("rejects %s", async (_, property, payload, reason) => {
    const { node, driver } = await nodeWithMeter();
    await node.set(property, bytes(payload));
    expect(node.results(property)).toEqual([{ state: "rejected", reason }]);
    expect(driver.desires).toEqual([]);
    expect(node.retained(`desired/${property}`)).toBeUndefined();
  });

  it("rejects bytes that are not UTF-8, and too many of them", async () => {
    const { node } = await nodeWithMeter();
    await node.set("relay", new Uint8Array([0x22, 0xff, 0x22]));
    await node.set("relay", new Uint8Array(maximumSetBytes + 1));
    expect(node.results("relay")).toEqual([
      { state: "rejected", reason: "the payload is not UTF-8" },
      { state: "rejected", reason: "the payload has 65537 bytes, 65536 are allowed" },
    ]);
  });

  it("rejects what is asked of a device that is not here, or whose model is not", async () => {
    const { node } = await nodeWithMeter();
    await node.set("relay", { value: true, id: 7 }, "default/meter-9");
    expect(node.results("relay", "default/meter-9")).toEqual([
      { id: 7, state: "rejected", reason: "there is no device default/meter-9 on this node" },
    ]);
    node.replica.remove(refOf(demoModel));
    await node.set("relay", true);
    expect(node.results("relay")).toEqual([
      { state: "rejected", reason: "the model of the device is not on this node yet" },
    ]);
  });

  it("refuses one that is retained", async () => {
    const { node } = await nodeWithMeter();
    await node.twins.stop();
    await node.bus.publish(`skerry/${name}/set/relay`, '{"value":true,"id":"old"}', { retain: true });
    await node.restart();
    expect(node.results("relay")).toEqual([
      {
        id: "old",
        state: "rejected",
        reason: "a set message must not be retained: it would be asked again at every start",
      },
    ]);
  });

  it("wins over the cloud's older value, and loses to its newer one", async () => {
    const { node } = await nodeWithMeter();
    await node.clock.advance(1_000);
    await node.set("relay", true);
    const held = (ms: number) => ({
      value: false,
      state: "pending" as const,
      at: new Date(ms).toISOString(),
      origin: "cloud",
      version: `${String(ms).padStart(15, "0")}.00000.cloud`,
    });
    const t0 = Date.UTC(2026, 0, 1);
    node.replica.put(meter({ status: { desired: { relay: held(t0 + 500) } } }));
    await node.settle();
    expect(node.report().desired["relay"]).toMatchObject({ value: true, origin: "edge-1" });
    node.replica.put(meter({ status: { desired: { relay: held(t0 + 2_000) } } }));
    await node.settle();
    expect(node.report().desired["relay"]).toMatchObject({ value: false, origin: "cloud" });
    expect(node.results("relay").at(-1)).toMatchObject({ state: "expired" });
    await node.set("relay", true);
    expect(node.report().desired["relay"]).toMatchObject({ value: true, origin: "edge-1" });
  });

  it("limits how many requests of one device wait for the disk", async () => {
    const { node } = await nodeWithMeter();
    const release = node.disk.holdSyncs();
    for (let value = 0; value < 101; value += 1) await node.bus.publish(`skerry/${name}/set/limit`, "5");
    await node.settle();
    expect(node.results("limit")).toEqual([{ state: "rejected", reason: "100 requests for this device wait already" }]);
    release();
    await node.settle();
    expect(node.results("limit").filter((result) => (result as { state: string }).state === "pending")).toHaveLength(
      100,
    );
  });
});
