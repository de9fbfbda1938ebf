import { describe, expect, it } from "vitest";
import { SeededRandom, SimClock, SimDisk, storageContract } from "../../src/index.ts";
import { letTimePass } from "./passing-time.ts";

const value = Uint8Array.of(1);

describe("a simulated disk", () => {
  const clock = new SimClock();
  letTimePass(clock);

  storageContract({
    name: "simulation",
    supports: { durable: true },
    open: async () => {
      const disk = new SimDisk(clock, new SeededRandom(1));
      return { storage: disk.open(), reopen: async () => disk.open() };
    },
  });
});

describe("a simulated disk's faults", () => {
  it("make a write wait for its sync, and a crash loses all or a first part of what was not synced", async () => {
    const kept = new Set<number>();
    for (let seed = 1; seed <= 50; seed += 1) {
      const clock = new SimClock();
      const disk = new SimDisk(clock, new SeededRandom(seed));
      const store = await disk.open().open("a");
      let resolved = 0;
      for (const key of ["1", "2", "3"]) {
        void store.write([{ type: "put", key, value }]).then(() => {
          resolved += 1;
        });
      }
      expect((await store.range()).length).toBe(3);
      await clock.advance(0);
      expect([resolved, disk.unsyncedBatches]).toEqual([0, 3]);
      disk.crash();
      await clock.advance(100);
      expect(resolved).toBe(0);
      await expect(store.get("1")).rejects.toMatchObject({ code: "SKERRY_STORAGE_STOPPED" });
      const left = (await (await disk.open().open("a")).range()).map(({ key }) => key);
      expect(left).toEqual(["1", "2", "3"].slice(0, left.length));
      kept.add(left.length);
    }
    expect([...kept].sort()).toEqual([0, 1, 2, 3]);
  });

  it("are told by code when it is full, and what failed leaves no trace", async () => {
    const clock = new SimClock();
    const disk = new SimDisk(clock, new SeededRandom(1));
    const store = await disk.open().open("a");
    disk.isFull = true;
    const writing = expect(store.write([{ type: "put", key: "k", value }])).rejects.toMatchObject({
      code: "SKERRY_STORAGE_FULL",
    });
    await clock.advance(10);
    await writing;
    expect(await store.range()).toEqual([]);
  });
});
