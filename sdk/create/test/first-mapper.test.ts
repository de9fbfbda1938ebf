import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type Device, type DeviceModel, Twins } from "@skerry/contracts";
import { plugin as ioNet } from "@skerry/io-net";
import { plugin as mappersExtism } from "@skerry/mappers-extism";
import { FakeTwins, startTestNode } from "@skerry/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { parse } from "yaml";
import { Clone } from "./clone.ts";
import { blocksOf, commandsOf } from "./guide.ts";

const blocks = await blocksOf("first-mapper.md");
const of = (language: string) => blocks.filter((block) => block.language === language);
const commands = of("sh").flatMap(commandsOf);
const test = "npx vitest run --project unit mappers/thermo";
const patient = { timeout: 20_000, interval: 20 };
let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make();
});

afterAll(() => clone[Symbol.asyncDispose]());

/** The port on which the simulator of the guide listens; it is ended after the test. */
async function simulator(): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, ["mappers/thermo/simulator.mjs", "0"], { cwd: clone.root });
  onTestFinished(() => void child.kill());
  if (!child.stdout) throw new Error("the simulator has no output");
  for await (const line of createInterface(child.stdout)) return Number(/:(\d+)$/.exec(line)?.[1]);
  throw new Error("the simulator ended");
}

/** A node over real TCP with the guide's device, whose mapper comes from the folder the build would fill. */
async function startDevice(port: number) {
  const directory = clone.path("dist/mappers");
  await mkdir(`${directory}/thermo`, { recursive: true });
  await cp(clone.path("mappers/thermo/mapper.json"), `${directory}/thermo/mapper.json`);
  await cp(clone.path("mappers/thermo/build/thermo.wasm"), `${directory}/thermo/thermo.wasm`);
  const twins = new FakeTwins();
  const plugins = [{ plugin: mappersExtism, settings: { directory } }, ioNet];
  const node = await startTestNode({ plugins, with: [[Twins, twins]] });
  onTestFinished(() => node.stop());
  const text = of("yaml")[0]?.text.replace("5025", String(port)) ?? "";
  const device = parse(text) as Device;
  const model = parse(await readFile(clone.path("mappers/thermo/models/thermo-demo.yaml"), "utf8")) as DeviceModel;
  expect(device.spec.model).toBe(model.metadata.name);
  const name = `default/${device.metadata.name}`;
  twins.put({ name, device, model });
  for (const [property, value] of Object.entries(device.spec.desired ?? {})) twins.desire(name, property, value);
  return { twins, reported: (property: string) => twins.reported(name, property), name };
}

describe("docs/guides/first-mapper.md", { timeout: 120_000 }, () => {
  it("has the commands that are tried here, and those that need a running node", () => {
    expect(commands).toEqual([
      "npm run create -- mapper mappers/thermo",
      test,
      "npm start",
      "node mappers/thermo/simulator.mjs 5025",
      "npx skerry apply -f mappers/thermo/models/thermo-demo.yaml",
      "npx skerry apply -f thermo-1.yaml",
      "npx skerry status edge",
      test,
      "npm install --package-lock-only",
      "npm run check",
    ]);
  });

  it("1. makes a mapper whose tests pass", async () => {
    expect(await clone.type(commands[0] ?? "")).toMatchObject({ code: 0 });
    const { code, out, err } = await clone.type(test);
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/Tests +10 passed/);
  });

  it("2. runs it against its simulator, with the Device it prints", async () => {
    const { twins, reported } = await startDevice(await simulator());
    await vi.waitFor(() => expect(reported("setpoint")).toBe(24), patient);
    expect(twins.settles).toMatchObject([{ property: "setpoint", outcome: { state: "applied" } }]);
    await vi.waitFor(() => expect(Math.abs(Number(reported("temperature")) - 24)).toBeLessThanOrEqual(1), patient);
  });

  it("3. teaches it a switch, which the simulator has then too", async () => {
    const changes = of("diff");
    expect(changes).toHaveLength(4);
    await clone.apply(changes[0]);
    expect((await clone.type(test)).code).toBe(1);
    await clone.apply(changes[1]);
    const { code, out, err } = await clone.type(test);
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/Tests +11 passed/);
    await clone.apply(changes[2]);
    await clone.apply(changes[3]);
    const changed = await clone.node("@biomejs/biome/bin/biome", "ci", "mappers/thermo");
    expect(changed.code, changed.err).toBe(0);
    const { twins, reported, name } = await startDevice(await simulator());
    await vi.waitFor(() => expect(reported("heating")).toBe(false), patient);
    twins.desire(name, "heating", true);
    await vi.waitFor(() => expect(reported("heating")).toBe(true), patient);
  });
});
