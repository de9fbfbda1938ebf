import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type VolumeDisk, VolumeWriter } from "../../src/edge/volumes/volume-writer.ts";

const files = (contents: Readonly<Record<string, string>>) =>
  new Map(Object.entries(contents).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: 0o644 }]));

async function folder(): Promise<string> {
  const path = await fs.mkdtemp(join(tmpdir(), "skerry-volume-"));
  onTestFinished(() => fs.rm(path, { recursive: true, force: true }));
  return join(path, "volume");
}

const contentOf = async (path: string) => {
  const names = (await fs.readdir(path)).filter((name) => !name.startsWith(".."));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await fs.readFile(join(path, name), "utf8")])),
  );
};

/** A disk that is full after so many calls that take space. */
function filling(after: number): VolumeDisk {
  let left = after;
  const take =
    <A extends unknown[], R>(call: (...parameters: A) => Promise<R>) =>
    async (...parameters: A): Promise<R> => {
      left -= 1;
      if (left < 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      return call(...parameters);
    };
  return {
    ...fs,
    writeFile: take(fs.writeFile) as typeof fs.writeFile,
    mkdir: take(fs.mkdir) as typeof fs.mkdir,
    symlink: take(fs.symlink) as typeof fs.symlink,
  };
}

describe("VolumeWriter", () => {
  it("adds, changes and removes files, and leaves nothing over", async () => {
    const [path, writer] = [await folder(), new VolumeWriter()];
    await writer.write(path, files({ a: "1", b: "2" }));
    expect(await contentOf(path)).toEqual({ a: "1", b: "2" });
    await writer.write(path, files({ b: "3", c: "4" }));
    expect(await contentOf(path)).toEqual({ b: "3", c: "4" });
    await writer.write(path, files({}));
    expect(await contentOf(path)).toEqual({});
    expect((await fs.readdir(path)).length).toBe(2);
  });

  it("writes nothing that is there already, also as another process", async () => {
    const path = await folder();
    await new VolumeWriter().write(path, files({ a: "1" }));
    const before = await fs.stat(join(path, "a"));
    await new VolumeWriter(filling(1)).write(path, files({ a: "1" }));
    expect((await fs.stat(join(path, "a"))).ino).toBe(before.ino);
  });

  it.each([1, 2, 3, 4, 5])(
    "shows the old files, whole, when the disk is full at its call %d; then the new ones",
    async (calls) => {
      const path = await folder();
      await new VolumeWriter().write(path, files({ a: "old", b: "old" }));
      const writer = new VolumeWriter(filling(calls));
      await expect(writer.write(path, files({ a: "new", b: "new" }))).rejects.toThrow("ENOSPC");
      expect(await contentOf(path)).toEqual({ a: "old", b: "old" });
      expect((await fs.readdir(path)).filter((name) => name.startsWith(".."))).toEqual(["..data", "..one"]);
      await new VolumeWriter().write(path, files({ a: "new", b: "new" }));
      expect(await contentOf(path)).toEqual({ a: "new", b: "new" });
    },
  );

  it("does not write through a link that somebody put into its place", async () => {
    const [path, outside] = [await folder(), await folder()];
    await fs.mkdir(outside);
    await fs.mkdir(path);
    await fs.symlink(outside, join(path, "..one"));
    await fs.symlink("/etc", join(path, "..data"));
    await new VolumeWriter().write(path, files({ a: "1" }));
    expect(await fs.readdir(outside)).toEqual([]);
    expect(await contentOf(path)).toEqual({ a: "1" });
  });
});
