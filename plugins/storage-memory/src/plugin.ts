import { Storage } from "@skerry/contracts";
import { definePlugin, type Plugin } from "@skerry/plugin";
import { MemoryDisk, memoryDiskToken } from "./memory-disk.ts";
import { MemoryStorage } from "./memory-storage.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(memoryDiskToken, MemoryDisk);
  scope.provide(Storage, MemoryStorage);
});

/** The same plugin over a disk of the caller's, so that a node can be restarted on its data, or crashed. */
export function storageMemoryOn(disk: MemoryDisk): Plugin {
  return definePlugin(manifest, (scope) => {
    scope.provide(
      Storage,
      class extends MemoryStorage {
        constructor() {
          super(disk);
        }
      },
    );
  });
}
