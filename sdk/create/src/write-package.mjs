import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes and formats the files beside the folder and renames: the folder is there with everything in it, or not at all.
 *
 * @param {import("./workspace.mjs").Place} place
 * @param {readonly import("./render.mjs").RenderedFile[]} files
 * @returns {{ formatted: boolean }} not formatted when the formatter is not installed yet
 */
export function writePackage({ root, folder }, files) {
  mkdirSync(dirname(folder), { recursive: true });
  // In a hidden folder neither npm nor the compiler takes it for a package.
  const partial = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(partial, path)), { recursive: true });
      writeFileSync(join(partial, path), text);
    }
    const formatted = format(root, partial);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(partial, folder);
    return { formatted };
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** How lines break and imports are sorted depends on the package's name. */
function format(root, folder) {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  if (!existsSync(biome)) return false;
  const { status, error, stderr } = spawnSync(process.execPath, [biome, "check", "--write", folder], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`cannot format the new package: ${error?.message ?? stderr}`);
  return true;
}
