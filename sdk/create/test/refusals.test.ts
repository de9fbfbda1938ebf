import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { create } from "../src/create.mjs";

/** An empty repository, without a formatter, and `create` called in it. */
async function repository() {
  const root = await mkdtemp(join(tmpdir(), "skerry-create-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeFile(join(root, "package.json"), JSON.stringify({ workspaces: ["plugins/*", "mappers/*"] }));
  await mkdir(join(root, "plugins/full"), { recursive: true });
  await mkdir(join(root, "plugins/empty"));
  await writeFile(join(root, "plugins/full/notes.txt"), "mine");
  await writeFile(join(root, "plugins/file"), "mine");
  await writeFile(join(root, "plugins/full/package.json"), JSON.stringify({ name: "@skerry/somebody" }));
  const call = (args: readonly string[], from = "") => {
    let [out, err] = ["", ""];
    const code = create(args, {
      directory: join(root, from),
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { code, out, err };
  };
  return { root, call, all: async () => (await readdir(root, { recursive: true })).sort() };
}

const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["nothing", [], /expected what to make, plugin or mapper, found nothing/],
  ["something else", ["driver", "plugins/x"], /expected plugin or mapper, found "driver"/],
  ["no folder", ["plugin"], /expected a folder, for instance plugins\/my-plugin, found none/],
  ["two folders", ["plugin", "plugins/x", "plugins/y"], /expected one folder, found plugins\/x and plugins\/y/],
  ["an unknown option", ["plugin", "plugins/x", "--force"], /Unknown option '--force'/],
  ["an option without its value", ["plugin", "--name"], /--name/],
  ["a name in capitals", ["plugin", "plugins/SinkFile"], /"SinkFile" is not kebab-case; expected .* sink-file/],
  ["a name that begins with a digit", ["plugin", "plugins/2-fast"], /"2-fast" is not kebab-case/],
  ["a name with an underscore", ["mapper", "mappers/a_b"], /"a_b" is not kebab-case/],
  ["a long name", ["plugin", `plugins/${"a".repeat(64)}`], /has 64 characters; expected .* at most 63/],
  ["a name that says nothing", ["plugin", "plugins/utils"], /"utils" does not say what is in it/],
  ["the name of a file of every package", ["plugin", "plugins/index"], /"index" is taken/],
  ["the name of what it uses", ["plugin", "plugins/message-bus"], /makes a class MessageBus, which is something else/],
  ["the name of a part of the language", ["plugin", "plugins/map"], /makes a class Map, which is something else/],
  [
    "the name of another file",
    ["plugin", "plugins/contract", "--provides", "storage"],
    /no other file's of the package, found that test\/contract\.test\.ts is one/,
  ],
  ["a package that exists", ["plugin", "plugins/somebody"], /found that plugins\/full is @skerry\/somebody/],
  ["a folder with files", ["plugin", "plugins/full"], /absent or empty, found notes.txt, package.json in it/],
  ["a file", ["plugin", "plugins/file"], /expected plugins\/file to be free, found a file/],
  ["a folder where the build does not look", ["plugin", "x"], /directly in plugins\/, .* plugins\/x; found x/],
  ["a folder too deep", ["plugin", "plugins/x/y"], /directly in plugins\/.*; found plugins\/x\/y/],
  ["the folder of the other kind", ["mapper", "plugins/x"], /directly in mappers\/, .* mappers\/x; found plugins\/x/],
  ["the repository itself", ["plugin", "."], /found the repository itself/],
  ["a folder elsewhere", ["plugin", "/plugins/x"], /expected a folder within a clone of Skerry, found \/plugins\/x/],
  ["a name that is not the folder's", ["plugin", "plugins/x", "--name", "y"], /name of the folder, x, found y/],
  ["a name that leads elsewhere", ["plugin", "--name", "../../x"], /directly in plugins\//],
  ["a summary of two lines", ["plugin", "plugins/x", "--summary", "a\nb"], /expected one line/],
  ["a contract without a scaffold", ["plugin", "plugins/x", "--provides", "soup"], /--provides: .* found soup/],
];

describe("npm run create refuses", () => {
  it.each(refused)("%s, saying what it expected and what it found, and writes nothing", async (_, args, message) => {
    const { call, all } = await repository();
    const before = await all();
    const { code, out, err } = call(args);
    expect(err).toMatch(message);
    expect(err).toMatch(/^create: .*\.\nSee `npm run create -- --help`\.\n$/);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(await all()).toEqual(before);
  });
});

describe("npm run create", () => {
  it("prints its usage", async () => {
    const { call } = await repository();
    const { code, out, err } = call(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("npm run create -- plugin plugins/NAME");
    expect(out).toContain("npm run create -- mapper mappers/NAME");
  });

  it("takes an empty folder, and says that the formatter was missing", async () => {
    const { root, call } = await repository();
    const { code, out } = call(["plugin", "empty"], "plugins");
    expect(code).toBe(0);
    expect(out).toContain("npm ci && npm run format");
    expect(await readFile(join(root, "plugins/empty/src/empty.ts"), "utf8")).toContain("export class Empty ");
    expect((await readdir(join(root, "plugins"))).sort()).toEqual(["empty", "file", "full"]);
  });

  it("leaves nothing behind when it fails, and says why", async () => {
    const { root, call, all } = await repository();
    await mkdir(join(root, "node_modules/@biomejs/biome/bin"), { recursive: true });
    await writeFile(
      join(root, "node_modules/@biomejs/biome/bin/biome"),
      "console.error('out of ink'); process.exit(1);",
    );
    const before = await all();
    expect(call(["plugin", "plugins/x"])).toEqual({
      ...{ code: 1, out: "" },
      err: "create: cannot format the new package: out of ink.\n",
    });
    expect(await all()).toEqual(before);
  });
});
