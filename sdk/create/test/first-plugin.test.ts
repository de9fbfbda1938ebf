import { appendFile, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone } from "./clone.ts";
import { planEdge } from "./edge-profile.ts";
import { blocksOf, commandsOf } from "./guide.ts";

const blocks = await blocksOf("first-plugin.md");
const of = (language: string) => blocks.filter((block) => block.language === language);
const commands = of("sh").flatMap(commandsOf);
const test = "npx vitest run --project unit plugins/counter-mqtt";
let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make();
});

afterAll(() => clone[Symbol.asyncDispose]());

describe("docs/guides/first-plugin.md", { timeout: 120_000 }, () => {
  it("has the commands that are tried here, and those that need a running node", () => {
    expect(commands).toEqual([
      "npm run create -- plugin plugins/counter-mqtt",
      test,
      "npm start",
      "npx skerry status edge",
      "npx skerry inspect edge",
      "SKERRY_COUNTER_MQTT__MAXIMUM_TOPICS=50 npm start",
      test,
      "npm install --package-lock-only",
      "npm run docs",
      "npm run check",
    ]);
  });

  it("1. makes a plugin whose tests pass", async () => {
    expect(await clone.type(commands[0] ?? "")).toMatchObject({ code: 0 });
    const { code, out, err } = await clone.type(test);
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/Tests +4 passed/);
  });

  it("2. names it in the profile, and the kernel plans to boot it", async () => {
    const [lines] = of("yaml");
    await appendFile(clone.path("kernel/profiles/edge.yaml"), lines?.text ?? "");
    const { plugins } = await planEdge(clone);
    expect(plugins.find(({ id }) => id === "counter-mqtt")).toMatchObject({ state: "planned" });
    expect(plugins.length).toBeGreaterThan(6);
  });

  it("3. changes it: the kernel refuses what is not declared, and takes what is", async () => {
    const [inTest, inClass, inManifest, ...rest] = of("diff");
    expect(rest).toEqual([]);
    await clone.apply(inTest);
    await clone.apply(inClass);
    const refused = await clone.type(test);
    expect(refused.code).toBe(1);
    for (const { text } of of("text")) expect(refused.err).toContain(text.trim());
    await clone.apply(inManifest);
    const { code, out, err } = await clone.type(test);
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/Tests +5 passed/);
    const changed = await clone.node("@biomejs/biome/bin/biome", "ci", "plugins/counter-mqtt");
    expect(changed.code, changed.err).toBe(0);
    expect(await clone.compile("plugins/counter-mqtt")).toMatchObject({ code: 0, out: "" });
  });

  it("4. records it in package-lock.json, and changes nothing else there", async () => {
    const lock = async () => JSON.parse(await readFile(clone.path("package-lock.json"), "utf8")).packages;
    const before = await lock();
    expect(await clone.type("npm install --package-lock-only --offline")).toMatchObject({ code: 0 });
    const { "node_modules/@skerry/counter-mqtt": link, "plugins/counter-mqtt": entry, ...others } = await lock();
    expect(link).toEqual({ resolved: "plugins/counter-mqtt", link: true });
    expect(entry).toMatchObject({ name: "@skerry/counter-mqtt" });
    expect(others).toEqual(before);
  });
});
