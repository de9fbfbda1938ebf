import { createHash } from "node:crypto";
import { mkdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes files into a folder as the kubelet's atomic writer does: into a folder of their own, to which the link `..data` is
 * then switched, with a link for each first part of a path. A reader sees all old files or all new ones.
 */
export async function writeVolume(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const version = `..${digestOf(files)}`;
  const data = join(folder, "..data");
  const present = await readlink(data).catch(() => undefined);
  if (present === version) return;
  const temporary = join(folder, `${version}.new`);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(temporary, path)), { recursive: true });
    await writeFile(join(temporary, path), bytes, { mode: 0o644 });
  }
  await rm(join(folder, version), { recursive: true, force: true });
  await rename(temporary, join(folder, version));
  await rm(`${data}.new`, { force: true });
  await symlink(version, `${data}.new`);
  await rename(`${data}.new`, data);
  for (const name of new Set([...files.keys()].map((path) => path.split("/")[0] ?? ""))) {
    await symlink(join("..data", name), join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  if (present !== undefined) await rm(join(folder, present), { recursive: true, force: true });
}

function digestOf(files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash("sha256");
  for (const [path, bytes] of [...files].sort(([left], [right]) => (left < right ? -1 : 1))) {
    hash.update(`${path.length} ${path} ${bytes.length} `).update(bytes);
  }
  return hash.digest("hex").slice(0, 24);
}
