import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errors } from "./errors.ts";
import { SqliteDatabase } from "./sqlite-database.ts";

export const memoryPath = ":memory:";
const schemaVersion = 1;
/** "SKRY", in the header of the file. */
const applicationId = 0x534b5259;
/** Small files are checked as a whole at every start; reading more would hold up a cold start from an SD card. */
const checkedBytes = 16 * 1024 * 1024;
/** A kernel that is just being replaced gets this long to let go of the file. */
const lockWaitMs = 1000;

export interface DatabaseFileOptions {
  /** Absolute, or `:memory:`. */
  readonly path: string;
  readonly maximumBytes: number | undefined;
}

/**
 * Opens the database for this process alone, creating it when absent, and refuses a file that is damaged,
 * of another application, or of another schema, before anything is written to it.
 */
export async function openDatabaseFile({ path, maximumBytes }: DatabaseFileOptions): Promise<SqliteDatabase> {
  const size = path === memoryPath ? 0 : await ensureFile(path);
  const database = await SqliteDatabase.open(path);
  try {
    database.busyTimeoutMs = lockWaitMs;
    // Also keeps the WAL's index in memory instead of a shared file.
    await database.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON");
    const isNew = await checkIdentity(database, path);
    if (!isNew && size <= checkedBytes) {
      await checkContent(database, path);
    }
    await configure(database, path, maximumBytes);
    if (isNew) {
      await database.exec(
        `BEGIN IMMEDIATE; PRAGMA application_id=${applicationId}; PRAGMA user_version=${schemaVersion}; COMMIT`,
      );
    }
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Creates the file readable by its owner only; SQLite gives its companions the same mode. */
async function ensureFile(path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  try {
    await file.chmod(0o600);
  } finally {
    await file.close();
  }
  return (await stat(path)).size;
}

/** Returns whether the database is empty and not yet anybody's. */
async function checkIdentity(database: SqliteDatabase, path: string): Promise<boolean> {
  const [identity] = await database.all<{ application: number; version: number; tables: number }>(
    `SELECT (SELECT application_id FROM pragma_application_id) AS application,
            (SELECT user_version FROM pragma_user_version) AS version,
            (SELECT count(*) FROM sqlite_schema) AS tables`,
  );
  if (identity?.application === applicationId) {
    if (identity.version > schemaVersion) {
      throw errors.create("SKERRY_STORAGE_TOO_NEW", { path, found: identity.version, known: schemaVersion });
    }
    if (identity.version < schemaVersion) {
      throw errors.create("SKERRY_STORAGE_TOO_OLD", { path, found: identity.version, known: schemaVersion });
    }
    return false;
  }
  if (identity?.application !== 0 || identity.version !== 0 || identity.tables !== 0) {
    throw errors.create("SKERRY_STORAGE_CORRUPT", { path, reason: "it is the database of another application" });
  }
  return true;
}

async function checkContent(database: SqliteDatabase, path: string): Promise<void> {
  const [first] = await database.all<{ quick_check: string }>("PRAGMA quick_check(1)");
  if (first?.quick_check !== "ok") {
    throw errors.create("SKERRY_STORAGE_CORRUPT", { path, reason: first?.quick_check ?? "its check gave no result" });
  }
}

async function configure(database: SqliteDatabase, path: string, maximumBytes: number | undefined): Promise<void> {
  const [journal] = await database.all<{ journal_mode: string }>("PRAGMA journal_mode=WAL");
  if (path !== memoryPath && journal?.journal_mode !== "wal") {
    const reason = `its file system allows no write-ahead log (journal mode ${journal?.journal_mode})`;
    throw errors.create("SKERRY_STORAGE_UNAVAILABLE", { path, reason });
  }
  // FULL syncs the log at every commit; the cache is counted in KiB when negative.
  await database.exec("PRAGMA synchronous=FULL; PRAGMA cache_size=-1024; PRAGMA journal_size_limit=4194304");
  if (maximumBytes !== undefined) {
    const [page] = await database.all<{ page_size: number }>("PRAGMA page_size");
    await database.exec(`PRAGMA max_page_count=${Math.floor(maximumBytes / (page?.page_size ?? 4096))}`);
  }
}
