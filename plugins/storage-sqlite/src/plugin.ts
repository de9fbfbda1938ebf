import { Storage } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { SqliteStorage } from "./sqlite-storage.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.provide(Storage, SqliteStorage);
});
