import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeviceModel, type DeviceProperty, type TwinDefinition, Twins } from "@skerry/contracts";
import { plugin as ioNet } from "@skerry/io-net";
import { plugin as mappersExtism } from "@skerry/mappers-extism";
import { FakeTwins, startTestNode } from "@skerry/testing";
import { ServerTCP } from "modbus-serial";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { parse } from "yaml";
import { startDemoMeter } from "../simulator/index.ts";
import { buildModbus, modbusManifest, modbusWasm, number } from "./modbus-guest.ts";

const host = "127.0.0.1";
const patient = { timeout: 10_000 };

beforeAll(buildModbus, 120_000);

/** A node with real time and real sockets, and the modbus mapper installed. */
async function node() {
  const directory = await mkdtemp(join(tmpdir(), "skerry-modbus-"));
  await mkdir(join(directory, "modbus"));
  await copyFile(modbusManifest, join(directory, "modbus/mapper.json"));
  await copyFile(modbusWasm, join(directory, "modbus/modbus.wasm"));
  const twins = new FakeTwins();
  const running = await startTestNode({
    plugins: [{ plugin: mappersExtism, settings: { directory } }, ioNet],
    with: [[Twins, twins]],
  });
  onTestFinished(async () => {
    await running.stop();
    await rm(directory, { recursive: true });
  });
  return twins;
}

const demoModel = async () =>
  parse(await readFile(new URL("../models/demo-meter.yaml", import.meta.url), "utf8")) as DeviceModel;

function twin(port: number, properties: readonly DeviceProperty[], connection: object = {}): TwinDefinition {
  const apiVersion = "devices.skerry.dev/v1alpha1";
  return {
    name: "factory/meter-1",
    device: {
      ...{ apiVersion, kind: "Device", metadata: { name: "meter-1", namespace: "factory" } },
      spec: { model: "demo-meter", nodeName: "test-node", connection: { tcp: { host, port }, unit: 1, ...connection } },
    },
    model: {
      ...{ apiVersion, kind: "DeviceModel", metadata: { name: "demo-meter" } },
      spec: { mapper: "modbus", properties },
    },
  };
}

const value = (twins: FakeTwins, property: string) => twins.reported("factory/meter-1", property);
const connected = (twins: FakeTwins) => twins.condition("factory/meter-1", "Connected");
const settled = async (twins: FakeTwins, version: string) =>
  vi.waitFor(() => {
    const found = twins.settles.find((settle) => settle.version === version);
    expect(found).toBeDefined();
    return found?.outcome;
  }, patient);

async function demoMeter(unit = 1) {
  const meter = await startDemoMeter({ host, port: 0, unit });
  onTestFinished(() => meter.stop());
  return meter;
}

async function listening(accept: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    accept(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the demo meter, over modbus-serial's server", () => {
  it("is read and set", async () => {
    const meter = await demoMeter();
    const twins = await node();
    twins.put(twin(meter.port, (await demoModel()).spec.properties));
    await vi.waitFor(() => {
      expect(value(twins, "voltage")).toBeGreaterThan(225);
      expect(value(twins, "voltage")).toBeLessThan(235);
      expect(value(twins, "current")).toBe(0);
      expect(value(twins, "energy")).toBeGreaterThanOrEqual(0);
      expect(value(twins, "relay")).toBe(false);
      expect(value(twins, "limit")).toBe(16);
    }, patient);
    expect(connected(twins)).toMatchObject({ status: "True", reason: "Responding" });

    expect(await settled(twins, twins.desire("factory/meter-1", "relay", true))).toEqual({ state: "applied" });
    expect(meter.meter.state.relay).toBe(true);
    await vi.waitFor(() => expect(value(twins, "current")).toBeGreaterThan(9), patient);

    expect(await settled(twins, twins.desire("factory/meter-1", "limit", 31.5))).toEqual({ state: "applied" });
    expect(meter.meter.state.limit).toBe(315);
    // Read back at once, not in the 5 s of its period.
    await vi.waitFor(() => expect(value(twins, "limit")).toBe(31.5), patient);

    expect(await settled(twins, twins.desire("factory/meter-1", "limit", 90))).toEqual({
      state: "rejected",
      reason: "illegal data value",
    });
    expect(twins.refused).toEqual([]);
    expect(twins.condition("factory/meter-1", "MapperReady")).toMatchObject({ status: "True" });
  });

  it("comes back after it was switched off", async () => {
    const first = await startDemoMeter({ host, port: 0, unit: 1 });
    const twins = await node();
    twins.put(twin(first.port, (await demoModel()).spec.properties));
    await vi.waitFor(() => expect(connected(twins)?.status).toBe("True"), patient);
    await first.stop();
    await vi.waitFor(() => expect(connected(twins)?.status).toBe("False"), patient);
    const desired = twins.desire("factory/meter-1", "limit", 12);
    const second = await startDemoMeter({ host, port: first.port, unit: 1 });
    onTestFinished(() => second.stop());
    await vi.waitFor(() => expect(connected(twins)?.status).toBe("True"), patient);
    expect(await settled(twins, desired)).toEqual({ state: "applied" });
    expect(second.meter.state.limit).toBe(120);
  });

  it("answers for its unit only", async () => {
    const meter = await demoMeter(7);
    const twins = await node();
    twins.put(twin(meter.port, (await demoModel()).spec.properties, { unit: 8, timeoutMs: 100 }));
    await vi.waitFor(() => expect(connected(twins)?.reason).toBe("NoResponse"), patient);
    expect(connected(twins)?.message).toBe("unit 8 does not answer within 100 ms");
    expect(twins.reports).toEqual([]);
    twins.put(twin(meter.port, (await demoModel()).spec.properties, { unit: 7 }));
    await vi.waitFor(() => expect(connected(twins)?.status).toBe("True"), patient);
  });

  it("has no other registers: only the property that asks for them fails", async () => {
    const meter = await demoMeter();
    const twins = await node();
    const wrong = number("wrong", { table: "input", address: 6 });
    const lost = number("lost", { table: "holding", address: 500 }, { access: "readWrite" });
    twins.put(twin(meter.port, [...(await demoModel()).spec.properties, wrong, lost]));
    await vi.waitFor(() => {
      const ready = twins.condition("factory/meter-1", "MapperReady");
      expect(ready?.message).toContain("wrong: illegal data address");
      expect(ready?.message).toContain("lost: illegal data address");
      expect(value(twins, "voltage")).toBeGreaterThan(225);
    }, patient);
    expect(await settled(twins, twins.desire("factory/meter-1", "lost", 1))).toEqual({
      state: "rejected",
      reason: "illegal data address",
    });
  });
});

describe("a device made of every table and form, over modbus-serial's server", () => {
  it("keeps what is written", async () => {
    const registers = new Map<number, number>();
    const coils = new Map<number, boolean>();
    const server = new ServerTCP(
      {
        getCoil: async (address: number) => coils.get(address) ?? false,
        getDiscreteInput: async (address: number) => address % 2 === 1,
        getInputRegister: async (address: number) => address,
        getHoldingRegister: async (address: number) => registers.get(address) ?? 0,
        setCoil: async (address: number, on: boolean) => void coils.set(address, on),
        setRegister: async (address: number, word: number) => void registers.set(address, word),
      },
      { host, port: "0" as unknown as number, unitID: 1 },
    );
    await new Promise<void>((resolve) => server.on("initialized", () => resolve()));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { port } = (server as unknown as { _server: Server })._server.address() as { port: number };
    const more = { access: "readWrite", every: "200ms" } as const;
    const cases: readonly (readonly [DeviceProperty, number | boolean])[] = [
      [number("coil", { table: "coil", address: 5 }, { ...more, type: "boolean" }), true],
      [number("coils", { table: "coil", address: 6, write: "multiple" }, { ...more, type: "boolean" }), true],
      [number("int16", { table: "holding", address: 0, as: "int16", scale: 0.01 }, more), -12.34],
      [number("uint16", { table: "holding", address: 1, as: "uint16", write: "multiple" }, more), 65_535],
      [number("int32", { table: "holding", address: 2, as: "int32" }, { ...more, type: "integer" }), -2_000_000_000],
      [number("uint32", { table: "holding", address: 4, as: "uint32", words: "little" }, more), 4_000_000_000],
      [number("float32", { table: "holding", address: 6, as: "float32" }, more), 3.25e-7],
    ];
    const twins = await node();
    const reads = [
      number("odd", { table: "discrete", address: 3 }, { type: "boolean" }),
      number("input", { table: "input", address: 4242 }),
    ];
    twins.put(twin(port, [...cases.map(([property]) => property), ...reads]));
    for (const [property, wanted] of cases) {
      expect(await settled(twins, twins.desire("factory/meter-1", property.name, wanted))).toEqual({
        state: "applied",
      });
    }
    await vi.waitFor(() => {
      for (const [property, wanted] of cases) expect(value(twins, property.name)).toBe(wanted);
      expect(value(twins, "odd")).toBe(true);
      expect(value(twins, "input")).toBe(4242);
    }, patient);
  });
});

describe("a device that misbehaves", () => {
  it("and refuses the connection is named", async () => {
    const port = await listening(() => undefined);
    const closed = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, host, () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
      });
    });
    const twins = await node();
    twins.put(twin(closed, [number("x", { table: "input", address: 0 })]));
    await vi.waitFor(() => expect(connected(twins)?.reason).toBe("ConnectionFailed"), patient);
    expect(connected(twins)?.message).toContain(`tcp://${host}:${closed}`);
  });

  it("and says nothing is named", async () => {
    const port = await listening((socket) => socket.resume());
    const twins = await node();
    twins.put(twin(port, [number("x", { table: "input", address: 0 })], { timeoutMs: 100 }));
    await vi.waitFor(() => expect(connected(twins)?.reason).toBe("NoResponse"), patient);
  });

  it("and speaks something else is named", async () => {
    const port = await listening((socket) => socket.on("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")));
    const twins = await node();
    twins.put(twin(port, [number("x", { table: "input", address: 0 })]));
    await vi.waitFor(() => expect(connected(twins)?.reason).toBe("ProtocolError"), patient);
  });

  it("and closes at once is named", async () => {
    const port = await listening((socket) => socket.end());
    const twins = await node();
    twins.put(twin(port, [number("x", { table: "input", address: 0 })]));
    await vi.waitFor(() => expect(connected(twins)?.reason).toBe("ConnectionClosed"), patient);
  });
});
