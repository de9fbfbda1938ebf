import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errorMessage } from "@skerry/plugin";
import { type ManifestDocument, manifestDocuments } from "./manifest-documents.ts";

/** Largest file, in bytes. */
const largestFile = 16 * 1024 * 1024;

/**
 * The documents of files, and of the `.yaml`, `.yml` and `.json` files right in folders, in the order of their names.
 *
 * @param directory where relative paths start
 */
export async function readManifests(paths: readonly string[], directory: string): Promise<readonly ManifestDocument[]> {
  const documents: ManifestDocument[] = [];
  for (const path of paths) {
    try {
      const files = await filesAt(path, directory);
      if (files.length === 0) documents.push({ place: path, problem: "the folder has no .yaml, .yml or .json file" });
      for (const file of files) documents.push(...(await readManifest(file, directory)));
    } catch (error) {
      documents.push({ place: path, problem: errorMessage(error) });
    }
  }
  return documents;
}

async function filesAt(path: string, directory: string): Promise<readonly string[]> {
  if (!(await stat(resolve(directory, path))).isDirectory()) return [path];
  const names = await readdir(resolve(directory, path));
  return names
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

async function readManifest(file: string, directory: string): Promise<readonly ManifestDocument[]> {
  const location = resolve(directory, file);
  const found = await stat(location);
  if (!found.isFile()) return [{ place: file, problem: "it is neither a file nor a folder" }];
  if (found.size > largestFile) return [{ place: file, problem: `it is larger than ${largestFile} bytes` }];
  const text = new TextDecoder("utf-8", { fatal: true });
  try {
    return manifestDocuments(file, text.decode(await readFile(location)));
  } catch (error) {
    return [{ place: file, problem: errorMessage(error) }];
  }
}
