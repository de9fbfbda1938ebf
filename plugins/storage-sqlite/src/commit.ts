import type { StoreBatch } from "./commit-queue.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { deleteKeys, putEntries, type SqlCommand } from "./store-statements.ts";

/** Makes all batches durable in one transaction, or none. */
export async function commitBatches(database: SqliteDatabase, batches: readonly StoreBatch[]): Promise<void> {
  const commands = commandsOf(batches);
  const [only] = commands;
  if (only !== undefined && commands.length === 1) {
    // A statement is a transaction by itself.
    await database.run(only.sql, only.parameters);
  } else if (commands.length > 1) {
    await runInTransaction(database, commands);
  }
}

/** The last operation on a key stands for all of them. */
function commandsOf(batches: readonly StoreBatch[]): SqlCommand[] {
  const stores = new Map<string, Map<string, Uint8Array | undefined>>();
  for (const { store, writes } of batches) {
    const last = stores.get(store) ?? new Map<string, Uint8Array | undefined>();
    stores.set(store, last);
    for (const write of writes) {
      last.set(write.key, write.type === "put" ? write.value : undefined);
    }
  }
  return [...stores].flatMap(([store, last]) => {
    const entries = [...last].flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
    const keys = [...last].flatMap(([key, value]) => (value === undefined ? [key] : []));
    return [...deleteKeys(store, keys), ...putEntries(store, entries)];
  });
}

async function runInTransaction(database: SqliteDatabase, commands: readonly SqlCommand[]): Promise<void> {
  await database.run("BEGIN IMMEDIATE");
  try {
    for (const { sql, parameters } of commands) {
      await database.run(sql, parameters);
    }
    await database.run("COMMIT");
  } catch (error) {
    // After some errors (disk full, I/O) SQLite has undone the transaction itself, and ROLLBACK fails without harm:
    // the first error is the one to report.
    await database.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
