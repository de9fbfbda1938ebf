import { refKey } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";
import { type Seen, WireTap } from "./wire-tap.ts";

const key = (name: string) => ({ type: "twin", name });

describe("rule 2: state is replicated as state", () => {
  it("a node holds exactly what concerns it, and hears of changes", async () => {
    const world = new LinkWorld();
    world.api.seed(configMap("mine", "edge-1"), configMaps);
    world.api.seed(configMap("both", "edge-1.edge-2"), configMaps);
    world.api.seed(configMap("other", "edge-2"), configMaps);
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    expect(edge.names()).toEqual(["both", "mine"]);
    expect(edge.link.current().state).toBe("online");

    const changes: string[] = [];
    using _ = edge.replica.watch([{ group: "", kind: "ConfigMap" }], (ref) => changes.push(refKey(ref)));
    changes.length = 0;
    world.api.seed(configMap("mine", "edge-1", { a: "2" }), configMaps);
    world.api.seed(configMap("both", "edge-2"), configMaps);
    await world.clock.advance(1);
    expect(edge.names()).toEqual(["mine"]);
    expect(changes.sort()).toEqual(["/ConfigMap/default/both", "/ConfigMap/default/mine"]);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("a replica survives a restart without the cloud", async () => {
    const world = new LinkWorld();
    world.api.seed(configMap("mine", "edge-1"), configMaps);
    const { kernel: cloud } = await world.cloud();
    const first = await world.edge("edge-1");
    await first.kernel.stop();
    await cloud.stop();
    const again = await world.edge("edge-1", first.disk);
    expect(again.names()).toEqual(["mine"]);
    expect(again.link.current()).toMatchObject({ state: "offline" });
    await again.kernel.stop();
  });

  it("coming back costs what changed, not what exists", async () => {
    const world = new LinkWorld();
    for (let index = 0; index < 300; index += 1) world.api.seed(configMap(`c${index}`, "edge-1"), configMaps);
    const { kernel: cloud } = await world.cloud();
    const first = await world.edge("edge-1");
    expect(first.names()).toHaveLength(300);
    await first.kernel.stop();

    // Nothing changed: equal roots, and no object travels.
    const watched = watchFrames(world);
    const same = await world.edge("edge-1", first.disk);
    expect(same.link.current().state).toBe("online");
    expect(watched.counts()).toEqual({ welcome: 1, synced: 1 });
    await same.kernel.stop();

    world.api.seed(configMap("c7", "edge-1", { new: "1" }), configMaps);
    world.api.seed(configMap("fresh", "edge-1"), configMaps);
    world.api.unseed(configMaps, { name: "c9", namespace: "default" });
    await world.clock.advance(1);
    watched.clear();
    const changed = await world.edge("edge-1", first.disk);
    expect(watched.counts()).toEqual({ welcome: 1, put: 2, remove: 1, synced: 1 });
    expect(changed.names()).toHaveLength(300);
    await changed.kernel.stop();
    await cloud.stop();
  });

  it("states put while offline are coalesced: the newest of each key is delivered, in the order of versions", async () => {
    const world = new LinkWorld();
    const edge = await world.edge("edge-1");
    for (let value = 1; value <= 50; value += 1) void edge.uplink.put(key("a"), value);
    void edge.uplink.put(key("b"), "only");
    await world.clock.advance(300);
    const { kernel: cloud } = await world.cloud();
    await world.clock.advance(20_000);
    expect(world.received.map(({ name, value }) => [name, value])).toEqual([
      ["a", 50],
      ["b", "only"],
    ]);
    expect(edge.uplink.pending()).toBe(0);
    await edge.kernel.stop();
    await cloud.stop();
  });
});

/** Counts the frames the cloud sends, by looking at what its connections are given. */
function watchFrames(world: LinkWorld) {
  const seen: Seen["type"][] = [];
  const connect = world.hub.connect.bind(world.hub);
  world.hub.connect = async (...party) => {
    const connection = await connect(...party);
    const receive = connection.receive.bind(connection);
    const tap = new WireTap();
    connection.receive = (receiver) =>
      receive({
        ...receiver,
        frame: (bytes) => {
          const frame = tap.see(bytes);
          if (frame) seen.push(frame.type);
          receiver.frame(bytes);
        },
        closed: receiver.closed.bind(receiver),
      });
    return connection;
  };
  return {
    clear: () => {
      seen.length = 0;
    },
    counts: () =>
      Object.fromEntries([...new Set(seen)].map((type) => [type, seen.filter((other) => other === type).length])),
  };
}
