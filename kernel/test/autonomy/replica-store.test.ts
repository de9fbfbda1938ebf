import { isSealed, type KubeObject, refKey, refOf, type Sealer } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeSealer, RecordingLogger } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { ReplicaStore } from "../../src/autonomy/replica-store.ts";

const object = (kind: string, name: string, data: object): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "default" },
  data,
});
const secret = object("Secret", "login", { password: "aHVudGVyMg==" });
const configMap = object("ConfigMap", "plain", { text: "for everybody" });
const put = (one: KubeObject) => ({ type: "put", key: refKey(refOf(one)), object: one }) as const;

/** Seals by another key, as it were. */
const otherKey: Sealer = Object.assign(new FakeSealer(), {
  open: () => {
    throw Object.assign(new Error("another key sealed it"), { code: "SKERRY_SEAL_BROKEN" });
  },
});

class World {
  readonly disk = new MemoryDisk();
  readonly log = new RecordingLogger();

  async open(sealer: Sealer = new FakeSealer()): Promise<ReplicaStore> {
    const replica = new ReplicaStore(this.log, sealer);
    await replica.open(new MemoryStorage(this.disk));
    return replica;
  }

  async entries() {
    return (await this.#store()).range();
  }

  async write(key: string, value: Uint8Array): Promise<void> {
    await (await this.#store()).write([{ type: "put", key, value }]);
  }

  #store() {
    return new MemoryStorage(this.disk).open("replica");
  }
}

describe("Secrets of the replica", () => {
  it("lie sealed on disk, and nothing else does; they are there after a restart", async () => {
    const world = new World();
    await (await world.open()).apply([put(secret), put(configMap)]);
    const entries = await world.entries();
    expect(entries.map(({ key, value }) => [key, isSealed(value)])).toEqual([
      ["/ConfigMap/default/plain", false],
      ["/Secret/default/login", true],
    ]);
    const disk = Buffer.concat(entries.map(({ value }) => value)).toString("latin1");
    expect([disk.includes("aHVudGVyMg=="), disk.includes("for everybody")]).toEqual([false, true]);
    const again = await world.open();
    expect([again.get(refOf(secret)), again.get(refOf(configMap))]).toEqual([secret, configMap]);
    expect(world.log.records).toEqual([]);
  });

  it("that another key sealed are not held, so that the cloud sends them again; that is said once", async () => {
    const world = new World();
    const more = object("Secret", "more", {});
    await (await world.open()).apply([put(secret), put(more), put(configMap)]);
    const replica = await world.open(otherKey);
    expect([...replica.digests().keys()]).toEqual(["/ConfigMap/default/plain"]);
    expect(world.log.records).toMatchObject([
      { level: "error", fields: { keys: ["/Secret/default/login", "/Secret/default/more"] } },
    ]);
    await replica.apply([put(secret), put(more)]);
    expect((await world.open()).get(refOf(secret))).toEqual(secret);
  });

  it("cannot be put in the place of others", async () => {
    const world = new World();
    await (await world.open()).apply([put(secret)]);
    const [{ value } = { value: new Uint8Array() }] = await world.entries();
    await world.write("/Secret/default/admin", value);
    const replica = await world.open();
    expect([...replica.digests().keys()]).toEqual(["/Secret/default/login"]);
  });

  it("that an older version left bare are sealed as soon as they are found", async () => {
    const world = new World();
    await world.write(refKey(refOf(secret)), Buffer.from(JSON.stringify(secret)));
    expect((await world.open()).get(refOf(secret))).toEqual(secret);
    expect((await world.entries()).map(({ value }) => isSealed(value))).toEqual([true]);
  });

  it.each([["{"], ["null"], ["[]"], ['{"kind":"Secret"}'], [Buffer.from([1, 2, 3])], [Buffer.from([0xff])]])(
    "and others whose entry is %j are left out, and the rest is there",
    async (value) => {
      const world = new World();
      await (await world.open()).apply([put(configMap)]);
      await world.write("/Secret/default/damaged", Buffer.from(value as string));
      expect([...(await world.open()).digests().keys()]).toEqual(["/ConfigMap/default/plain"]);
      expect(world.log.records).toHaveLength(1);
    },
  );
});
