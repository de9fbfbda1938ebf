import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { root, sourceFiles } from "./tree.ts";

interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
    readonly totalCruised: number;
  };
}

const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const folders = ["kernel", "sdk", "plugins", "mappers"];

async function cruise(...paths: readonly string[]): Promise<CruiseResult> {
  const args = [cruiser, "--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", ...paths];
  // With violations it exits with their number; the result is on standard output either way.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    maxBuffer: 256 * 1024 * 1024,
  }).catch((error: { stdout?: string; stderr?: string }) => ({
    stdout: error.stdout ?? "",
    stderr: error.stderr ?? "",
  }));
  if (stdout === "") throw new Error(`dependency-cruiser gave no result: ${stderr}`);
  return JSON.parse(stdout) as CruiseResult;
}

it("layers hold, and the check saw every source file", async () => {
  const { modules, summary } = await cruise(...folders);
  const found = summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);
  expect(found).toEqual([]);
  const seen = new Set(modules.map(({ source }) => source));
  const missed = (await sourceFiles())
    .map(({ path }) => path)
    .filter((path) => folders.includes(path.split("/")[0] ?? "") && !seen.has(path));
  expect(missed).toEqual([]);
  expect(seen.size).toBeGreaterThan(200);
});
