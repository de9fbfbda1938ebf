import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sqlite3 from "sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { SqliteStorage } from "../src/index.ts";
import { startStorage, temporaryHome } from "./temporary-home.ts";

async function change(path: string, sql: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(path, () =>
      database.exec(sql, (error) => database.close(() => (error ? reject(error) : resolve()))),
    );
  });
}

/** A home with a database of some 60 pages. */
async function filledHome(): Promise<string> {
  const home = await temporaryHome();
  const storage = await startStorage(home);
  const store = await storage.open("things");
  for (let index = 0; index < 60; index += 1) {
    await store.write([{ type: "put", key: `k${index}`, value: new Uint8Array(3000).fill(index) }]);
  }
  await storage.stop();
  return home;
}

async function expectRefusal(home: string, expected: object): Promise<void> {
  const path = join(home, "skerry.db");
  const before = await readFile(path);
  await expect(startStorage(home)).rejects.toMatchObject(expected);
  expect((await readFile(path)).equals(before)).toBe(true);
}

describe("database file", () => {
  it("is readable by its owner only, and so is its log", async () => {
    const home = await temporaryHome();
    const storage = await startStorage(home, { path: "deep/er/x.db" });
    onTestFinished(async () => await storage.stop());
    await (await storage.open("a")).write([{ type: "put", key: "k", value: Uint8Array.of(1) }]);
    const modes = ["deep/er/x.db", "deep/er/x.db-wal"].map(async (file) => (await stat(join(home, file))).mode & 0o777);
    expect(await Promise.all(modes)).toEqual([0o600, 0o600]);
  });

  it("is refused and kept when it is no database", async () => {
    const home = await temporaryHome();
    await writeFile(join(home, "skerry.db"), "these are my holiday notes, ".repeat(200));
    await expectRefusal(home, { code: "SKERRY_STORAGE_CORRUPT", family: "corrupt" });
  });

  it("is refused and kept when its end is missing", async () => {
    const home = await filledHome();
    await truncate(join(home, "skerry.db"), 4096 * 20);
    await expectRefusal(home, { code: "SKERRY_STORAGE_CORRUPT" });
  });

  it("is refused and kept when a page is damaged", async () => {
    const home = await filledHome();
    const bytes = await readFile(join(home, "skerry.db"));
    await writeFile(join(home, "skerry.db"), bytes.fill(0xa5, 4096 * 10, 4096 * 11));
    await expectRefusal(home, { code: "SKERRY_STORAGE_CORRUPT" });
  });

  it("is refused and kept when another application made it", async () => {
    const home = await temporaryHome();
    await change(join(home, "skerry.db"), "CREATE TABLE contacts (name)");
    await expectRefusal(home, {
      code: "SKERRY_STORAGE_CORRUPT",
      message: expect.stringContaining("another application"),
    });
  });

  it.each([
    ["a newer", 7, "SKERRY_STORAGE_TOO_NEW"],
    ["an older", 0, "SKERRY_STORAGE_TOO_OLD"],
  ])("is refused and kept when %s version wrote it", async (_, found, code) => {
    const home = await filledHome();
    await change(join(home, "skerry.db"), `PRAGMA user_version=${found}`);
    await expectRefusal(home, { code, details: { found, known: 1, path: expect.any(String) } });
  });

  it("belongs to one storage at a time", async () => {
    const home = await temporaryHome();
    const first = await startStorage(home);
    await expect(startStorage(home)).rejects.toMatchObject({
      code: "SKERRY_STORAGE_UNAVAILABLE",
      message: expect.stringContaining("another process uses it"),
    });
    await first.stop();
    await (await startStorage(home)).stop();
  });

  it("is refused in a folder that cannot be made", async () => {
    const home = await temporaryHome();
    await writeFile(join(home, "file"), "");
    await expect(startStorage(home, { path: "file/x.db" })).rejects.toMatchObject({
      code: "SKERRY_STORAGE_UNAVAILABLE",
    });
  });

  it("is let go when the start is aborted", async () => {
    const home = await temporaryHome();
    const node = { name: "node-1", profile: "edge", home, programs: "/nonexistent", version: "0.0.0" };
    const aborted = new SqliteStorage({ path: "skerry.db" }, node);
    await expect(aborted.start(AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
    await expect(aborted.open("a")).rejects.toMatchObject({ code: "SKERRY_STORAGE_STOPPED" });
    await (await startStorage(home)).stop();
  });
});
