import type { LoggedEntry, LogPolicy, Storage } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { EventLogs, type LogsBudget } from "../../src/autonomy/log/event-logs.ts";

const limits = { stateBytes: 10_000, keyBytes: 200, jsonDepth: 8 };

/** A node's logs on a disk, and a cloud that keeps every entry it is sent. */
class LogWorld {
  readonly clock = new FakeClock();
  readonly disk = new MemoryDisk();
  readonly random = new SeededRandom(1);
  /** By epoch, type and sequence: what the cloud has. */
  readonly cloud = new Map<string, unknown>();
  readonly order: string[] = [];
  batches = 0;
  logs = this.#make();

  #make(budget?: LogsBudget): EventLogs {
    return new EventLogs(this.clock, this.random, new RecordingLogger(), limits, budget);
  }

  async start(budget?: LogsBudget): Promise<void> {
    this.logs = this.#make(budget);
    await this.logs.start(new MemoryStorage(this.disk));
  }

  /** @param answer whether the cloud answers; once it does not, it has gone silent */
  connect(answer: () => boolean = () => true): void {
    let isSilent = false;
    this.logs.attach((type, epoch, entries) =>
      this.#take(type, epoch, entries, () => {
        isSilent ||= !answer();
        return !isSilent;
      }),
    );
  }

  #take(type: string, epoch: string, entries: readonly LoggedEntry[], answer: () => boolean): void {
    this.batches += 1;
    const logs = this.logs;
    queueMicrotask(() => {
      if (!answer()) return;
      for (const { sequence, value } of entries) {
        const key = `${epoch}/${type}/${sequence}`;
        if (!this.cloud.has(key)) this.order.push(JSON.stringify(value));
        expect(this.cloud.get(key) ?? value, "an entry never changes").toEqual(value);
        this.cloud.set(key, value);
      }
      logs.answered(type, epoch, entries.at(-1)?.sequence ?? 0, true);
    });
  }
}

async function started(): Promise<LogWorld> {
  const world = new LogWorld();
  await world.start();
  return world;
}

const events: LogPolicy = { whenFull: "oldest" };

describe("a log of what happened", () => {
  it("arrives whole and in order, also what was appended without a link", async () => {
    const world = await started();
    const log = world.logs.open("event", events);
    await Promise.all(Array.from({ length: 500 }, (_, index) => log.append("n", index)));
    expect(log.status()).toMatchObject({ entries: 500, dropped: 0 });
    world.connect();
    await world.clock.advance(10);
    expect(world.order).toEqual(Array.from({ length: 500 }, (_, index) => String(index)));
    await log.append("n", 500);
    await world.clock.advance(10);
    expect(world.order.at(-1)).toBe("500");
    expect(log.status()).toMatchObject({ entries: 0, bytes: 0 });
    await world.logs.stop();
  });

  it("goes on after a restart where the cloud has not answered", async () => {
    const world = await started();
    const log = world.logs.open("event", events);
    for (const value of ["a", "b"]) await log.append("n", value);
    world.connect();
    await world.clock.advance(1_100);
    world.logs.detach();
    await log.append("n", "c");
    world.disk.crash();
    await world.start();
    const again = world.logs.open("event", events);
    world.connect();
    await again.append("n", "d");
    await world.clock.advance(10);
    expect(world.order.map((text) => JSON.parse(text) as string)).toEqual(["a", "b", "c", "d"]);
    expect([...world.cloud.keys()].map((key) => key.split("/")[2])).toEqual(["1", "2", "3", "4"]);
    await world.logs.stop();
  });

  it("resolves when an entry is on disk, and writes once for all that come together", async () => {
    const world = await started();
    const log = world.logs.open("event", events);
    const release = world.disk.holdSyncs();
    let kept = 0;
    const appends = Array.from({ length: 1_000 }, (_, index) => log.append("n", index).then(() => (kept += 1)));
    await world.clock.advance(5);
    expect(kept).toBe(0);
    expect(world.disk.unsyncedBatches).toBeLessThanOrEqual(2);
    release();
    await Promise.all(appends);
    expect(kept).toBe(1_000);
    await world.logs.stop();
  });

  it("keeps 100,000 entries without holding them in memory", async () => {
    const world = await started();
    const log = world.logs.open("event", { whenFull: "refuse", maximumBytes: 64 * 1024 * 1024 });
    for (let start = 0; start < 100_000; start += 10_000) {
      await Promise.all(Array.from({ length: 10_000 }, (_, index) => log.append("n", start + index)));
    }
    let open = 0;
    world.logs.attach((_, __, entries) => {
      open += entries.length;
    });
    await world.clock.advance(10);
    // Nothing is answered: only a few batches are read back.
    expect(open).toBe(800);
    await world.logs.stop();
  });

  it("counts what the cloud refuses, and goes on", async () => {
    const world = await started();
    const log = world.logs.open("event", events);
    world.logs.attach((type, epoch, entries) => {
      queueMicrotask(() => world.logs.answered(type, epoch, entries.at(-1)?.sequence ?? 0, false));
    });
    await log.append("n", 1);
    await log.append("n", 2);
    await world.clock.advance(10);
    expect(log.status()).toMatchObject({ entries: 0, refused: 2, dropped: 0 });
    await world.logs.stop();
  });

  it("leaves answers aside that are for nothing on its way", async () => {
    const world = await started();
    const log = world.logs.open("event", events);
    await log.append("n", 1);
    expect(world.logs.answered("event", "another epoch", 1, true)).toBe(false);
    expect(world.logs.answered("event", "", 1, true)).toBe(false);
    expect(world.logs.answered("other", "", 1, true)).toBe(false);
    expect(log.status().entries).toBe(1);
    await world.logs.stop();
  });
});

describe("a log whose budget is used up", () => {
  const value = "x".repeat(900);
  /** About ten entries. */
  const maximumBytes = 10_000;

  it("refuses commands, and takes them again when there is room", async () => {
    const world = await started();
    const log = world.logs.open("command", { whenFull: "refuse", maximumBytes });
    const results = await Promise.all(
      Array.from({ length: 12 }, () => log.append("n", value).catch((error: unknown) => errorCode(error))),
    );
    expect(results).toEqual([...Array(10).fill("kept"), "SKERRY_LINK_LOG_FULL", "SKERRY_LINK_LOG_FULL"]);
    expect(log.status().dropped).toBe(0);
    world.connect();
    await world.clock.advance(2_000);
    expect(await log.append("n", value)).toBe("kept");
    await world.logs.stop();
  });

  it("forgets the oldest events, and the gap shows how many", async () => {
    const world = await started();
    const log = world.logs.open("event", { whenFull: "oldest", maximumBytes });
    for (let index = 0; index < 30; index += 1) expect(await log.append("n", `${index}${value}`)).toBe("kept");
    const { entries, dropped, bytes } = log.status();
    expect(entries + dropped).toBe(30);
    expect(bytes).toBeLessThanOrEqual(maximumBytes);
    world.connect();
    await world.clock.advance(10);
    const sequences = [...world.cloud.keys()].map((key) => Number(key.split("/")[2]));
    expect(sequences).toEqual(Array.from({ length: entries }, (_, index) => dropped + 1 + index));
    await world.logs.stop();
  });

  it("leaves out the newest telemetry, and the gap shows how many", async () => {
    const world = await started();
    const log = world.logs.open("telemetry", { whenFull: "newest", maximumBytes });
    const results: string[] = [];
    for (let index = 0; index < 30; index += 1) results.push(await log.append("n", value));
    const { entries, dropped } = log.status();
    expect(results).toEqual([...Array(entries).fill("kept"), ...Array(dropped).fill("dropped")]);
    world.connect();
    await world.clock.advance(2_000);
    await log.append("n", "after");
    await world.clock.advance(10);
    expect(Number([...world.cloud.keys()].at(-1)?.split("/")[2])).toBe(31);
    await world.logs.stop();
  });

  it("holds to that when the disk is full, and goes on when it is not", async () => {
    const world = await started();
    const command = world.logs.open("command", { whenFull: "refuse" });
    const telemetry = world.logs.open("telemetry", { whenFull: "newest" });
    await command.append("n", "before");
    world.disk.failNextSync();
    await expect(command.append("n", "lost")).rejects.toMatchObject({ code: "SKERRY_LINK_LOG_FULL" });
    world.disk.failNextSync();
    expect(await telemetry.append("n", "lost")).toBe("dropped");
    await command.append("n", "after");
    await telemetry.append("n", "after");
    world.connect();
    await world.clock.advance(10);
    expect(world.order).toEqual(['"before"', '"after"', '"after"']);
    expect([...world.cloud.keys()].map((key) => key.split("/").slice(1).join("/")).sort()).toEqual([
      "command/1",
      "command/2",
      "telemetry/2",
    ]);
    await world.logs.stop();
  });
});

describe("a log with an age", () => {
  it("forgets what waited longer, counts it, and the gap shows how many", async () => {
    const world = await started();
    const log = world.logs.open("telemetry", { whenFull: "oldest", maximumAgeMs: 10_000 });
    for (let index = 0; index < 450; index += 1) void log.append("n", index);
    await world.clock.advance(9_000);
    await log.append("n", "young");
    await world.clock.advance(2_000);
    world.connect();
    await world.clock.advance(10);
    expect(world.order).toEqual(['"young"']);
    expect([...world.cloud.keys()][0]?.split("/")[2]).toBe("451");
    expect(log.status()).toMatchObject({ entries: 0, bytes: 0, dropped: 450 });
    await world.logs.stop();
  });

  it("forgets as others are added, also where no link ever comes", async () => {
    const world = await started();
    const log = world.logs.open("telemetry", { whenFull: "newest", maximumAgeMs: 10_000 });
    for (let index = 0; index < 60; index += 1) {
      await log.append("n", index);
      await world.clock.advance(1_000);
    }
    expect(log.status().entries).toBeLessThanOrEqual(12);
    expect(log.status().entries + log.status().dropped).toBe(60);
    await world.logs.stop();
  });

  it("never forgets commands", async () => {
    const world = await started();
    const log = world.logs.open("command", { whenFull: "refuse", maximumAgeMs: 10 });
    await log.append("n", 1);
    await world.clock.advance(5_000);
    await log.append("n", 2);
    expect(log.status()).toMatchObject({ entries: 2, dropped: 0 });
    await world.logs.stop();
  });
});

describe("all logs together", () => {
  it("take no more than their budget: commands are refused, events give way to newer ones", async () => {
    const world = new LogWorld();
    await world.start({ bytes: 10_000 });
    const [command, event] = [
      world.logs.open("command", { whenFull: "refuse" }),
      world.logs.open("event", { whenFull: "oldest" }),
    ];
    const value = "x".repeat(900);
    for (let index = 0; index < 5; index += 1) await command.append("n", value);
    for (let index = 0; index < 20; index += 1) expect(await event.append("n", value)).toBe("kept");
    expect(event.status()).toMatchObject({ entries: 5, dropped: 15 });
    await expect(command.append("n", value)).rejects.toMatchObject({ code: "SKERRY_LINK_LOG_FULL" });
    expect(command.status().entries).toBe(5);
    await world.logs.stop();
  });
});

describe("a disk that fails while room is made", () => {
  it("costs what was to be added, is told, and nothing waits for ever", async () => {
    const world = await started();
    const log = world.logs.open("event", { whenFull: "oldest", maximumBytes: 1_000 });
    for (let index = 0; index < 10; index += 1) await log.append("n", "x".repeat(50));
    world.disk.failNextSync();
    expect(await log.append("n", "x".repeat(500))).toBe("dropped");
    const { entries, dropped } = log.status();
    expect(await log.append("n", "x".repeat(500))).toBe("kept");
    expect(entries + dropped).toBe(11);
    expect(log.status().entries + log.status().dropped).toBe(12);
    await world.logs.stop();
  });

  it("is read again later, and nothing goes twice in one session", async () => {
    const world = await started();
    const log = world.logs.open("event", events);
    for (let index = 0; index < 3; index += 1) await log.append("n", index);
    let isBroken = true;
    const storage = new MemoryStorage(world.disk);
    const failing: Storage = {
      open: async (name) => {
        const store = await storage.open(name);
        const range: typeof store.range = (asked) =>
          isBroken ? Promise.reject(new Error("input/output error")) : store.range(asked);
        return { get: (key) => store.get(key), write: (batch) => store.write(batch), range };
      },
    };
    const logs = new EventLogs(world.clock, world.random, new RecordingLogger(), limits);
    await logs.start(failing);
    const again = logs.open("event", events);
    const sent: number[] = [];
    logs.attach((_, __, entries) => sent.push(...entries.map(({ sequence }) => sequence)));
    await world.clock.advance(3_000);
    expect(sent).toEqual([]);
    isBroken = false;
    await world.clock.advance(1_100);
    expect(sent).toEqual([1, 2, 3]);
    expect(again.status().entries).toBe(3);
    await world.clock.advance(5_000);
    expect(sent).toEqual([1, 2, 3]);
    await logs.stop();
  });
});

describe("what a log refuses", () => {
  it("is told to the author", async () => {
    const world = await started();
    const log = world.logs.open("event", events);
    expect(() => world.logs.open("event", events)).toThrow(/is open already/);
    expect(() => world.logs.open("Bad Type", events)).toThrow(/must match/);
    await expect(log.append("", 1)).rejects.toMatchObject({ code: "SKERRY_LINK_BAD_NAME" });
    await expect(log.append("n", "x".repeat(10_001))).rejects.toMatchObject({ code: "SKERRY_LINK_TOO_LARGE" });
    await world.logs.stop();
    await expect(log.append("n", 1)).rejects.toMatchObject({ code: "SKERRY_LINK_STOPPED" });
  });
});

it("whatever happens at random, every entry that was kept arrives once, in order, under its own number", async () => {
  for (let seed = 0; seed < 150; seed += 1) {
    const world = await started();
    const random = new SeededRandom(seed);
    let log = world.logs.open("event", { whenFull: "refuse" });
    const kept: number[] = [];
    let value = 0;
    for (let step = 0; step < 60; step += 1) {
      const dice = random.next();
      if (dice < 0.5) {
        value += 1;
        const mine = value;
        log.append("n", mine).then(
          () => kept.push(mine),
          () => undefined,
        );
      } else if (dice < 0.6) world.connect(() => random.next() < 0.8);
      else if (dice < 0.7) world.logs.detach();
      else if (dice < 0.75) world.disk.failNextSync();
      else if (dice < 0.8) {
        world.disk.crash();
        await world.start();
        log = world.logs.open("event", { whenFull: "refuse" });
      } else await world.clock.advance(Math.floor(random.next() * 600));
    }
    await world.clock.advance(10);
    world.logs.detach();
    world.connect();
    await world.clock.advance(50);
    const arrived = world.order.map(Number);
    expect(arrived, `seed ${seed}`).toEqual([...arrived].sort((a, b) => a - b));
    for (const mine of kept) expect(arrived, `seed ${seed}`).toContain(mine);
    expect(log.status().entries, `seed ${seed}`).toBe(0);
    await world.logs.stop();
  }
});
