import type { StatusReport, StatusSection } from "@skerry/contracts";
import { defineToken, inject } from "@skerry/plugin";
import type { SqliteStorage } from "./sqlite-storage.ts";

/** Private to this plugin. */
export const sqliteStorageToken = defineToken<SqliteStorage>("storage-sqlite.storage/1");

/** The database in `skerry status`: where it is, and whether it takes writes. */
export class StorageSection implements StatusSection {
  readonly name = "storage";

  constructor(@inject(sqliteStorageToken) private readonly storage: SqliteStorage) {}

  async collect(): Promise<StatusReport> {
    const { path, failing } = this.storage;
    if (!failing) return { data: { path, state: "ok" }, lines: [path] };
    const { writes, code, reason } = failing;
    return {
      data: { path, state: "failing", failedWrites: writes, code, reason },
      lines: [path, `takes no writes, ${writes} failed: ${reason}`, "Until it does, what has to be kept is refused."],
    };
  }
}
