import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Refusal } from "./refusal.mjs";

/**
 * Where the new package goes.
 *
 * @typedef {object} Place
 * @property {string} root the repository
 * @property {string} folder the package's, absolute
 * @property {string} path the same from the root, with `/`
 * @property {string} name the folder's, which is the package's name as well
 */

/**
 * Finds the repository and checks that the folder is one where the build looks for such packages, and free.
 *
 * @param {{ kind: string, folder?: string | undefined, name?: string | undefined }} order
 * @param {string} directory folder of the caller
 * @returns {Place}
 */
export function findPlace({ kind, folder: wanted, name }, directory) {
  const home = `${kind}s`;
  const start = wanted === undefined ? directory : resolve(directory, wanted);
  const root = findRoot(start);
  if (root === undefined) {
    throw new Refusal(`expected a folder within a clone of Skerry, found ${start}`);
  }
  const folder = wanted === undefined ? join(root, home, /** @type {string} */ (name)) : start;
  const path = relative(root, folder).replaceAll("\\", "/");
  if (dirname(folder) !== join(root, home)) {
    throw new Refusal(
      `expected a folder directly in ${home}/, because the build looks there, for instance ${home}/${basename(folder)}; found ${path || "the repository itself"}`,
    );
  }
  if (name !== undefined && name !== basename(folder)) {
    throw new Refusal(`expected --name to be the name of the folder, ${basename(folder)}, found ${name}`);
  }
  checkFree(folder, path);
  return { root, folder, path, name: basename(folder) };
}

/** The nearest folder, from `start` up, whose package.json has the workspaces of this repository. */
function findRoot(start) {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && readJson(file)?.workspaces?.includes?.("plugins/*")) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function checkFree(folder, path) {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) throw new Refusal(`expected ${path} to be free, found a file`);
  const inside = readdirSync(folder).sort();
  if (inside.length > 0) {
    const more = inside.length > 3 ? ", …" : "";
    throw new Refusal(`expected ${path} to be absent or empty, found ${inside.slice(0, 3).join(", ")}${more} in it`);
  }
}

/**
 * Refuses the name of a package that exists in the repository.
 *
 * @param {string} root
 * @param {string} packageName
 */
export function checkPackageName(root, packageName) {
  for (const folder of packageFolders(root)) {
    if (readJson(join(folder, "package.json"))?.name === packageName) {
      throw new Refusal(`expected a name nobody has, found that ${relative(root, folder)} is ${packageName}`);
    }
  }
}

function packageFolders(root) {
  const groups = ["sdk", "plugins", "mappers"].map((group) => join(root, group));
  const members = groups.flatMap((group) =>
    existsSync(group) ? readdirSync(group, { withFileTypes: true }).map(({ name }) => join(group, name)) : [],
  );
  return [join(root, "kernel"), ...members].filter((folder) => existsSync(join(folder, "package.json")));
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // A package.json that cannot be read is npm's to report; it is neither this repository's nor in the way.
    return undefined;
  }
}
