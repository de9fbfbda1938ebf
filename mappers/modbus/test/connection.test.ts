import { beforeAll, describe, expect, it } from "vitest";
import { buildModbus, ModbusGuest, number } from "./modbus-guest.ts";

beforeAll(buildModbus, 120_000);

const [connectTimer, answerTimer, reopenTimer] = [1, 2, 3];
const x = number("x", { table: "input", address: 0 });
const good = "T 0000 0005 01 04 02 0001";
const cancelled = (id: number) => ({ type: "timer", id, ms: -1 });

function lost(guest: ModbusGuest, reason: string, message: string | RegExp) {
  expect(guest.all("condition")).toMatchObject([
    { condition: "Connected", status: "False", reason, message: expect.stringMatching(message) },
  ]);
}

describe("the connection", () => {
  it("is opened to what is granted, within a time", async () => {
    const guest = await ModbusGuest.start([x]);
    expect(guest.effects).toEqual([
      { type: "open", stream: 1, url: "tcp://10.0.0.5:502" },
      { type: "timer", id: connectTimer, ms: 5000 },
    ]);
    guest.timer(connectTimer);
    expect(guest.all("close")).toEqual([{ type: "close", stream: 1 }]);
    lost(guest, "ConnectionFailed", /tcp:\/\/10\.0\.0\.5:502: no answer/);
  });

  it("counts as connected with the first answer, and not before", async () => {
    const guest = await ModbusGuest.open([x]);
    expect(guest.all("condition")).toEqual([]);
    expect(guest.receive(good).all("condition")).toMatchObject([{ status: "True", reason: "Responding" }]);
    expect(guest.timer(16).receive(good).all("condition")).toEqual([]);
  });

  it("is opened again with back-off: 250 ms, doubling up to 30 s, and from the start after an answer", async () => {
    const guest = await ModbusGuest.start([x]);
    const delays: number[] = [];
    let stream = 1;
    const fail = () => {
      guest.send({ type: "on_close", stream, reason: "connection refused" });
      delays.push(guest.all("timer").find(({ id }) => id === reopenTimer)?.ms ?? -1);
    };
    for (let attempt = 0; attempt < 9; attempt++) {
      fail();
      if (attempt === 0) lost(guest, "ConnectionFailed", /connection refused/);
      else expect(guest.all("condition")).toEqual([]);
      guest.timer(reopenTimer);
      stream = guest.all("open")[0]?.stream ?? 0;
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    guest.send({ type: "on_open", stream }).receive(good, stream);
    guest.send({ type: "on_close", stream, reason: "" });
    lost(guest, "ConnectionClosed", "the device closed the connection");
    expect(guest.all("timer")).toContainEqual({ type: "timer", id: reopenTimer, ms: 250 });
  });

  it("to a silent device is given up after two requests", async () => {
    const guest = await ModbusGuest.open([x], { unit: 4, timeoutMs: 300 });
    expect(guest.all("timer")).toContainEqual({ type: "timer", id: answerTimer, ms: 300 });
    expect(guest.timer(answerTimer).request).toBe("0006040400000001");
    guest.timer(answerTimer);
    expect(guest.all("close")).toHaveLength(1);
    lost(guest, "NoResponse", "unit 4 does not answer within 300 ms");
  });

  it("ignores an answer that comes too late, and takes the one it waits for", async () => {
    const guest = await ModbusGuest.open([x]);
    guest.timer(answerTimer);
    guest.receive("0001 0000 0005 01 04 02 0063");
    expect(guest.effects).toEqual([]);
    expect(guest.receive("0002 0000 0005 01 04 02 0001").all("report")).toHaveLength(1);
  });
});

describe("frames", () => {
  it("may come in any pieces", async () => {
    const guest = await ModbusGuest.open([x]);
    for (const byte of ["00", "01", "0000", "00", "05", "01", "0402", "00"]) {
      expect(guest.receive(byte).effects).toEqual([]);
    }
    expect(guest.receive("07").all("report")).toHaveLength(1);
  });

  it("may come several at once: what nobody asked for is passed over", async () => {
    const guest = await ModbusGuest.open([x]);
    const stray = "7777 0000 0005 01 04 02 0001";
    guest.receive(`${stray} ${stray} 0001 0000 0005 01 04 02 0001 ${stray}`);
    expect(guest.all("report")).toHaveLength(1);
    expect(guest.all("close")).toEqual([]);
  });

  it.each([
    ["another protocol", "T 0001 0005 01 04 02 0001", "protocol id 1 is not Modbus"],
    ["a length of zero", "T 0000 0000 01", "a frame of 6 bytes cannot be Modbus"],
    ["a length of two", "T 0000 0002 01 04", "a frame of 8 bytes cannot be Modbus"],
    ["a length beyond the budget", "T 0000 ffff 01", "a frame of 65541 bytes cannot be Modbus"],
    ["an answer to another function", "T 0000 0005 01 03 02 0001", "function 3 answers 4"],
    ["too many registers", "T 0000 0007 01 04 04 00010001", "an answer of 13 bytes, expected 11"],
    ["a byte count that lies", "T 0000 0005 01 04 04 0001", "an answer of 11 bytes, expected 11"],
    ["an exception that is too long", "T 0000 0004 01 84 0201", "an answer of 10 bytes, expected 9"],
    ["text", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n").toString("hex"), "protocol id 21584 is not Modbus"],
  ])("that are broken close the connection: %s", async (_, bytes, message) => {
    const guest = await ModbusGuest.open([x]);
    guest.receive(bytes);
    expect(guest.all("close")).toEqual([{ type: "close", stream: 1 }]);
    lost(guest, "ProtocolError", message);
    expect(guest.all("timer")).toEqual(
      expect.arrayContaining([cancelled(answerTimer), { type: "timer", id: reopenTimer, ms: 250 }]),
    );
    guest.timer(reopenTimer).send({ type: "on_open", stream: 2 }).receive(good, 2);
    expect(guest.all("report")).toHaveLength(1);
  });

  it("of another unit, or strays without end, close the connection", async () => {
    const guest = await ModbusGuest.open([x]);
    for (let i = 0; i < 32; i++) expect(guest.receive("T 0000 0005 02 04 02 0001").effects).toEqual([]);
    guest.receive("T 0000 0005 02 04 02 0001");
    lost(guest, "ProtocolError", "the device sends answers nobody asked for");
  });

  it("of a closed connection mean nothing", async () => {
    const guest = await ModbusGuest.open([x]);
    guest.send({ type: "on_close", stream: 1, reason: "" });
    expect(guest.receive(good).effects).toEqual([]);
    expect(guest.send({ type: "on_close", stream: 1, reason: "" }).effects).toEqual([]);
    expect(guest.send({ type: "on_open", stream: 1 }).effects).toEqual([]);
  });

  it("of any kind do no harm", async () => {
    let seed = 11;
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (seed >>> 8) % limit;
    };
    const guest = await ModbusGuest.open([x, number("y", { table: "coil", address: 1 }, { access: "readWrite" })]);
    let stream = 1;
    for (let round = 0; round < 2000; round++) {
      const bytes = Uint8Array.from({ length: random(40) }, () => random(256));
      // A plausible head lets more of it through.
      if (random(2) === 0) bytes.set([0, round & 255, 0, 0, 0, 5, 1, 4].slice(0, bytes.length));
      guest.send({ type: "on_bytes", stream, bytes });
      if (random(9) === 0) guest.desire(1, "number", random(2), round + 1);
      if (random(5) === 0) guest.timer([answerTimer, reopenTimer, 16][random(3)] ?? 0);
      stream = guest.all("open").at(-1)?.stream ?? stream;
      if (guest.all("open").length > 0) guest.send({ type: "on_open", stream });
    }
    expect(stream).toBeGreaterThan(10);
  });
});
