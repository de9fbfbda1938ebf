import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ModbusRTU from "modbus-serial";
import { describe, expect, it, onTestFinished } from "vitest";
import { startDemoMeter } from "../simulator/index.ts";

const host = "127.0.0.1";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "skerry-meter-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function client(port: number) {
  const modbus = new ModbusRTU();
  await modbus.connectTCP(host, { port });
  modbus.setID(1);
  modbus.setTimeout(5000);
  onTestFinished(async () => {
    // Closing a client whose server has gone never calls back.
    if (modbus.isOpen) await new Promise<void>((resolve) => modbus.close(() => resolve()));
  });
  return modbus;
}

describe("the demo meter", () => {
  it("measures: voltage drifts, current follows the relay, energy grows", async () => {
    let elapsed = 0;
    const meter = await startDemoMeter({ host, port: 0, unit: 1, elapsedMs: () => elapsed });
    onTestFinished(() => meter.stop());
    const modbus = await client(meter.port);
    const read = async () => {
      const { buffer } = await modbus.readInputRegisters(0, 6);
      return [buffer.readFloatBE(0), buffer.readFloatBE(4), buffer.readFloatBE(8)] as const;
    };
    expect((await read())[1]).toBe(0);
    await modbus.writeCoil(0, true);
    const [voltage, current, energy] = await read();
    expect(voltage).toBeCloseTo(230, 3);
    expect(current).toBeCloseTo(10, 3);
    expect(energy).toBe(0);
    elapsed = 3_600_000;
    const [later, , used] = await read();
    expect(Math.abs(later - voltage)).toBeGreaterThan(0.001);
    expect(used).toBeGreaterThan(2);
    expect(used).toBeLessThan(2.6);
    await modbus.writeCoil(0, false);
    expect((await read())[1]).toBe(0);
    elapsed *= 2;
    expect((await read())[2]).toBeCloseTo(used, 3);
  });

  it("refuses what it has not, and limits out of range", async () => {
    const meter = await startDemoMeter({ host, port: 0, unit: 1 });
    onTestFinished(() => meter.stop());
    const modbus = await client(meter.port);
    await modbus.writeRegister(10, 800);
    for (const limit of [9, 801, 65_535]) {
      await expect(modbus.writeRegister(10, limit)).rejects.toMatchObject({ modbusCode: 3 });
    }
    await expect(modbus.readHoldingRegisters(11, 1)).rejects.toMatchObject({ modbusCode: 2 });
    await expect(modbus.readInputRegisters(5, 2)).rejects.toMatchObject({ modbusCode: 2 });
    await expect(modbus.readCoils(1, 1)).rejects.toMatchObject({ modbusCode: 2 });
    expect((await modbus.readHoldingRegisters(10, 1)).data).toEqual([800]);
  });

  it("remembers relay, limit and energy in its state file", async () => {
    const stateFile = join(await folder(), "deep/meter.json");
    let elapsed = 0;
    const options = { host, port: 0, unit: 1, stateFile, elapsedMs: () => elapsed };
    const first = await startDemoMeter(options);
    const modbus = await client(first.port);
    await modbus.writeRegister(10, 250);
    await modbus.writeCoil(0, true);
    expect(JSON.parse(await readFile(stateFile, "utf8"))).toMatchObject({ limit: 250, relay: true });
    elapsed = 3_600_000;
    await modbus.writeCoil(0, false);
    await first.stop();
    elapsed = 0;
    const second = await startDemoMeter(options);
    onTestFinished(() => second.stop());
    expect(second.meter.state).toMatchObject({ relay: false, limit: 250 });
    expect(second.meter.state.energy).toBeGreaterThan(2000);
    expect(await readdir(join(stateFile, ".."))).toEqual(["meter.json"]);
  });

  it("does not start from a file that is no state", async () => {
    const stateFile = join(await folder(), "meter.json");
    await writeFile(stateFile, `{"relay":1}`);
    await expect(startDemoMeter({ host, port: 0, unit: 1, stateFile })).rejects.toThrow("not the state of a meter");
  });
});

describe("the demo-meter process", () => {
  it("says where it listens, and ends on SIGTERM with its state saved", async () => {
    const path = await folder();
    const bundle = join(path, "demo-meter.cjs");
    await build({
      entryPoints: [fileURLToPath(new URL("../simulator/main.ts", import.meta.url))],
      outfile: bundle,
      ...({ bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "silent" } as const),
      external: ["serialport"],
    });
    const state = join(path, "meter.json");
    const child = spawn(process.execPath, [bundle, "--port", "0", "--state", state], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const line = await new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(String(data))));
    const { ready, port } = JSON.parse(line) as { ready: boolean; port: number };
    expect(ready).toBe(true);
    const modbus = await client(port);
    expect((await modbus.readCoils(0, 1)).data[0]).toBe(false);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(JSON.parse(await readFile(state, "utf8"))).toMatchObject({ relay: false, limit: 160 });
  });

  it("names a bad argument", async () => {
    const path = await folder();
    const bundle = join(path, "demo-meter.cjs");
    await build({
      entryPoints: [fileURLToPath(new URL("../simulator/main.ts", import.meta.url))],
      outfile: bundle,
      ...({ bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "silent" } as const),
      external: ["serialport"],
    });
    const child = spawn(process.execPath, [bundle, "--port", "x"], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (data) => {
      said += data;
    });
    expect(await new Promise<number | null>((resolve) => child.once("close", resolve))).toBe(1);
    expect(said).toContain("--port: expected an integer");
  });
});
