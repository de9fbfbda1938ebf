import { describe, expect, it } from "vitest";
import { bucketBits, bucketDigests, bucketOf, inBuckets } from "../../src/autonomy/digest-buckets.ts";
import { FeedMemory } from "../../src/link/cloud/feed-memory.ts";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";
import { type Seen, WireTap } from "./wire-tap.ts";

/** Counts what goes both ways on connections that are made from now on. */
function watchLink(world: LinkWorld) {
  const frames: Seen["type"][] = [];
  let bytes = 0;
  const connect = world.hub.connect.bind(world.hub);
  world.hub.connect = async (...party) => {
    const connection = await connect(...party);
    const [up, down] = [new WireTap(), new WireTap()];
    const look = (tap: WireTap, message: Uint8Array) => {
      bytes += message.length;
      const frame = tap.see(message);
      if (frame) frames.push(frame.type);
    };
    const [receive, send] = [connection.receive.bind(connection), connection.send.bind(connection)];
    connection.send = (message, taken) => {
      look(up, message);
      send(message, taken);
    };
    connection.receive = (receiver) =>
      receive({
        frame: (message) => {
          look(down, message);
          receiver.frame(message);
        },
        closed: receiver.closed.bind(receiver),
      });
    return connection;
  };
  return {
    clear: () => {
      frames.length = 0;
      bytes = 0;
    },
    count: (type: Seen["type"]) => frames.filter((other) => other === type).length,
    bytes: () => bytes,
  };
}

async function worldOf(objects: number) {
  const world = new LinkWorld();
  for (let index = 0; index < objects; index += 1) {
    world.api.seed(configMap(`object-${index}`, "edge-1", { text: `the contents of ${index}` }), configMaps);
  }
  const { kernel: cloud } = await world.cloud();
  const { kernel: edge, disk } = await world.edge("edge-1");
  await world.clock.advance(2_000);
  await edge.stop();
  const change = async (changes: number) => {
    for (let index = 0; index < changes; index += 1) {
      world.api.seed(configMap(`object-${index}`, "edge-1", { text: `changed ${world.clock.now()}` }), configMaps);
    }
    await world.clock.advance(1);
  };
  return { world, cloud, disk, change };
}

describe("coming back costs what changed", () => {
  it("to the same cloud kernel: the changes, and no comparison", async () => {
    const { world, cloud, disk, change } = await worldOf(1_000);
    const link = watchLink(world);
    const costs: number[] = [];
    for (const changes of [0, 1, 10, 100]) {
      await change(changes);
      link.clear();
      const edge = await world.edge("edge-1", disk);
      await world.clock.advance(2_000);
      expect(edge.link.current().state).toBe("online");
      expect([link.count("put"), link.count("compare"), link.count("list")]).toEqual([changes, 0, 0]);
      costs.push(link.bytes());
      await edge.kernel.stop();
    }
    const [none = 0, one = 0, ten = 0, hundred = 0] = costs;
    // Bytes at rest, then what each object takes.
    expect(none).toBeLessThan(250);
    expect(one - none).toBeLessThan(350);
    expect((ten - none) / 10).toBeLessThan(200);
    expect((hundred - none) / 100).toBeLessThan(200);
    await cloud.stop();
  });

  it("to another cloud kernel: a comparison that grows with what changed", async () => {
    const { world, cloud, disk, change } = await worldOf(1_000);
    await cloud.stop();
    const link = watchLink(world);
    const costs: number[] = [];
    for (const changes of [0, 1, 10]) {
      await change(changes);
      const { kernel: other } = await world.cloud();
      link.clear();
      const edge = await world.edge("edge-1", disk);
      await world.clock.advance(2_000);
      expect(edge.link.current().state).toBe("online");
      expect([link.count("put"), link.count("compare")]).toEqual([changes, changes > 0 ? 1 : 0]);
      costs.push(link.bytes());
      await edge.kernel.stop();
      await other.stop();
    }
    const [none = 0, one = 0, ten = 0] = costs;
    expect(none).toBeLessThan(250);
    // 256 buckets of 8 bytes, and a handful of keys for each that differs.
    expect(one).toBeLessThan(256 * 8 + 1_200);
    expect((ten - one) / 9).toBeLessThan(900);
    await cloud.stop();
  });

  it("with a replica that is not what it should be, whatever the mark says", async () => {
    const { world, cloud, disk } = await worldOf(20);
    const store = await world.storage(disk).open("replica");
    const [damaged] = await store.range({ limit: 1 });
    await store.write([{ type: "put", key: damaged?.key ?? "", value: Buffer.from("not an object") }]);
    const edge = await world.edge("edge-1", disk);
    await world.clock.advance(2_000);
    expect(edge.link.current().state).toBe("online");
    expect(edge.names()).toHaveLength(20);
    await edge.kernel.stop();
    await cloud.stop();
  });
});

describe("what a cloud kernel remembers of nodes that are away", () => {
  const limits = { feeds: 2, keysPerFeed: 3 };
  const rest = (...keys: string[]) => ({ dirty: new Set(keys), unconfirmed: [], confirmed: 0 });

  it("is what was not confirmed, and what changed since", () => {
    const memory = new FeedMemory(limits);
    memory.keep("n", "f", {
      dirty: new Set(["a"]),
      unconfirmed: [
        { sequence: 4, key: "b" },
        { sequence: 5, key: "c" },
      ],
      confirmed: 3,
    });
    expect([...(memory.take("n", "f", 4) ?? [])].sort()).toEqual(["a", "c"]);
    memory.keep("n", "f", rest());
    memory.changed("n", "d");
    memory.changed("other", "d");
    expect([...(memory.take("n", "f", 0) ?? [])]).toEqual(["d"]);
  });

  it("is nothing for another feed, and after it was used", () => {
    const memory = new FeedMemory(limits);
    memory.keep("n", "f", rest());
    expect(memory.take("n", "g", 0)).toBeUndefined();
    expect(memory.take("n", "f", 0)).toBeUndefined();
  });

  it("is bounded in nodes and in keys", () => {
    const memory = new FeedMemory(limits);
    for (const node of ["a", "b", "c"]) memory.keep(node, "f", rest());
    expect(memory.take("a", "f", 0)).toBeUndefined();
    expect(memory.take("b", "f", 0)).toBeDefined();
    memory.keep("n", "f", rest("1", "2", "3", "4"));
    expect(memory.take("n", "f", 0)).toBeUndefined();
    memory.keep("n", "f", rest("1", "2", "3"));
    memory.changed("n", "4");
    expect(memory.take("n", "f", 0)).toBeUndefined();
  });
});

describe("buckets of keys", () => {
  const digests = new Map(Array.from({ length: 500 }, (_, index) => [`key-${index}`, `digest-${index}`]));

  it("hold about four keys each, within the bounds", () => {
    expect([0, 1, 4, 5, 1_000, 1_000_000].map((objects) => bucketBits(objects, 12))).toEqual([0, 0, 0, 1, 8, 12]);
    expect(bucketOf("anything", 0)).toBe(0);
  });

  it("differ where what they hold differs, and nowhere else", () => {
    const other = new Map(digests).set("key-7", "another");
    const [one, two] = [bucketDigests(digests, 7), bucketDigests(other, 7)];
    expect(one.flatMap((digest, bucket) => (digest === two[bucket] ? [] : [bucket]))).toEqual([bucketOf("key-7", 7)]);
    expect(inBuckets(digests, 7, [bucketOf("key-7", 7)]).has("key-7")).toBe(true);
    expect(bucketDigests(new Map([...digests].reverse()), 7)).toEqual(one);
  });
});
