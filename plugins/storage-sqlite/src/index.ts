export { plugin } from "./plugin.ts";
export { type SqliteSettings, SqliteStorage } from "./sqlite-storage.ts";
