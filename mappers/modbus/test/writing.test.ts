import { beforeAll, describe, expect, it } from "vitest";
import { buildModbus, ModbusGuest, number } from "./modbus-guest.ts";

beforeAll(buildModbus, 120_000);

const busyTimer = 4;
const answerTimer = 2;
const reopenTimer = 3;
const applied = (desire: number) => ({ type: "settle", desire });

/** A writable property that is not read, so that writes are all there is. */
const writeOnly = (visit: Parameters<typeof number>[1], type: "number" | "integer" | "boolean" = "number") =>
  number("x", visit, { type, access: "write" });

describe("writes", () => {
  it.each([
    ["a coil on", { table: "coil", address: 3 }, "boolean", true, "000601050003ff00"],
    ["a coil off", { table: "coil", address: 3 }, "boolean", false, "0006010500030000"],
    [
      "a coil with function 15",
      { table: "coil", address: 3, write: "multiple" },
      "boolean",
      true,
      "0008010f000300010101",
    ],
    ["a register", { table: "holding", address: 10 }, "number", 513, "00060106000a0201"],
    ["a scaled register", { table: "holding", address: 10, scale: 0.1 }, "number", 16.3, "00060106000a00a3"],
    [
      "a shifted register",
      { table: "holding", address: 10, scale: 0.5, offset: -40 },
      "number",
      -23.5,
      "00060106000a0021",
    ],
    ["the nearest step", { table: "holding", address: 10, scale: 0.1 }, "number", 16.27, "00060106000a00a3"],
    ["a negative register", { table: "holding", address: 10, as: "int16" }, "integer", -2, "00060106000afffe"],
    [
      "a register with function 16",
      { table: "holding", address: 10, write: "multiple" },
      "integer",
      7,
      "00090110000a0001020007",
    ],
    ["an int32", { table: "holding", address: 1, as: "int32" }, "integer", -2, "000b011000010002" + "04fffffffe"],
    [
      "a uint32, low word first",
      { table: "holding", address: 1, as: "uint32", words: "little" },
      "integer",
      65_537 * 2 + 1,
      "000b01100001000204" + "00030002",
    ],
    ["a float32", { table: "holding", address: 1, as: "float32" }, "number", 230.1, "000b01100001000204" + "4366199a"],
    ["a flag in a register", { table: "holding", address: 1, as: "bool" }, "boolean", true, "0006010600010001"],
  ] as const)("%s", async (_, visit, type, value, request) => {
    const guest = await ModbusGuest.open([writeOnly(visit, type)]);
    expect(guest.all("write")).toEqual([]);
    expect(guest.desire(0, type, value, 5).request).toBe(request);
    expect(guest.all("settle")).toEqual([]);
    const echo = Buffer.from(request, "hex").subarray(2);
    const confirmed = (echo[1] ?? 0) >= 15 ? echo.subarray(0, 6) : echo;
    guest.receive(`T 0000 0006 ${confirmed.toString("hex")}`);
    expect(guest.all("settle")).toEqual([applied(5)]);
  });

  it.each([
    ["uint16", { as: "uint16" }, -1, "-1 does not fit: uint16 takes 0 to 65535 here"],
    ["uint16", { as: "uint16" }, 65_536, "65536 does not fit: uint16 takes 0 to 65535 here"],
    ["int16", { as: "int16", scale: 0.1 }, 3276.8, "3276.8 does not fit: int16 takes -3276.8 to 3276.7 here"],
    ["a bit", { as: "bool" }, 2, "2 does not fit: bool takes 0 to 1 here"],
    ["float32", { as: "float32" }, 1e39, "does not fit: float32 takes"],
  ])("that do not fit %s are rejected without asking the device", async (_, more, value, reason) => {
    const guest = await ModbusGuest.open([writeOnly({ table: "holding", address: 0, ...more })]);
    guest.desire(0, "number", value, 8);
    expect(guest.effects).toEqual([{ type: "reject", desire: 8, reason: expect.stringContaining(reason) }]);
  });

  it("go before reads, and are read back", async () => {
    const guest = await ModbusGuest.open([
      number("limit", { table: "holding", address: 10 }, { access: "readWrite", every: "5s" }),
      number("other", { table: "input", address: 0 }, { every: "5s" }),
    ]);
    expect(guest.desire(0, "number", 7).request).toBeUndefined();
    expect(guest.receive("T 0000 0005 01 04 02 0001").request).toBe("00060106000a0007");
    guest.receive("T 0000 0006 01 06 000a 0007");
    expect(guest.all("settle")).toEqual([applied(1)]);
    expect(guest.request).toBe("00060103000a0001");
  });

  it("of one property replace each other while they wait", async () => {
    const guest = await ModbusGuest.start([writeOnly({ table: "holding", address: 0 })]);
    guest.desire(0, "number", 1, 1).desire(0, "number", 2, 2).desire(0, "number", 3, 3);
    expect(guest.send({ type: "on_open", stream: 1 }).request).toBe("0006010600000003");
    guest.desire(0, "number", 4, 4);
    guest.receive("T 0000 0006 01 06 0000 0003");
    expect(guest.all("settle")).toEqual([]);
    expect(guest.request).toBe("0006010600000004");
    guest.receive("T 0000 0006 01 06 0000 0004");
    expect(guest.all("settle")).toEqual([applied(4)]);
    expect(guest.request).toBeUndefined();
  });

  it.each([
    [1, "illegal function"],
    [2, "illegal data address"],
    [3, "illegal data value"],
    [4, "server device failure"],
  ])("refused with exception %d are rejected with its name", async (code, reason) => {
    const guest = await ModbusGuest.open([writeOnly({ table: "holding", address: 0 })]);
    guest.desire(0, "number", 1, 9).receive(`T 0000 0003 01 86 0${code}`);
    expect(guest.all("reject")).toEqual([{ type: "reject", desire: 9, reason }]);
  });

  it("to a busy device are tried again, four times in all", async () => {
    const guest = await ModbusGuest.open([writeOnly({ table: "holding", address: 0 })]);
    guest.desire(0, "number", 1, 9);
    for (let attempt = 1; attempt < 4; attempt++) {
      guest.receive("T 0000 0003 01 86 06");
      expect(guest.all("reject")).toEqual([]);
      expect(guest.all("timer")).toContainEqual({ type: "timer", id: busyTimer, ms: 500 });
      expect(guest.timer(busyTimer).request).toBe("0006010600000001");
    }
    guest.receive("T 0000 0003 01 86 06");
    expect(guest.all("reject")).toEqual([{ type: "reject", desire: 9, reason: "server device busy" }]);
  });

  it("that the device confirms otherwise are rejected", async () => {
    const guest = await ModbusGuest.open([writeOnly({ table: "holding", address: 0 })]);
    guest.desire(0, "number", 900, 9).receive("T 0000 0006 01 06 0000 0320");
    expect(guest.all("reject")).toEqual([
      { type: "reject", desire: 9, reason: "the device confirms another write than it was sent" },
    ]);
  });

  it("survive a lost connection", async () => {
    const guest = await ModbusGuest.open([writeOnly({ table: "holding", address: 0 })]);
    guest.desire(0, "number", 1, 9).send({ type: "on_close", stream: 1, reason: "reset" });
    guest.timer(reopenTimer).send({ type: "on_open", stream: 2 });
    expect(guest.request).toBe("0006010600000001");
    guest.receive("T 0000 0006 01 06 0000 0001", 2);
    expect(guest.all("settle")).toEqual([applied(9)]);
  });

  it("without an answer are sent again before the connection is given up", async () => {
    const guest = await ModbusGuest.open([writeOnly({ table: "holding", address: 0 })]);
    guest.desire(0, "number", 1, 9);
    expect(guest.timer(answerTimer).request).toBe("0006010600000001");
    guest.timer(answerTimer);
    expect(guest.all("close")).toEqual([{ type: "close", stream: 1 }]);
    expect(guest.all("reject")).toEqual([]);
  });

  it("to a property that is only read are rejected", async () => {
    const guest = await ModbusGuest.open([number("x", { table: "holding", address: 0 })]);
    guest.desire(0, "number", 1, 9);
    expect(guest.all("reject")).toEqual([{ type: "reject", desire: 9, reason: "it cannot be written" }]);
  });
});
