import type { DeviceProperty } from "@skerry/contracts";
import { beforeAll, describe, expect, it } from "vitest";
import { buildModbus, ModbusGuest, number } from "./modbus-guest.ts";

beforeAll(buildModbus, 120_000);

const good = number("good", { table: "input", address: 0 });

const bad: [string, Partial<DeviceProperty>, DeviceProperty["visit"], string][] = [
  ["no table", {}, { address: 0 }, "visit.table: expected coil, discrete, input or holding, found nothing"],
  [
    "unknown table",
    {},
    { table: "reg", address: 0 },
    'visit.table: expected coil, discrete, input or holding, found "reg"',
  ],
  ["no address", {}, { table: "input" }, "visit.address: expected an integer from 0 to 65535, found nothing"],
  [
    "negative address",
    {},
    { table: "input", address: -1 },
    'visit.address: expected an integer from 0 to 65535, found "-1"',
  ],
  [
    "fractional address",
    {},
    { table: "input", address: 1.5 },
    'visit.address: expected an integer from 0 to 65535, found "1.5"',
  ],
  [
    "address out of range",
    {},
    { table: "input", address: 65_536 },
    'visit.address: expected an integer from 0 to 65535, found "65536"',
  ],
  [
    "no room for the second register",
    {},
    { table: "input", address: 65_535, as: "float32" },
    'visit.address: expected an integer from 0 to 65534, found "65535"',
  ],
  [
    "unknown form",
    {},
    { table: "input", address: 0, as: "float64" },
    'visit.as: expected bool, int16, uint16, int32, uint32 or float32, found "float64"',
  ],
  [
    "form of a bit",
    {},
    { table: "coil", address: 0, as: "int16" },
    'visit.as: expected bool, because a coil is one bit, found "int16"',
  ],
  [
    "scale of zero",
    {},
    { table: "input", address: 0, scale: 0 },
    'visit.scale: expected a number other than 0, found "0"',
  ],
  [
    "scale in words",
    {},
    { table: "input", address: 0, scale: "x" },
    'visit.scale: expected a number other than 0, found "x"',
  ],
  [
    "word order",
    {},
    { table: "input", address: 0, words: "middle" },
    'visit.words: expected big or little, found "middle"',
  ],
  [
    "a type Modbus has not",
    { type: "string" },
    { table: "input", address: 0 },
    'type: expected boolean, integer or number, because Modbus has no other, found "string"',
  ],
  [
    "a write to what cannot be written",
    { access: "readWrite" },
    { table: "input", address: 0 },
    'access: expected read, because a input cannot be written, found "readWrite"',
  ],
];

describe("a misconfigured property", () => {
  it.each(bad)("is named, and the others go on: %s", async (_, more, visit, reason) => {
    const guest = await ModbusGuest.start([number("bad", visit, more), good]);
    expect(guest.effects).toContainEqual({ type: "trouble", property: 0, reason });
    guest.send({ type: "on_open", stream: 1 });
    expect(guest.request).toBe("0006010400000001");
  });

  it("cannot be set", async () => {
    const guest = await ModbusGuest.open([number("bad", { table: "x", address: 0 }, { access: "readWrite" }), good]);
    guest.desire(0, "number", 5, 9);
    expect(guest.all("reject")).toMatchObject([{ desire: 9, reason: expect.stringMatching(/^visit\.table: /) }]);
  });

  it("among hundreds does not flood the host", async () => {
    const guest = await ModbusGuest.start(
      Array.from({ length: 300 }, (_, i) => number(`x${i}`, { table: "?", address: 0 })),
    );
    expect(guest.all("trouble")).toHaveLength(16);
    expect(guest.all("condition")).toMatchObject([
      { reason: "BadModel", message: "284 more properties are misconfigured" },
    ]);
    expect(guest.all("open")).toEqual([]);
  });
});

describe("a misconfigured connection", () => {
  it.each([
    ["unit", { unit: 256 }, "connection.unit: expected an integer from 0 to 255"],
    ["unit in words", { unit: "one" }, "connection.unit: expected an integer from 0 to 255"],
    ["timeout", { timeoutMs: 5 }, "connection.timeoutMs: expected 50 to 60000"],
  ])("is named and not tried: %s", async (_, connection, message) => {
    const guest = await ModbusGuest.start([good], connection);
    expect(guest.effects).toEqual([
      { type: "condition", condition: "MapperReady", status: "False", reason: "BadConnection", message },
    ]);
    guest.desire(0, "number", 1);
    expect(guest.all("reject")).toMatchObject([{ reason: message }]);
  });
});
