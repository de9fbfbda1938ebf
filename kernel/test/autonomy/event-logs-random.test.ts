import type { EventLog, LogPolicy } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { EventLogs } from "../../src/autonomy/log/event-logs.ts";

const limits = { stateBytes: 10_000, keyBytes: 200, jsonDepth: 8 };
const policies = {
  command: { whenFull: "refuse", maximumBytes: 3_000 },
  event: { whenFull: "oldest", maximumBytes: 3_000 },
  telemetry: { whenFull: "newest", maximumBytes: 3_000, maximumAgeMs: 20_000 },
} as const satisfies Readonly<Record<string, LogPolicy>>;
type Type = keyof typeof policies;
const types = Object.keys(policies) as readonly Type[];

/** A node whose three logs are used, cut off and crashed at random, and what the cloud has of them. */
class RandomNode {
  readonly clock = new FakeClock();
  readonly disk = new MemoryDisk();
  readonly random: SeededRandom;
  /** By type: the numbers whose append said that they are kept. */
  readonly kept = new Map<Type, number[]>(types.map((type) => [type, []]));
  /** By type and sequence: what the cloud has. */
  readonly cloud = new Map<Type, Map<number, number>>(types.map((type) => [type, new Map()]));
  readonly #logs = new Map<Type, EventLog>();
  #node = this.#make();
  #counter = 0;
  #run = 0;

  constructor(readonly seed: number) {
    this.random = new SeededRandom(seed);
  }

  #make(): EventLogs {
    return new EventLogs(this.clock, new SeededRandom(1), new RecordingLogger(), limits);
  }

  async start(): Promise<void> {
    this.#run += 1;
    this.#node = this.#make();
    await this.#node.start(new MemoryStorage(this.disk));
    for (const type of types) this.#logs.set(type, this.#node.open(type, policies[type]));
  }

  async crash(): Promise<void> {
    await this.clock.advance(0);
    this.disk.crash();
    await this.start();
  }

  stop(): Promise<void> {
    return this.#node.stop();
  }

  append(): void {
    this.#counter += 1;
    const [mine, type] = [this.#counter, types[Math.floor(this.random.next() * types.length)] ?? "event"];
    const padding = "x".repeat(Math.floor(this.random.next() * 300));
    this.#logs
      .get(type)
      ?.append(padding || "n", mine)
      .then(
        (result) => result === "kept" && this.kept.get(type)?.push(mine),
        () => undefined,
      );
  }

  /** @param loss how likely an answer is lost, and with it all that follow */
  connect(loss: number): void {
    const [run, node] = [this.#run, this.#node];
    let isSilent = false;
    node.detach();
    node.attach((type, epoch, entries) => {
      queueMicrotask(() => {
        if (run !== this.#run || isSilent) return;
        const known = this.cloud.get(type as Type) ?? new Map<number, number>();
        for (const { sequence, value } of entries) {
          expect(known.get(sequence) ?? value, `seed ${this.seed}: ${type} ${sequence} is another entry`).toBe(value);
          known.set(sequence, Number(value));
        }
        isSilent = this.random.next() < loss;
        if (!isSilent) node.answered(type, epoch, entries.at(-1)?.sequence ?? 0, true);
      });
    });
  }

  detach(): void {
    this.#node.detach();
  }

  status(type: Type) {
    return this.#logs.get(type)?.status() ?? { entries: -1, bytes: -1, dropped: -1 };
  }
}

describe("logs under crashes, full disks, lost links and lost answers, in any order", () => {
  it("keep their promises, each by its policy", async () => {
    const seen = { crashes: 0, received: 0, dropped: 0 };
    for (let seed = 1; seed <= 150; seed += 1) {
      const node = new RandomNode(seed);
      await node.start();
      for (let step = 0; step < 120; step += 1) {
        const dice = node.random.next();
        if (dice < 0.6) node.append();
        else if (dice < 0.66) node.connect(0.2);
        else if (dice < 0.72) node.detach();
        else if (dice < 0.76) node.disk.failNextSync();
        else if (dice < 0.8) {
          seen.crashes += 1;
          await node.crash();
        } else await node.clock.advance(Math.floor(node.random.next() * 1_500));
        for (const type of types) expect(node.status(type).bytes, `seed ${seed}`).toBeLessThanOrEqual(3_000);
      }
      await node.clock.advance(10);
      node.connect(0);
      await node.clock.advance(5_000);
      for (const type of types) {
        const received = [...(node.cloud.get(type) ?? [])].sort(([a], [b]) => a - b).map(([, value]) => value);
        expect(received, `seed ${seed}: ${type} out of order`).toEqual([...received].sort((a, b) => a - b));
        const status = node.status(type);
        expect(status, `seed ${seed}: ${type}`).toMatchObject({ entries: 0, bytes: 0 });
        const lost = (node.kept.get(type) ?? []).filter((mine) => !received.includes(mine));
        expect(lost.length, `seed ${seed}: ${type} lost ${lost}`).toBeLessThanOrEqual(status.dropped);
        if (type === "command") expect(status.dropped, `seed ${seed}`).toBe(0);
        seen.received += received.length;
        seen.dropped += status.dropped;
      }
      await node.stop();
    }
    expect(seen.crashes).toBeGreaterThan(300);
    expect(seen.received).toBeGreaterThan(3_000);
    expect(seen.dropped).toBeGreaterThan(100);
  });
});

describe("a start with much on disk", () => {
  it("does not read all of it, and knows how much it is", async () => {
    const disk = new MemoryDisk();
    const clock = new FakeClock();
    const storage = new MemoryStorage(disk);
    let read = 0;
    const open = async () => {
      const logs = new EventLogs(clock, new SeededRandom(1), new RecordingLogger(), limits);
      await logs.start({
        open: async (name) => {
          const store = await storage.open(name);
          const range: typeof store.range = async (asked) => {
            const entries = await store.range(asked);
            read += entries.length;
            return entries;
          };
          return { get: (key) => store.get(key), write: (batch) => store.write(batch), range };
        },
      });
      return { logs, log: logs.open("event", { whenFull: "oldest" }) };
    };
    const before = await open();
    await Promise.all(Array.from({ length: 20_000 }, (_, index) => before.log.append("n", index)));
    before.logs.attach((type, epoch, entries) => {
      const last = entries.at(-1)?.sequence ?? 0;
      if (last <= 500) queueMicrotask(() => before.logs.answered(type, epoch, last, true));
    });
    await clock.advance(2_000);
    await before.logs.stop();
    const expected = before.log.status();
    read = 0;
    const after = await open();
    await clock.advance(1);
    expect(after.log.status()).toEqual(expected);
    expect(expected.entries).toBeGreaterThan(19_000);
    expect(read).toBeLessThan(10);
    await after.logs.stop();
  });

  it("gives no number where it cannot know which were given", async () => {
    const [disk, clock, logger] = [new MemoryDisk(), new FakeClock(), new RecordingLogger()];
    const store = await new MemoryStorage(disk).open("log");
    for (const head of ["?", "[1,0]", "[1,0,-1,0]", "{}"]) {
      await store.write([{ type: "put", key: "event/head", value: Buffer.from(head) }]);
      const logs = new EventLogs(clock, new SeededRandom(1), logger, limits);
      await logs.start(new MemoryStorage(disk));
      const append = logs.open("event", { whenFull: "refuse" }).append("n", 1);
      await expect(append, head).rejects.toMatchObject({ cause: { code: "SKERRY_LINK_LOG_CORRUPT" } });
      await logs.stop();
    }
  });
});

describe("what appends cost", () => {
  it("1,000 a second, one by one as they come, take a write for each moment and not for each entry", async () => {
    const clock = new FakeClock();
    const storage = new MemoryStorage(new MemoryDisk());
    let [writes, syncMs] = [0, 0];
    const logs = new EventLogs(clock, new SeededRandom(1), new RecordingLogger(), limits);
    await logs.start({
      open: async (name) => {
        const store = await storage.open(name);
        return {
          get: (key) => store.get(key),
          range: (range) => store.range(range),
          write: async (batch) => {
            writes += 1;
            if (syncMs > 0) await clock.sleep(syncMs);
            await store.write(batch);
          },
        };
      },
    });
    const log = logs.open("event", { whenFull: "refuse" });
    syncMs = 10;
    const appends: Promise<unknown>[] = [];
    for (let ms = 0; ms < 1_000; ms += 1) {
      appends.push(log.append("n", ms));
      await clock.advance(1);
    }
    await clock.advance(50);
    await Promise.all(appends);
    expect(log.status().entries).toBe(1_000);
    expect(writes).toBeLessThan(130);
    await logs.stop();
  });
});
