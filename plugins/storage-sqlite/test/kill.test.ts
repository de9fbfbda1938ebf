import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { startStorage, temporaryHome } from "./temporary-home.ts";

const root = join(import.meta.dirname, "../../..");
const rounds = 4;
const acknowledgedPerRound = 150;

/** Starts the writer, kills it at a random moment after enough acknowledgements, and returns what it acknowledged. */
async function writeAndKill(script: string, home: string, round: number): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, [script, home, String(round)], {
    env: { ...process.env, NODE_PATH: join(root, "node_modules") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged: string[] = [];
  const exited = once(child, "exit");
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === acknowledgedPerRound) {
        child.kill("SIGKILL");
      }
    }
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
  return acknowledged;
}

describe("killing the process", () => {
  it("loses nothing acknowledged and leaves no half batch", async () => {
    const home = await temporaryHome();
    const script = join(home, "writer.cjs");
    await build({
      entryPoints: [join(import.meta.dirname, "writer.ts")],
      outfile: script,
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["sqlite3"],
      tsconfig: join(root, "tsconfig.json"),
    });
    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      acknowledged.push(...(await writeAndKill(script, home, round)));
      const storage = await startStorage(home);
      const [left, right] = await Promise.all(
        ["left", "right"].map(async (name) => (await (await storage.open(name)).range()).map((entry) => entry.key)),
      );
      await storage.stop();
      const pairs = new Set(left?.filter((key) => key.endsWith("/a")).map((key) => key.slice(0, -2)));
      expect(left?.length).toBe(pairs.size * 2);
      expect(left?.filter((key) => key.endsWith("/b")).every((key) => pairs.has(key.slice(0, -2)))).toBe(true);
      const kept = new Set([...pairs, ...(right ?? [])]);
      expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(rounds * acknowledgedPerRound);
  });
});
