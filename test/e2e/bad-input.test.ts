import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skerry } from "./skerry.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "skerry-bad-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function homeWith(profile: string, settings: string): Promise<string> {
  count += 1;
  const home = join(folder, `home-${count}`);
  await mkdir(join(home, profile), { recursive: true });
  await writeFile(join(home, profile, "settings.yaml"), settings);
  return home;
}

describe("settings.yaml", () => {
  it.each([
    ["broken YAML, with its line", "plugins: [", /settings\.yaml: .*line 1/s, "SKERRY_CLI_BAD_FILE"],
    ["an unknown field", "plugin: {}", /unknown field "plugin"; expected node or plugins/, "SKERRY_CLI_BAD_FILE"],
    [
      "an unknown plugin, naming those there are",
      "plugins: {mqtt-mosquitto: {}}",
      /no plugin "mqtt-mosquitto" .*mqtt-aedes/s,
      "SKERRY_CLI_UNKNOWN_PLUGIN",
    ],
    [
      "a setting of the wrong type, with path, expected and found",
      "plugins: {mqtt-aedes: {listen: {port: many}}}",
      /mqtt-aedes: listen\.port: expected an integer, found "many"/,
      "SKERRY_BOOT_BAD_SETTING",
    ],
    [
      "an unknown setting",
      "plugins: {mqtt-aedes: {colour: red}}",
      /mqtt-aedes: colour: expected one of/,
      "SKERRY_BOOT_BAD_SETTING",
    ],
  ])("with %s ends with exit code 1 and says so", async (_, settings, message, code) => {
    const { code: exit, err } = await skerry(["edge", "--home", await homeWith("edge", settings)]);
    expect(exit).toBe(1);
    expect(err).toMatch(message);
    expect(err).toContain(code);
  });

  it("with several problems reports them together", async () => {
    const settings = "plugins: {mqtt-aedes: {listen: {port: many}}, io-net: {connectTimeoutMs: -1}}";
    const { err } = await skerry(["edge", "--home", await homeWith("edge", settings)]);
    expect(err).toMatch(/mqtt-aedes: listen\.port/);
    expect(err).toMatch(/io-net: connectTimeoutMs/);
  });

  it("that was asked for must exist", async () => {
    const { code, err } = await skerry(["edge", "--home", folder, "--settings", join(folder, "nowhere.yaml")]);
    expect(code).toBe(1);
    expect(err).toContain("SKERRY_CLI_BAD_FILE");
  });
});

describe("the environment", () => {
  it("is checked like a file", async () => {
    const home = await homeWith("edge", "");
    const { code, err } = await skerry(["edge", "--home", home], { env: { SKERRY_MQTT_AEDES__LISTEN__PORT: "x" } });
    expect(code).toBe(1);
    expect(err).toMatch(/mqtt-aedes: listen\.port: expected an integer, found "x"/);
  });
});

describe("the command line", () => {
  it.each([
    [["edge", "--colour"], 2, /--colour/],
    [["edge", "now"], 2, /unexpected "now"/],
    [["edge", "--set", "x"], 2, /--set takes PLUGIN\.PATH=VALUE/],
    [["status", "-o", "xml"], 2, /-o takes text or json/],
    [["frobnicate"], 1, /there is no command "frobnicate"/],
    [[], 2, /skerry up/],
  ])("%j is refused with exit code %i", async (args, exit, message) => {
    const { code, err } = await skerry(args, { cwd: folder });
    expect(err).toMatch(message);
    expect(code).toBe(exit);
  });

  it("says that nothing runs", async () => {
    const { code, err } = await skerry(["status", "--home", folder]);
    expect(code).toBe(1);
    expect(err).toContain("SKERRY_CLI_NOT_RUNNING");
  });

  it("ends quietly when its reader has seen enough", async () => {
    const child = spawn(process.execPath, ["dist/bundle/skerry.cjs", "help"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const code = await new Promise((done) => child.once("close", done));
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  it("prints version and help", async () => {
    expect((await skerry(["version"])).out).toMatch(/^skerry \d+\.\d+\.\d+\n$/);
    expect((await skerry(["help"], { cwd: folder })).out).toContain("skerry edge");
  });

  it("plans a boot without running it", async () => {
    const { out, code } = await skerry(["inspect", "cloud", "--home", folder]);
    expect(code).toBe(1);
    expect(out).toBe("");
  });
});
