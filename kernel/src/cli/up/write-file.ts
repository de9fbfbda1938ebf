import { rename, writeFile } from "node:fs/promises";

/** Replaces a file in one step: a reader sees the old contents or the new, whole. */
export async function replaceFile(file: string, contents: string, mode = 0o644): Promise<void> {
  const next = `${file}.new`;
  await writeFile(next, contents, { mode, flush: true });
  await rename(next, file);
}
