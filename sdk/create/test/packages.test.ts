import { access, readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone } from "./clone.ts";

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make();
});

afterAll(() => clone[Symbol.asyncDispose]());

const json = async (path: string) => JSON.parse(await readFile(clone.path(path), "utf8"));

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(clone.path(folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(clone.path(folder).length + 1))
    .sort();
}

/** Names whose lengths and first letters sort and break lines in different ways. */
const long = "watch-2-of-a-very-long-name-that-breaks-lines";
const made = [
  "plugins/sink-file",
  "plugins/a",
  `plugins/${long}`,
  "plugins/storage-map",
  "mappers/thermo",
  `mappers/${long}`,
];

describe("npm run create", { timeout: 60_000 }, () => {
  it("makes a plugin, and says what is in it and what to do next", async () => {
    const { code, out, err } = await clone.create(["plugin", "plugins/sink-file"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const files = await filesOf("plugins/sink-file");
    expect(files).toEqual([
      ...["README.md", "package.json", "src/errors.ts", "src/index.ts", "src/plugin.json", "src/plugin.ts"],
      ...["src/sink-file.ts", "test/sink-file.test.ts"],
    ]);
    expect(out).toContain(`made plugins/sink-file:\n${files.map((file) => `  ${file}\n`).join("")}`);
    expect(out).toContain("  npx vitest run --project unit plugins/sink-file\n");
    expect(out).toContain('add it to kernel/profiles/edge.yaml as "- id: sink-file"');
    expect(await json("plugins/sink-file/package.json")).toMatchObject({ name: "@skerry/sink-file" });
    expect(await json("plugins/sink-file/src/plugin.json")).toMatchObject({ id: "sink-file", essential: false });
  });

  it("makes a mapper", async () => {
    const { code, out, err } = await clone.create(["mapper", "mappers/thermo"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const files = await filesOf("mappers/thermo");
    expect(files).toEqual([
      ...["README.md", "guest/index.ts", "guest/thermo.ts", "guest/variable.ts", "mapper.json"],
      ...["models/thermo-demo.yaml", "package.json", "simulator.mjs", "test/demo-device.ts", "test/thermo.test.ts"],
    ]);
    expect(out).toContain(`made mappers/thermo:\n${files.map((file) => `  ${file}\n`).join("")}`);
    expect(out).toContain("  npx vitest run --project unit mappers/thermo\n");
    expect(await json("mappers/thermo/package.json")).toMatchObject({ name: "@skerry/mapper-thermo" });
    expect(await json("mappers/thermo/mapper.json")).toMatchObject({ id: "thermo" });
  });

  it("makes a plugin that answers a contract", async () => {
    const { code, out, err } = await clone.create(["plugin", "plugins/storage-map", "--provides", "storage"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(await filesOf("plugins/storage-map")).toContain("test/contract.test.ts");
    expect(out).toContain("in the place of storage-sqlite");
    expect(await json("plugins/storage-map/src/plugin.json")).toMatchObject({ provides: ["storage.key-value/1"] });
  });

  it("makes one from any folder of the repository, by name, with a summary of any characters", async () => {
    const summary = 'Says "ah" \\ {{name}} <|>';
    expect(await clone.create(["plugin", "a", "--summary", summary], "plugins")).toMatchObject({ code: 0 });
    expect(await json("plugins/a/src/plugin.json")).toMatchObject({ id: "a", summary });
    expect(await clone.create(["plugin", "--name", long], "docs/guides")).toMatchObject({ code: 0 });
    expect(await clone.create(["mapper", `../mappers/${long}`], "plugins")).toMatchObject({ code: 0 });
  });
});

describe("what was made", { timeout: 120_000 }, () => {
  it("passes the formatter and the linter", async () => {
    const { code, out, err } = await clone.node("@biomejs/biome/bin/biome", "ci", ...made);
    expect(code, out + err).toBe(0);
    expect(err + out).toMatch(/Checked 38 files/);
  });

  it("compiles under the strict settings", async () => {
    expect(await clone.compile(...made)).toMatchObject({ code: 0, out: "" });
  });

  it("has a README whose links lead somewhere", async () => {
    for (const path of made) {
      const text = await readFile(clone.path(path, "README.md"), "utf8");
      const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => clone.path(path, target));
      expect(links.length).toBeGreaterThan(0);
      for (const link of links) await access(link);
    }
  });

  // Those of mappers/thermo run in first-mapper.test.ts.
  it("passes its own tests, of which there are some", async () => {
    const tested = made.filter((path) => path !== "mappers/thermo").map((path) => `${path}/`);
    const { code, out, err } = await clone.vitest("--project", "unit", ...tested);
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/Test Files +6 passed/);
    expect(out).toMatch(/storage-map\/test\/contract\.test\.ts \(\d{2,} tests\)/);
  });

  it("keeps the rules of the architecture, and is in the reference", async () => {
    const rules = ["layers", "manifests", "shape"].map((name) => `test/architecture/${name}.test.ts`);
    const { code, out, err } = await clone.vitest("--project", "architecture", ...rules);
    expect(code, out + err).toBe(0);
    const reference = ["--update", "test/architecture/reference.test.ts", "-t", "lists every"];
    expect(await clone.vitest("--project", "architecture", ...reference)).toMatchObject({ code: 0 });
    expect(await readFile(clone.path("docs/reference/errors.md"), "utf8")).toContain("SKERRY_SINK_FILE_BAD_FILTER");
    expect(await readFile(clone.path("docs/reference/settings.md"), "utf8")).toContain("## sink-file");
  });
});
