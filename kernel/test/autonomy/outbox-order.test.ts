import type { UplinkKey } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { Outbox } from "../../src/autonomy/outbox.ts";
import { OutboxOrder, type StoredOrder } from "../../src/autonomy/outbox-order.ts";

const limits = { stateBytes: 1000, keyBytes: 100, jsonDepth: 8, statesInFlight: 100, bytesInFlight: 20_000 };
const key = (name: string): UplinkKey => ({ type: "twin", name });

async function open(disk: MemoryDisk, seed: number) {
  const [clock, log] = [new FakeClock(), new RecordingLogger()];
  const outbox = new Outbox(clock, new SeededRandom(seed), log, limits, { states: 3, bytes: 1_000 });
  await outbox.open(new MemoryStorage(disk));
  const sent: number[] = [];
  outbox.attach({
    send: (sequence, to) => {
      sent.push(sequence);
      queueMicrotask(() => outbox.acknowledged(to, sequence));
    },
  });
  return { outbox, clock, log, sent };
}

describe("the order of the outbox", () => {
  it("rises over restarts and crashes within one epoch, also where nothing was left on disk", async () => {
    const disk = new MemoryDisk();
    const epochs = new Set<string>();
    const sent: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const node = await open(disk, run);
      for (let index = 0; index < 4; index += 1) await node.outbox.put(key("a"), index);
      epochs.add(node.outbox.epoch);
      sent.push(...node.sent);
      disk.crash();
    }
    expect(epochs.size).toBe(1);
    expect([...epochs][0]).toMatch(/^[\w-]{12}$/);
    expect(sent).toHaveLength(20);
    expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b));
  });

  it("has another epoch on another disk", async () => {
    const first = await open(new MemoryDisk(), 1);
    const second = await open(new MemoryDisk(), 2);
    expect(first.outbox.epoch).not.toBe(second.outbox.epoch);
  });

  it("waits for a disk that is full at the start, and keeps its epoch", async () => {
    const disk = new MemoryDisk();
    const before = (await open(disk, 1)).outbox.epoch;
    disk.failNextSync();
    const full = await open(disk, 2);
    const put = full.outbox.put(key("a"), 1);
    expect(full.sent).toEqual([]);
    await full.clock.advance(1_000);
    await put;
    expect(full.sent).toHaveLength(1);
    expect(full.outbox.epoch).toBe(before);
  });

  it("has an epoch of its own in a run whose disk takes nothing for long: its states are sent", async () => {
    const disk = new MemoryDisk();
    const before = (await open(disk, 1)).outbox.epoch;
    const failing = () => {
      for (let index = 0; index < 200; index += 1) disk.failNextSync();
    };
    failing();
    const full = await open(disk, 2);
    full.outbox.put(key("a"), 1).catch(() => undefined);
    await full.clock.advance(29_000);
    expect(full.sent).toEqual([]);
    failing();
    await full.clock.advance(2_000);
    expect(full.sent).toHaveLength(1);
    expect(full.outbox.epoch).not.toBe(before);
  });

  it("lets no state be sent under a number that a later run could give again, though it is on disk", async () => {
    const disk = new MemoryDisk();
    await open(disk, 1);
    // A run whose disk takes states, but never its order.
    disk.failNextSync();
    const second = await open(disk, 2);
    const put = second.outbox.put(key("a"), 1);
    await second.clock.advance(300);
    await put;
    disk.crash();
    disk.failNextSync();
    const third = await open(disk, 3);
    expect(third.sent).toEqual([]);
    await third.clock.advance(1_100);
    expect(third.sent).toHaveLength(1);
    disk.crash();
    const fourth = await open(disk, 4);
    await fourth.outbox.put(key("a"), 2);
    expect(fourth.sent.at(-1)).toBeGreaterThan(Math.max(...third.sent));
  });

  it("goes on with a new epoch where what was written cannot be read", async () => {
    const disk = new MemoryDisk();
    const before = (await open(disk, 1)).outbox.epoch;
    const store = await new MemoryStorage(disk).open("outbox");
    await store.write([{ type: "put", key: "order", value: Buffer.from("?") }]);
    const { outbox, log } = await open(disk, 2);
    expect(outbox.epoch).not.toBe(before);
    expect(log.records.map(({ fields }) => fields)).toContainEqual({ key: "order" });
    expect((await open(disk, 3)).outbox.epoch).toBe(outbox.epoch);
  });

  it("takes the next block in time, tries again where the disk does not take it, and lets nothing be sent without", async () => {
    const clock = new FakeClock();
    const written: StoredOrder[] = [];
    let [isFull, reserved] = [false, 0];
    const order = new OutboxOrder({
      clock,
      random: new SeededRandom(1),
      log: new RecordingLogger(),
      write: async (next) => {
        if (isFull) throw new Error("full");
        written.push(next);
      },
      reserved: () => {
        reserved += 1;
      },
    });
    await order.open({ epoch: "e", before: 11 }, 5);
    expect(order.next()).toBe(11);
    const block = (written[0]?.before ?? 0) - 11;
    expect(written).toEqual([{ epoch: "e", before: 11 + block }]);
    expect(order.maySend(10 + block)).toBe(true);
    expect(order.maySend(11 + block)).toBe(false);
    isFull = true;
    let last = 0;
    while (last <= 11 + block / 2) last = order.next();
    await clock.advance(1);
    await clock.advance(1_500);
    expect(reserved).toBe(0);
    isFull = false;
    await clock.advance(1_000);
    await clock.advance(1);
    expect(reserved).toBe(1);
    expect(order.maySend(11 + block)).toBe(true);
    expect(written).toHaveLength(2);
    order.stop();
  });
});

describe("the budget of the outbox", () => {
  const offline = async () => {
    const disk = new MemoryDisk();
    const node = await open(disk, 1);
    node.outbox.detach();
    return { ...node, disk };
  };

  it("refuses a state of a new key beyond so many, and takes newer ones of those that wait", async () => {
    const { outbox, clock } = await offline();
    const puts = ["a", "b", "c"].map((name) => outbox.put(key(name), 1));
    await expect(outbox.put(key("d"), 1)).rejects.toMatchObject({
      code: "SKERRY_LINK_OUTBOX_FULL",
      family: "unavailable",
    });
    puts.push(outbox.put(key("a"), 2));
    expect(outbox.pending()).toBe(3);
    await outbox.forget(key("b"));
    puts.push(outbox.put(key("d"), 1));
    await clock.advance(300);
    await Promise.all(puts);
    expect(outbox.pending()).toBe(3);
  });

  it("refuses what grows beyond so many bytes, keeps what was there, and takes what is not larger", async () => {
    const { outbox, clock } = await offline();
    const puts = [outbox.put(key("a"), "x".repeat(400)), outbox.put(key("b"), "x".repeat(400))];
    const bytes = outbox.pendingBytes;
    await expect(outbox.put(key("a"), "y".repeat(500))).rejects.toMatchObject({ code: "SKERRY_LINK_OUTBOX_FULL" });
    expect(outbox.pendingBytes).toBe(bytes);
    puts.push(outbox.put(key("a"), "z".repeat(400)));
    await clock.advance(300);
    await Promise.all(puts);
    puts.push(outbox.put(key("a"), "z"));
    expect(outbox.pendingBytes).toBe(bytes - 399);
    outbox.attach({ send: (sequence, to) => queueMicrotask(() => outbox.acknowledged(to, sequence)) });
    await clock.advance(300);
    await Promise.all(puts);
    expect([outbox.pending(), outbox.pendingBytes]).toEqual([0, 0]);
  });

  it("counts what an earlier run left, and loads it even where that is more", async () => {
    const { outbox, clock, disk } = await offline();
    for (const name of ["a", "b", "c"]) void outbox.put(key(name), 1);
    await clock.advance(300);
    const again = new Outbox(clock, new SeededRandom(1), new RecordingLogger(), limits, { states: 2, bytes: 1_000 });
    await again.open(new MemoryStorage(disk));
    expect(again.pending()).toBe(3);
    await expect(again.put(key("d"), 1)).rejects.toMatchObject({ code: "SKERRY_LINK_OUTBOX_FULL" });
    await outbox.stop();
    await again.stop();
  });
});
