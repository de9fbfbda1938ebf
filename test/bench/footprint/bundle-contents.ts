import { readFile } from "node:fs/promises";
import { join } from "node:path";

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

/** KiB by package in the edge's bundle, largest first. */
export async function bundleContents(): Promise<readonly (readonly [string, string])[]> {
  const file = join(__dirname, "../meta.json");
  const { outputs } = JSON.parse(await readFile(file, "utf8")) as Metafile;
  const [, edge] = Object.entries(outputs).find(([path]) => path.endsWith("profile-edge.cjs")) ?? [];
  const totals = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(edge?.inputs ?? {})) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input.split("/").slice(0, 2).join("/");
    totals.set(name, (totals.get(name) ?? 0) + bytesInOutput);
  }
  return [...totals].sort(([, a], [, b]) => b - a).map(([name, bytes]) => [name, (bytes / 1024).toFixed(1)]);
}
