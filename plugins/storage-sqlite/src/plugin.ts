import { Storage, statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { SqliteStorage } from "./sqlite-storage.ts";
import { StorageSection, sqliteStorageToken } from "./storage-section.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(sqliteStorageToken, SqliteStorage);
  scope.provide(Storage, SqliteStorage);
  scope.contribute(statusSectionPoint, StorageSection);
});
