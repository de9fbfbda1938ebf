import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone } from "./clone.ts";

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make();
});

afterAll(() => clone[Symbol.asyncDispose]());

const json = async (path: string) => JSON.parse(await readFile(clone.path(path), "utf8"));

describe("npm run create -- plugin", () => {
  it("makes a package, and says what is in it and what to do next", async () => {
    const { code, out, err } = await clone.create(["plugin", "plugins/sink-file"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const files = (await readdir(clone.path("plugins/sink-file"), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath.slice(clone.path("plugins/sink-file").length)}/${entry.name}`.slice(1))
      .sort();
    expect(files).toEqual(
      ["README.md", "package.json", "src/errors.ts", "src/index.ts", "src/plugin.json", "src/plugin.ts"].concat([
        "src/sink-file.ts",
        "test/sink-file.test.ts",
      ]),
    );
    for (const file of files) expect(out).toContain(`  ${file}\n`);
    expect(out).toContain("npx vitest run --project unit plugins/sink-file\n");
    expect(await json("plugins/sink-file/package.json")).toMatchObject({ name: "@skerry/sink-file" });
    expect(await json("plugins/sink-file/src/plugin.json")).toMatchObject({ id: "sink-file", essential: false });
  });

  it("makes one from any folder of the repository, by name, with a summary of any characters", async () => {
    const summary = 'Says "ah" \\ {{name}}';
    expect(await clone.create(["plugin", "a", "--summary", summary], "plugins")).toMatchObject({ code: 0 });
    expect(
      await clone.create(["plugin", "--name", "watch-2-of-a-very-long-name-that-breaks-lines"], "docs/guides"),
    ).toMatchObject({ code: 0 });
    expect(await json("plugins/a/src/plugin.json")).toMatchObject({ id: "a", summary });
  });
});

const made = ["plugins/sink-file", "plugins/a", "plugins/watch-2-of-a-very-long-name-that-breaks-lines"];

describe("what was made", () => {
  it("passes the formatter and the linter", async () => {
    const { code, out, err } = await clone.node("@biomejs/biome/bin/biome", "ci", ...made);
    expect(code, out + err).toBe(0);
    expect(err + out).toMatch(/Checked 21 files/);
  });

  it("compiles under the strict settings", async () => {
    expect(await clone.compile(...made)).toMatchObject({ code: 0, out: "" });
  });

  it("passes its own tests, of which there are some", async () => {
    const { code, out, err } = await clone.vitest("--project", "unit", ...made.map((path) => `${path}/`));
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/Test Files +3 passed/);
    expect(out).toMatch(/Tests +12 passed/);
  });

  it("keeps the rules of the architecture, and is in the reference", async () => {
    const rules = ["layers", "manifests", "shape", "documents"].map((name) => `test/architecture/${name}.test.ts`);
    const { code, out, err } = await clone.vitest("--project", "architecture", ...rules);
    expect(code, out + err).toBe(0);
    const reference = ["--update", "test/architecture/reference.test.ts", "-t", "lists every"];
    expect(await clone.vitest("--project", "architecture", ...reference)).toMatchObject({ code: 0 });
    expect(await readFile(clone.path("docs/reference/errors.md"), "utf8")).toContain("SKERRY_SINK_FILE_BAD_FILTER");
    expect(await readFile(clone.path("docs/reference/settings.md"), "utf8")).toContain("## sink-file");
  });
});
