import { decodeValue } from "@skerry/mapper";
import { beforeAll, describe, expect, it } from "vitest";
import { buildModbus, ModbusGuest, number } from "./modbus-guest.ts";

beforeAll(buildModbus, 120_000);

const answerTimer = 2;
const firstPeriod = 16;
const reported = (guest: ModbusGuest) =>
  guest.all("report").map(({ property, value }) => [property, decodeValue(value)]);

describe("requests", () => {
  it.each([
    ["coil", "01"],
    ["discrete", "02"],
    ["holding", "03"],
    ["input", "04"],
  ])("for a %s use function %s", async (table, code) => {
    const guest = await ModbusGuest.open([number("x", { table, address: 0x1234 })], { unit: 17 });
    expect(guest.request).toBe(`000611${code}12340001`);
    expect(guest.all("timer")).toContainEqual({ type: "timer", id: answerTimer, ms: 1000 });
  });

  it("wait for each other, and go by period", async () => {
    const guest = await ModbusGuest.open([
      number("a", { table: "holding", address: 0 }, { every: "1s" }),
      number("b", { table: "holding", address: 100 }, { every: "5s" }),
    ]);
    expect(guest.request).toBe("0006010300000001");
    expect(guest.timer(firstPeriod).all("write")).toEqual([]);
    expect(guest.receive("T 0000 0005 01 03 02 0007").request).toBe("0006010300640001");
    expect(reported(guest)).toEqual([[0, 7]]);
    // The first became due while its own request was on its way.
    expect(guest.receive("T 0000 0005 01 03 02 0008").request).toBe("0006010300000001");
    expect(guest.receive("T 0000 0005 01 03 02 0009").request).toBeUndefined();
    expect(guest.timer(firstPeriod).request).toBe("0006010300000001");
    expect(guest.all("timer")).toContainEqual({ type: "timer", id: firstPeriod, ms: 1000 });
  });

  it("are merged over small gaps within a table and period", async () => {
    const at = (address: number, every = "1s") => number(`r${address}`, { table: "holding", address }, { every });
    const guest = await ModbusGuest.open([at(20), at(0), at(9), at(2), at(3, "2s")]);
    // 0 to 9 in one (gaps of 1 and 6); 20 is 10 away.
    expect(guest.request).toBe("000601030000000a");
    guest.receive(`T 0000 0017 01 03 14 ${"0001".repeat(9)}0002`);
    expect(reported(guest)).toEqual([
      [1, 1],
      [3, 1],
      [2, 2],
    ]);
    expect(guest.request).toBe("0006010300140001");
    expect(guest.receive("T 0000 0005 01 03 02 0001").request).toBe("0006010300030001");
  });

  it("never ask for more than 125 registers or 2,000 bits, nor for more than 32 properties", async () => {
    const registers = Array.from({ length: 40 }, (_, i) => number(`r${i}`, { table: "input", address: i * 8 }));
    const guest = await ModbusGuest.open(registers);
    expect(guest.request).toBe("0006010400000079");
    const bits = Array.from({ length: 300 }, (_, i) => number(`b${i}`, { table: "discrete", address: i * 8 }));
    expect((await ModbusGuest.open(bits)).request).toBe("00060102000000f9");
    const near = Array.from({ length: 40 }, (_, i) => number(`n${i}`, { table: "input", address: i }));
    expect((await ModbusGuest.open(near)).request).toBe("0006010400000020");
  });
});

describe("values", () => {
  it.each([
    ["uint16", {}, "ffff", 65_535],
    ["int16", {}, "ffff", -1],
    ["int16", { scale: 0.1, offset: -40 }, "00a3", -23.7],
    ["uint16", { scale: 0.1 }, "00a3", 16.3],
    ["uint16", { scale: 5 }, "0003", 15],
    ["uint32", {}, "80000000", 2_147_483_648],
    ["int32", {}, "fffffffe", -2],
    ["int32", { words: "little" }, "fffeffff", -2],
    ["uint32", { words: "little", scale: 0.001 }, "00010000", 0.001],
    ["float32", {}, "4366199a", 230.1],
    ["float32", { words: "little" }, "199a4366", 230.1],
    ["float32", {}, "bdcccccd", -0.1],
    // Beyond 10^22, where no power of ten is exact, it stays as it is.
    ["float32", {}, "7f7fffff", 3.4028234663852886e38],
    ["float32", {}, "00000000", 0],
  ])("%s %j of %s is %d", async (as, more, hex, expected) => {
    const guest = await ModbusGuest.open([number("x", { table: "input", address: 0, as, ...more })]);
    const bytes = hex.length / 2;
    guest.receive(
      `T 0000 ${(bytes + 3).toString(16).padStart(4, "0")} 01 04 ${bytes.toString(16).padStart(2, "0")} ${hex}`,
    );
    expect(reported(guest)).toEqual([[0, expected]]);
  });

  it("of booleans are bits, or registers that are not zero", async () => {
    const type = "boolean";
    const guest = await ModbusGuest.open([
      number("a", { table: "coil", address: 0 }, { type }),
      number("b", { table: "coil", address: 9 }, { type }),
      number("c", { table: "holding", address: 0, as: "bool" }, { type }),
    ]);
    expect(guest.request).toBe("000601010000000a");
    guest.receive("T 0000 0005 01 01 02 0002");
    expect(reported(guest)).toEqual([
      [0, false],
      [1, true],
    ]);
    guest.receive("T 0000 0005 01 03 02 0400");
    expect(reported(guest)).toEqual([[2, true]]);
  });

  it("of integers are whole", async () => {
    const visit = { table: "input", address: 0, as: "float32" };
    const guest = await ModbusGuest.open([number("x", visit, { type: "integer" })]);
    guest.receive("T 0000 0007 01 04 04 4366199a");
    expect(guest.effects).toContainEqual(expect.objectContaining({ type: "report" }));
    expect(reported(guest)).toEqual([[0, 230]]);
  });

  it("that are no number are trouble, once", async () => {
    const guest = await ModbusGuest.open([number("x", { table: "input", address: 0, as: "float32" })]);
    guest.receive("T 0000 0007 01 04 04 7fc00000");
    expect(guest.all("trouble")).toEqual([{ type: "trouble", property: 0, reason: "the device sends no number" }]);
    guest.timer(firstPeriod).receive("T 0000 0007 01 04 04 7f800000");
    expect(guest.all("trouble")).toEqual([]);
    guest.timer(firstPeriod).receive("T 0000 0007 01 04 04 3f800000");
    expect(reported(guest)).toEqual([[0, 1]]);
  });
});

describe("exceptions", () => {
  it.each([
    [1, "illegal function"],
    [2, "illegal data address"],
    [4, "server device failure"],
    [6, "server device busy"],
    [99, "exception 99"],
  ])("%d is named, and the device counts as connected", async (code, reason) => {
    const guest = await ModbusGuest.open([number("x", { table: "input", address: 0 })]);
    guest.receive(`T 0000 0003 01 84 ${code.toString(16).padStart(2, "0")}`);
    expect(guest.all("trouble")).toEqual([{ type: "trouble", property: 0, reason }]);
    expect(guest.all("condition")).toMatchObject([{ condition: "Connected", status: "True" }]);
  });

  it("to a merged request split it, so that only the guilty property fails", async () => {
    const guest = await ModbusGuest.open([
      number("good", { table: "input", address: 0 }),
      number("bad", { table: "input", address: 5 }),
    ]);
    expect(guest.request).toBe("0006010400000006");
    expect(guest.receive("T 0000 0003 01 84 02").request).toBe("0006010400050001");
    expect(guest.all("trouble")).toEqual([]);
    guest.receive("T 0000 0003 01 84 02");
    expect(guest.all("trouble")).toEqual([{ type: "trouble", property: 1, reason: "illegal data address" }]);
    expect(guest.request).toBe("0006010400000001");
    guest.receive("T 0000 0005 01 04 02 0005");
    expect(reported(guest)).toEqual([[0, 5]]);
  });

  it("of a gateway mean that the device does not answer", async () => {
    const guest = await ModbusGuest.open([number("x", { table: "input", address: 0 })]);
    guest.receive("T 0000 0003 01 84 0b");
    expect(guest.all("condition")).toMatchObject([
      {
        condition: "Connected",
        status: "False",
        reason: "NoResponse",
        message: "gateway target device failed to respond",
      },
    ]);
    expect(guest.all("trouble")).toEqual([]);
  });
});
