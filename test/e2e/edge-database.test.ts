import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sqlite3 from "sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Installation, skerry } from "./skerry.ts";

let installation: Installation;
let file: string;

beforeEach(async () => {
  installation = await Installation.create();
  await installation.start();
  await installation.stop();
  file = join(installation.home, "edge/skerry.db");
});

afterEach(() => installation.remove());

function change(sql: string): Promise<void> {
  return new Promise((done, failed) => {
    const database = new sqlite3.Database(file, (opening) => {
      if (opening) return failed(opening);
      database.exec(sql, (error) => database.close(() => (error ? failed(error) : done())));
    });
  });
}

describe("the database of an edge node", () => {
  it.each([
    [
      "is damaged",
      async () => {
        const bytes = await readFile(file);
        await writeFile(file, bytes.fill(0xa5, 4096, bytes.length));
      },
      /cannot be trusted/,
      "SKERRY_STORAGE_CORRUPT",
    ],
    ["is of an older version", () => change("PRAGMA user_version=0"), /schema version 0/, "SKERRY_STORAGE_TOO_OLD"],
    ["is of a newer version", () => change("PRAGMA user_version=9"), /schema version 9/, "SKERRY_STORAGE_TOO_NEW"],
  ])("that %s is refused with a sentence and kept", async (_, spoil, sentence, code) => {
    await spoil();
    const digest = async () =>
      createHash("sha256")
        .update(await readFile(file))
        .digest("hex");
    const before = await digest();
    const refused = await skerry(["edge", "--home", installation.home]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(sentence);
    expect(refused.err).toContain(code);
    expect(refused.err).toContain(file);
    expect(await digest()).toBe(before);
  });
});
