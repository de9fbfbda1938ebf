import { createWriteStream } from "node:fs";
import { link, lstat, mkdir, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { imageLimits } from "./limits.ts";
import { readTar, type TarEntry } from "./tar-reader.ts";

/** How much of an image may still be unpacked. */
export class UnpackBudget {
  #bytes: number = imageLimits.unpackedBytes;
  #files: number = imageLimits.files;

  spend({ size }: { readonly size: number }): void {
    this.#bytes -= size;
    this.#files -= 1;
    if (this.#bytes < 0) throw new Error(`its files take more than ${imageLimits.unpackedBytes} bytes`);
    if (this.#files < 0) throw new Error(`it has more than ${imageLimits.files} files`);
  }
}

/**
 * Lays one layer over a folder (OCI image-spec, layers): files, folders, links, and whiteouts of what lower layers had.
 * Nothing is written outside of the folder, whatever names and links the archive has. Devices are left out.
 */
export async function unpackLayer(layer: AsyncIterable<Buffer>, root: string, budget: UnpackBudget): Promise<void> {
  for await (const entry of readTar(layer)) {
    const parts = partsOf(entry.path);
    const name = parts.at(-1);
    if (name === undefined) continue;
    const folder = await folderFor(root, parts.slice(0, -1));
    if (name === ".wh..wh..opq") await clear(folder);
    else if (name.startsWith(".wh.")) await rm(join(folder, name.slice(4)), { recursive: true, force: true });
    else {
      budget.spend(entry);
      await place(entry, root, join(folder, name));
    }
  }
}

async function place(entry: TarEntry, root: string, target: string): Promise<void> {
  switch (entry.type) {
    case "5":
      if (!(await isFolder(target))) {
        await rm(target, { force: true });
        await mkdir(target);
      }
      return;
    case "2":
      await rm(target, { recursive: true, force: true });
      await symlink(entry.linkPath, target);
      return;
    case "1": {
      const parts = partsOf(entry.linkPath);
      const source = join(await folderFor(root, parts.slice(0, -1)), parts.at(-1) ?? "");
      await rm(target, { recursive: true, force: true });
      await link(source, target);
      return;
    }
    case "0":
    case "7":
      await rm(target, { recursive: true, force: true });
      await pipeline(entry.content, createWriteStream(target, { flags: "wx", mode: 0o644 }));
  }
}

/** Of `./usr/bin`, `/usr/bin`, `usr/bin/` the same. */
function partsOf(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..") || path.includes("\0")) throw new Error(`the archive has the name "${path}"`);
  return parts;
}

/** The folder, made where it is missing. What is no folder on the way, a link above all, gives way to one. */
async function folderFor(root: string, parts: readonly string[]): Promise<string> {
  let folder = root;
  for (const part of parts) {
    folder = join(folder, part);
    if (await isFolder(folder)) continue;
    await rm(folder, { force: true });
    await mkdir(folder);
  }
  return folder;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}
