import { decodeValue, encodeConfig, encodeValue } from "@skerry/mapper";
import { beforeAll, describe, expect, it } from "vitest";
import { compileMapper } from "../../src/runner/compiled-mapper.ts";
import { Guest } from "../../src/runner/guest.ts";
import { echoGuest } from "../built-guest.ts";
import { echoManifest } from "../echo-manifest.ts";

beforeAll(echoGuest, 120_000);

const limits = { memoryPages: 16, fuelPerCall: 10_000_000, effectsPerCall: 64 };

const config = encodeConfig({
  device: "factory/écho",
  grants: { tcp: "tcp://127.0.0.1:5020" },
  connection: { unit: 3 },
  properties: [
    { name: "count", type: "integer", access: "read", every: "250ms", visit: {} },
    { name: "note", type: "string", access: "readWrite", visit: {} },
  ],
});

async function started(): Promise<Guest> {
  const guest = await Guest.create(await compileMapper(echoManifest, await echoGuest(), limits));
  expect(guest.call({ type: "start", config }).effects).toEqual([
    { type: "log", level: "info", text: "für factory/écho, unit 3" },
    { type: "open", stream: 1, url: "tcp://127.0.0.1:5020" },
  ]);
  return guest;
}

describe("a guest written with the kit", () => {
  it("answers events with effects", async () => {
    const guest = await started();
    expect(guest.call({ type: "on_open", stream: 1 }).effects).toEqual([
      { type: "condition", condition: "Connected", status: "True", reason: "Connected", message: "Verbindung läuft" },
      { type: "timer", id: 7, ms: 250 },
    ]);
    const bytes = Uint8Array.of(1, 2, 3);
    expect(guest.call({ type: "on_bytes", stream: 1, bytes }).effects).toEqual([
      { type: "report", property: 0, value: encodeValue("integer", 3) },
      { type: "write", stream: 1, bytes },
    ]);
    expect(guest.call({ type: "on_timer", id: 7 }).effects).toEqual([
      { type: "trouble", property: 0, reason: "timer 7" },
      { type: "timer", id: 7, ms: 250 },
    ]);
    expect(guest.call({ type: "on_close", stream: 1, reason: "réset" }).effects).toEqual([
      { type: "condition", condition: "Connected", status: "False", reason: "ConnectionClosed", message: "réset" },
    ]);
  });

  it.each([
    ["boolean", true, true],
    ["integer", -7, -7],
    ["number", 230.1, 230.1],
    ["string", "grün 🌊", "grün 🌊"],
  ] as const)("takes and gives a %s", async (type, value, expected) => {
    const guest = await started();
    const { effects } = guest.call({ type: "on_desired", desire: 5, property: 1, value: encodeValue(type, value) });
    expect(effects).toHaveLength(2);
    expect(effects[1]).toEqual({ type: "settle", desire: 5 });
    const [report] = effects;
    expect(report?.type === "report" && decodeValue(report.value)).toEqual(expected);
  });

  it("rejects with a reason", async () => {
    const guest = await started();
    const value = encodeValue("bytes", "AAEC");
    expect(guest.call({ type: "on_desired", desire: 6, property: 1, value }).effects).toEqual([
      { type: "reject", desire: 6, reason: "cannot take this type" },
    ]);
  });

  it("hands its state to its successor", async () => {
    const guest = await started();
    guest.call({ type: "on_bytes", stream: 1, bytes: new Uint8Array(41) });
    const [saved] = guest.call({ type: "save" }).effects;
    if (saved?.type !== "state") throw new Error("no state");
    const successor = await started();
    expect(successor.call({ type: "restore", state: saved.state }).fault).toBeUndefined();
    const { effects } = successor.call({ type: "on_bytes", stream: 1, bytes: Uint8Array.of(0) });
    expect(effects[0]).toEqual({ type: "report", property: 0, value: encodeValue("integer", 42) });
  });

  it("runs in a megabyte for a hundred thousand calls", async () => {
    const guest = await started();
    const value = encodeValue("string", "x".repeat(200));
    for (let round = 0; round < 100_000; round++) {
      const { fault } = guest.call({ type: "on_desired", desire: round, property: 1, value });
      if (fault) throw fault;
    }
  });

  it("collects what large values leave behind", async () => {
    const guest = await started();
    const value = encodeValue("string", "ü".repeat(30_000));
    for (let round = 0; round < 300; round++) {
      const { fault, effects } = guest.call({ type: "on_desired", desire: round, property: 1, value });
      if (fault) throw fault;
      expect(effects).toHaveLength(2);
    }
  });

  it("is stopped with its message in the log when it throws", async () => {
    const guest = await Guest.create(await compileMapper(echoManifest, await echoGuest(), limits));
    // Without properties, its start reads beyond the end of an array.
    const { fault, effects } = guest.call({ type: "start", config: "abi=0\nproperties=0\n" });
    expect(fault?.code).toBe("SKERRY_RUNNER_TRAPPED");
    expect(effects).toEqual([expect.objectContaining({ type: "log", level: "error" })]);
    expect(effects[0]?.type === "log" && effects[0].text).toMatch(/Index out of range at .*:\d+/);
  });
});
