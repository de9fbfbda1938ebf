import type { JsonValue, UplinkKey } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { Outbox } from "../../src/autonomy/outbox.ts";

const limits = { stateBytes: 1000, keyBytes: 100, jsonDepth: 8, statesInFlight: 4, bytesInFlight: 2000 };
const key = (name: string): UplinkKey => ({ type: "twin", name });

interface Sent {
  readonly sequence: number;
  readonly key: UplinkKey;
  readonly value: JsonValue;
}

async function open(disk = new MemoryDisk(), clock = new FakeClock()) {
  const log = new RecordingLogger();
  const outbox = new Outbox(clock, new SeededRandom(1), log, limits);
  const storage = new MemoryStorage(disk);
  await outbox.open(storage);
  const sent: Sent[] = [];
  const attach = () => outbox.attach({ send: (sequence, to, value) => sent.push({ sequence, key: to, value }) });
  const values = () => sent.map(({ value }) => value);
  return { outbox, clock, disk, log, sent, attach, values };
}

describe("outbox", () => {
  it("resolves a put once it is on disk, without a link", async () => {
    const { outbox, clock, disk } = await open();
    let safe = false;
    const put = outbox.put(key("a"), 1).then(() => {
      safe = true;
    });
    await clock.advance(199);
    expect(safe).toBe(false);
    await clock.advance(1);
    await put;
    disk.crash();
    const again = await open(disk);
    again.attach();
    expect(again.values()).toEqual([1]);
  });

  it("resolves a put once it is acknowledged, without touching the disk", async () => {
    const { outbox, attach, sent, disk, clock } = await open();
    attach();
    const put = outbox.put(key("a"), 1);
    outbox.acknowledged(key("a"), sent[0]?.sequence ?? 0);
    await put;
    await clock.advance(1000);
    expect(outbox.pending()).toBe(0);
    expect(disk.unsyncedBatches).toBe(0);
    const again = await open(disk);
    expect(again.outbox.pending()).toBe(0);
  });

  it("has one state of a key on its way; the newest of those that waited follows", async () => {
    const { outbox, attach, sent, values } = await open();
    attach();
    for (const value of [1, 2, 3]) void outbox.put(key("a"), value);
    expect(values()).toEqual([1]);
    outbox.acknowledged(key("a"), sent[0]?.sequence ?? 0);
    expect(values()).toEqual([1, 3]);
  });

  it("sends again what was not acknowledged when the link ended", async () => {
    const { outbox, attach, values } = await open();
    attach();
    void outbox.put(key("a"), 1);
    outbox.detach();
    attach();
    expect(values()).toEqual([1, 1]);
  });

  it("sends at most so many at once, and the next as room appears", async () => {
    const { outbox, attach, sent } = await open();
    attach();
    for (let index = 0; index < 6; index += 1) void outbox.put(key(`k${index}`), index);
    expect(sent).toHaveLength(4);
    outbox.acknowledged(key("k1"), sent[1]?.sequence ?? 0);
    expect(sent.map(({ key: { name } }) => name)).toEqual(["k0", "k1", "k2", "k3", "k4"]);
  });

  it("does not send a newer state while the disk holds an older one, which a crash would send after it", async () => {
    const { outbox, clock, attach, disk, values } = await open();
    void outbox.put(key("a"), "old");
    await clock.advance(200);
    const release = disk.holdSyncs();
    void outbox.put(key("a"), "new");
    attach();
    await clock.advance(0);
    expect(values()).toEqual([]);
    release();
    await clock.advance(1);
    expect(values()).toEqual(["new"]);
  });

  it("drops what the cloud refuses, counts it and says so", async () => {
    const { outbox, attach, sent, log } = await open();
    attach();
    const put = outbox.put(key("a"), 1);
    outbox.wasRefused(key("a"), sent[0]?.sequence ?? 0, "SKERRY_X", "not yours");
    await put;
    expect(outbox.pending()).toBe(0);
    expect(outbox.refused).toBe(1);
    expect(log.records.map(({ fields }) => fields)).toContainEqual({
      key: "twin/a",
      code: "SKERRY_X",
      message: "not yours",
    });
  });

  it("forgets a key, on disk too", async () => {
    const { outbox, clock, disk } = await open();
    void outbox.put(key("a"), 1);
    await clock.advance(200);
    await outbox.forget(key("a"));
    const again = await open(disk);
    expect(again.outbox.pending()).toBe(0);
  });

  it("refuses what is too large, what has no proper type, and puts after its stop", async () => {
    const { outbox } = await open();
    await expect(outbox.put(key("a"), "x".repeat(1000))).rejects.toMatchObject({ code: "SKERRY_LINK_TOO_LARGE" });
    await expect(outbox.put({ type: "Twin", name: "a" }, 1)).rejects.toMatchObject({ code: "SKERRY_LINK_BAD_TYPE" });
    await outbox.stop();
    await expect(outbox.put(key("a"), 1)).rejects.toMatchObject({ code: "SKERRY_LINK_STOPPED" });
  });

  it("says when the disk takes nothing, keeps the state, and tries again", async () => {
    const { outbox, clock, disk, attach, values } = await open();
    disk.failNextSync();
    const put = outbox.put(key("a"), 1);
    const failed = expect(put).rejects.toMatchObject({ code: "SKERRY_STORAGE_FULL" });
    await clock.advance(200);
    await failed;
    expect(outbox.pending()).toBe(1);
    await clock.advance(1000);
    attach();
    expect(values()).toEqual([1]);
    disk.crash();
    expect((await open(disk)).outbox.pending()).toBe(1);
  });

  it("says once that the disk takes nothing, and once that it does again", async () => {
    const { outbox, clock, disk, log } = await open();
    const said = () => log.records.filter(({ message }) => message.includes("written")).map(({ level }) => level);
    for (let write = 0; write < 60; write += 1) disk.failNextSync();
    const failed = expect(outbox.put(key("a"), 1)).rejects.toMatchObject({ code: "SKERRY_STORAGE_FULL" });
    await clock.advance(30_000);
    await failed;
    expect(said()).toEqual(["error"]);
    await clock.advance(60_000);
    expect(said()).toEqual(["error", "info"]);
  });

  it("writes down on stop what the cloud does not have", async () => {
    const { outbox, disk } = await open();
    void outbox.put(key("a"), 1);
    await outbox.stop();
    expect((await open(disk)).outbox.pending()).toBe(1);
  });
});

describe("rule 1: nothing acknowledged is lost or reordered per key", () => {
  it("through crashes, lost writes, lost links and lost acknowledgements, in any order", async () => {
    let crashes = 0;
    let received = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = new SeededRandom(seed);
      const disk = new MemoryDisk();
      const names = ["a", "b", "c"];
      /** The newest value of each key whose put resolved. */
      const safe = new Map<string, number>();
      /** What the cloud has durably. */
      const cloud = new Map<string, number>();
      let counter = 0;
      let node = await open(disk);
      let taken = 0;

      const deliver = (acknowledge: boolean) => {
        const next = node.sent[taken];
        if (!next) return;
        taken += 1;
        const { name } = next.key;
        const value = Number(next.value);
        expect(value, `seed ${seed}: an older value after a newer one`).toBeGreaterThanOrEqual(cloud.get(name) ?? 0);
        cloud.set(name, value);
        received += 1;
        if (acknowledge) node.outbox.acknowledged(next.key, next.sequence);
      };

      for (let step = 0; step < 60; step += 1) {
        const chance = random.next();
        if (chance < 0.35) {
          counter += 1;
          const value = counter;
          const name = names[Math.floor(random.next() * names.length)] ?? "a";
          node.outbox.put(key(name), value).then(
            () => safe.set(name, Math.max(value, safe.get(name) ?? 0)),
            () => undefined,
          );
        } else if (chance < 0.55) await node.clock.advance(random.next() * 300);
        else if (chance < 0.65) node.attach();
        else if (chance < 0.7) {
          node.outbox.detach();
          taken = node.sent.length;
        } else if (chance < 0.9) deliver(random.next() < 0.8);
        else if (chance < 0.95) {
          const release = disk.holdSyncs();
          await node.clock.advance(random.next() * 300);
          release();
        } else {
          crashes += 1;
          await node.clock.advance(0);
          disk.crash();
          node = await open(disk);
          taken = 0;
        }
      }
      await node.clock.advance(0);
      disk.crash();
      const before = new Map(safe);
      node = await open(disk);
      taken = 0;
      node.attach();
      while (node.sent.length > taken) deliver(true);
      for (const [name, value] of before) {
        expect(cloud.get(name) ?? 0, `seed ${seed}: ${name} lost`).toBeGreaterThanOrEqual(value);
      }
      expect(node.outbox.pending()).toBe(0);
    }
    expect(crashes).toBeGreaterThan(200);
    expect(received).toBeGreaterThan(1000);
  });
});

describe("what no other side would take", () => {
  const deep = (levels: number): JsonValue => (levels === 0 ? 1 : [deep(levels - 1)]);

  it.each<[string, UplinkKey, JsonValue, string]>([
    ["an empty name", key(""), 1, "SKERRY_LINK_BAD_NAME"],
    ["a name that is too long", key("x".repeat(96)), 1, "SKERRY_LINK_BAD_NAME"],
    ["a name that is no well-formed text", key("a\uD800"), 1, "SKERRY_LINK_BAD_NAME"],
    ["a value that is nested too deep", key("a"), deep(9), "SKERRY_LINK_TOO_DEEP"],
    ["a value without end", key("a"), deep(5_000), "SKERRY_LINK_TOO_DEEP"],
  ])("%s is refused at once", async (_, to, value, code) => {
    const { outbox, clock } = await open();
    void outbox.put(key("other"), deep(8));
    await expect(outbox.put(to, value)).rejects.toMatchObject({ code, family: "invalid" });
    await clock.advance(300);
    expect(outbox.pending()).toBe(1);
  });

  it("a value is sent as it was when it was put", async () => {
    const { outbox, attach, values } = await open();
    const value = { on: true };
    void outbox.put(key("a"), value);
    value.on = false;
    attach();
    expect(values()).toEqual([{ on: true }]);
  });

  it("at most so many bytes are on their way, of all types together", async () => {
    const { outbox, attach, sent } = await open();
    attach();
    for (const type of ["a", "b", "c"]) void outbox.put({ type, name: "large" }, "x".repeat(900));
    expect(sent.map(({ key: { type } }) => type)).toEqual(["a", "b"]);
    outbox.acknowledged({ type: "a", name: "large" }, sent[0]?.sequence ?? 0);
    expect(sent.map(({ key: { type } }) => type)).toEqual(["a", "b", "c"]);
  });

  it("nothing is sent while a write is under way that replaces an older state, even by this one", async () => {
    const { outbox, clock, attach, disk, values } = await open();
    attach();
    outbox.detach();
    void outbox.put(key("a"), "old");
    await clock.advance(200);
    const release = disk.holdSyncs();
    void outbox.put(key("a"), "new");
    await clock.advance(500);
    attach();
    expect(values()).toEqual([]);
    release();
    await clock.advance(1);
    expect(values()).toEqual(["new"]);
  });
});
