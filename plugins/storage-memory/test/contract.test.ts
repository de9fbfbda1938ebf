import { storageContract } from "@skerry/testing";
import { MemoryDisk, MemoryStorage } from "../src/index.ts";
import manifest from "../src/plugin.json" with { type: "json" };

storageContract({
  name: manifest.id,
  supports: manifest.supports,
  open: async () => ({ storage: new MemoryStorage(new MemoryDisk()) }),
});

// Over one disk, memory keeps what a file would.
storageContract({
  name: `${manifest.id} over one disk`,
  supports: { durable: true },
  open: async () => {
    const disk = new MemoryDisk();
    return { storage: new MemoryStorage(disk), reopen: async () => new MemoryStorage(disk) };
  },
});
