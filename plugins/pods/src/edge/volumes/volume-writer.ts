import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { dirname, join } from "node:path";
import type { VolumeFiles } from "./volume-files.ts";

/** What it needs of a file system. */
export type VolumeDisk = Pick<
  typeof fs,
  "chmod" | "lstat" | "mkdir" | "readdir" | "readFile" | "readlink" | "rename" | "rm" | "symlink" | "writeFile"
>;

const slots = ["..one", "..two"] as const;

/**
 * Writes files into a folder as the kubelet's atomic writer does: into a folder of their own, to which the link `..data`
 * is then switched; each first part of a path is a link through `..data`. A reader sees all old files or all new ones, and
 * when the disk is full the old ones stay.
 */
export class VolumeWriter {
  /** What each folder was seen or made to hold, by this process. */
  readonly #known = new Map<string, string>();

  constructor(private readonly disk: VolumeDisk = fs) {}

  /** Resolves when the folder holds exactly these files. */
  async write(folder: string, files: VolumeFiles): Promise<void> {
    const digest = digestOf(files);
    if (this.#known.get(folder) === digest) return;
    const { disk } = this;
    await disk.mkdir(folder, { recursive: true, mode: 0o755 });
    const present = await this.#target(folder);
    if (present === undefined || !(await this.#holds(join(folder, present), files))) {
      await this.#switch(folder, present, files);
    }
    await this.#link(folder, files);
    this.#known.set(folder, digest);
  }

  /** The folder was removed. */
  forget(below: string): void {
    for (const folder of [...this.#known.keys()]) if (folder.startsWith(`${below}/`)) this.#known.delete(folder);
  }

  async #switch(folder: string, present: string | undefined, files: VolumeFiles): Promise<void> {
    const { disk } = this;
    const slot = present === slots[0] ? slots[1] : slots[0];
    const next = join(folder, slot);
    await disk.rm(next, { recursive: true, force: true });
    try {
      await this.#fill(next, files);
    } catch (error) {
      // What was half written takes the space that others wait for.
      await disk.rm(next, { recursive: true, force: true });
      throw error;
    }
    const link = join(folder, "..data.new");
    await disk.rm(link, { force: true });
    await disk.symlink(slot, link);
    await disk.rename(link, join(folder, "..data"));
    if (present !== undefined) await disk.rm(join(folder, present), { recursive: true, force: true });
  }

  async #fill(folder: string, files: VolumeFiles): Promise<void> {
    const { disk } = this;
    await disk.mkdir(folder, { mode: 0o755 });
    for (const [path, { bytes, mode }] of files) {
      const file = join(folder, path);
      await disk.mkdir(dirname(file), { recursive: true, mode: 0o755 });
      await disk.writeFile(file, bytes, { flag: "wx", mode: 0o600, flush: true });
      // The umask of the process would take bits away.
      await disk.chmod(file, mode & 0o777);
    }
  }

  async #link(folder: string, files: VolumeFiles): Promise<void> {
    const { disk } = this;
    const wanted = new Set([...files.keys()].map((path) => path.split("/")[0] ?? ""));
    const present = new Set((await disk.readdir(folder)).filter((name) => !name.startsWith("..")));
    for (const name of wanted) if (!present.has(name)) await disk.symlink(join("..data", name), join(folder, name));
    for (const name of present)
      if (!wanted.has(name)) await disk.rm(join(folder, name), { recursive: true, force: true });
  }

  /** The folder that `..data` leads to, if it is one of its two. */
  async #target(folder: string): Promise<string | undefined> {
    const target = await this.disk.readlink(join(folder, "..data")).catch(isAbsent);
    return slots.find((slot) => slot === target);
  }

  /** Whether the files are there as they should be: a power cut may have left links to what was never on the disk. */
  async #holds(folder: string, files: VolumeFiles): Promise<boolean> {
    const { disk } = this;
    const entries = await disk.readdir(folder, { recursive: true, withFileTypes: true }).catch(isAbsent);
    const found = entries?.filter((entry) => !entry.isDirectory()) ?? [];
    if (found.length !== files.size) return false;
    for (const [path, { bytes, mode }] of files) {
      const file = join(folder, path);
      const stat = await disk.lstat(file).catch(isAbsent);
      if (stat === undefined || !stat.isFile() || stat.size !== bytes.length || (stat.mode & 0o777) !== (mode & 0o777))
        return false;
      if (!(await disk.readFile(file)).equals(bytes)) return false;
    }
    return true;
  }
}

function isAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "EINVAL" || error.code === "ENOTDIR") return undefined;
  throw error;
}

function digestOf(files: VolumeFiles): string {
  const hash = createHash("sha256");
  for (const [path, { bytes, mode }] of [...files].sort(([left], [right]) => (left < right ? -1 : 1))) {
    hash.update(`${JSON.stringify(path)} ${mode} ${bytes.length} `).update(bytes);
  }
  return hash.digest("hex");
}
