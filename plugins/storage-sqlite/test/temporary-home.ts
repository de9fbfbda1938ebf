import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type SqliteSettings, SqliteStorage } from "../src/index.ts";

/** A folder that is removed after the test. */
export async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "skerry-sqlite-"));
  onTestFinished(async () => await rm(home, { recursive: true }));
  return home;
}

/** A started storage; the caller stops it. */
export async function startStorage(home: string, settings: Partial<SqliteSettings> = {}): Promise<SqliteStorage> {
  const node = { name: "node-1", profile: "edge", home, programs: "/nonexistent", version: "0.0.0" };
  const storage = new SqliteStorage({ path: "skerry.db", ...settings }, node);
  await storage.start(new AbortController().signal);
  return storage;
}
