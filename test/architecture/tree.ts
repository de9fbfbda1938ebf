import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

const skipped = new Set(["node_modules", "dist", "build", "guest", ".git", ".skerry"]);

export interface SourceFile {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

/** Every hand-written TypeScript file of the repository, guests excluded. */
export function sourceFiles(): Promise<readonly SourceFile[]> {
  return filesEndingIn(".ts");
}

/** Every file with this ending, by path. */
export async function filesEndingIn(ending: string): Promise<readonly SourceFile[]> {
  const found: SourceFile[] = [];
  await walk(root, ending, found);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function walk(folder: string, ending: string, found: SourceFile[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) await walk(path, ending, found);
    } else if (entry.name.endsWith(ending)) {
      const text = await readFile(path, "utf8");
      found.push({ path: relative(root, path).replaceAll("\\", "/"), text, lines: text.split("\n").length - 1 });
    }
  }
}
