export { MemoryDisk } from "./memory-disk.ts";
export { MemoryStorage } from "./memory-storage.ts";
export { plugin, storageMemoryOn } from "./plugin.ts";
