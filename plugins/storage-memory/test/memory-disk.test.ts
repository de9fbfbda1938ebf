import { describe, expect, it } from "vitest";
import { MemoryDisk, MemoryStorage } from "../src/index.ts";

const one = Uint8Array.of(1);
const two = Uint8Array.of(2);

describe("memory disk", () => {
  it("keeps synced data for the next storage", async () => {
    const disk = new MemoryDisk();
    const first = new MemoryStorage(disk);
    await (await first.open("a")).write([{ type: "put", key: "k", value: one }]);
    await first.stop();
    expect(await (await new MemoryStorage(disk).open("a")).get("k")).toEqual(one);
  });

  it("loses only what was not synced when it crashes, and stops the storage it carried", async () => {
    const disk = new MemoryDisk();
    const store = await new MemoryStorage(disk).open("a");
    await store.write([{ type: "put", key: "k", value: one }]);
    disk.holdSyncs();
    const writing = store.write([{ type: "put", key: "k", value: two }]);
    expect(await store.get("k")).toEqual(two);
    expect(disk.unsyncedBatches).toBe(1);
    disk.crash();
    await expect(writing).rejects.toMatchObject({ code: "SKERRY_STORAGE_STOPPED" });
    await expect(store.get("k")).rejects.toMatchObject({ code: "SKERRY_STORAGE_STOPPED" });
    expect(await (await new MemoryStorage(disk).open("a")).get("k")).toEqual(one);
  });

  it("resolves a write only when its sync is released", async () => {
    const disk = new MemoryDisk();
    const store = await new MemoryStorage(disk).open("a");
    const release = disk.holdSyncs();
    let isWritten = false;
    const writing = store.write([{ type: "put", key: "k", value: one }]).then(() => {
      isWritten = true;
    });
    await store.range();
    expect(isWritten).toBe(false);
    release();
    release();
    await writing;
    expect(disk.unsyncedBatches).toBe(0);
  });

  it("fails one sync as a full disk would, and no other batch", async () => {
    const disk = new MemoryDisk();
    const store = await new MemoryStorage(disk).open("a");
    disk.failNextSync();
    const results = await Promise.allSettled([
      store.write([
        { type: "put", key: "lost", value: one },
        { type: "put", key: "k", value: one },
      ]),
      store.write([{ type: "put", key: "k", value: two }]),
    ]);
    expect(results[0]).toMatchObject({ status: "rejected", reason: { code: "SKERRY_STORAGE_FULL" } });
    expect(results[1]?.status).toBe("fulfilled");
    expect(await store.range()).toEqual([{ key: "k", value: two }]);
  });

  it("waits for the writes in progress when the storage stops", async () => {
    const disk = new MemoryDisk();
    const storage = new MemoryStorage(disk);
    const store = await storage.open("a");
    const writing = store.write([{ type: "put", key: "k", value: one }]);
    await storage.stop();
    expect(disk.unsyncedBatches).toBe(0);
    await writing;
  });
});
