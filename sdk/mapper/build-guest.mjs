// Compiles one mapper guest.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAssemblyScript } from "./assemblyscript.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Compiles the AssemblyScript file `entry` to `outFile`. Does nothing when `outFile` is newer than every file beside
 * and below `entry`, the guest kit and this script. Guests import the kit as `@skerry/mapper/guest`.
 *
 * @param {{ entry: string, outFile: string }} options
 * @returns {Promise<{ built: boolean }>} rejects with the compiler's messages
 */
export function buildGuest({ entry, outFile }) {
  const source = resolve(entry);
  return compileAssemblyScript({
    source,
    target: resolve(outFile),
    sources: [dirname(source), join(here, "guest"), fileURLToPath(import.meta.url), join(here, "assemblyscript.mjs")],
    baseDir: projectOf(source),
    flags: [
      // The kit collects garbage between calls. The incremental collector, which works within calls as well, makes
      // guests half as large again and more than twice as slow.
      ...["--runtime", "minimal"],
      ...["--use", "abort=~lib/@skerry/mapper/guest/abort/mapperAbort"],
      "-O3",
      "--converge",
    ],
  });
}

/** The folder whose node_modules has the kit. */
function projectOf(source) {
  for (let folder = dirname(source); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules/@skerry/mapper/guest"))) return folder;
    if (folder === dirname(folder)) throw new Error(`${source}: no node_modules with @skerry/mapper above it`);
  }
}
