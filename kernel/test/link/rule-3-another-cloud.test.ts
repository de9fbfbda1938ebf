import type { MemoryDisk } from "@skerry/storage-memory";
import { SeededRandom } from "@skerry/testing";
import { fairWeather, simKubeApi } from "@skerry/testing/simulation";
import { describe, expect, it } from "vitest";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";

const lagMs = 500;

/** A node that followed a cloud kernel until both objects were as they are; its disk. */
async function servedElsewhere(): Promise<MemoryDisk> {
  const world = new LinkWorld();
  world.api.seed(configMap("changed", "edge-1", { revision: "2" }), configMaps);
  // What is made in the same order has the same uid in the other world.
  world.api.seed(configMap("old", "edge-2"), configMaps);
  world.api.seed(configMap("new", "edge-1", { revision: "3" }), configMaps);
  const cloud = await world.cloud();
  const edge = await world.edge("edge-1");
  await world.clock.advance(2_000);
  expect(edge.names()).toEqual(["changed", "new"]);
  await edge.kernel.stop();
  await cloud.kernel.stop();
  return edge.disk;
}

describe("rule 3: a node that comes from another cloud kernel", () => {
  it("is told nothing by one whose watches are behind, until they are not", async () => {
    const disk = await servedElsewhere();
    const world = new LinkWorld();
    const { api, clock } = world;
    const weather = () => ({ ...fairWeather, watchLagMs: lagMs });
    world.cloudApi = simKubeApi({ api, clock, random: new SeededRandom(), weather });
    api.seed(configMap("changed", "edge-1", { revision: "1" }), configMaps);
    api.seed(configMap("old", "edge-1"), configMaps);
    const cloud = await world.cloud();
    await clock.advance(2 * lagMs);
    api.unseed(configMaps, { name: "old", namespace: "default" });
    api.seed(configMap("changed", "edge-1", { revision: "2" }), configMaps);
    api.seed(configMap("new", "edge-1", { revision: "3" }), configMaps);
    const edge = await world.edge("edge-1", disk);
    const told: string[] = [];
    edge.replica.watch([{ group: "", kind: "ConfigMap" }], ({ name }) => told.push(name));
    expect(told.splice(0)).toEqual(["changed", "new"]);
    await clock.advance(lagMs / 2);
    expect([edge.link.current().state, told]).toEqual(["resyncing", []]);
    await clock.advance(lagMs);
    expect([edge.link.current().state, told]).toEqual(["online", []]);
    api.seed(configMap("changed", "edge-1", { revision: "4" }), configMaps);
    await clock.advance(2 * lagMs);
    expect(told).toEqual(["changed"]);
    for (const { kernel } of [edge, cloud]) await kernel.stop();
    expect(clock.pending).toBe(0);
  });

  it("goes on by itself, and reports what it can, while nobody knows how the cluster is", async () => {
    const disk = await servedElsewhere();
    const world = new LinkWorld();
    const cloud = await world.cloud();
    world.api.disconnect();
    const edge = await world.edge("edge-1", disk);
    await edge.uplink.put({ type: "twin", name: "a" }, 1);
    await world.clock.advance(60_000);
    expect([edge.link.current().state, edge.names(), world.received.length]).toEqual([
      "resyncing",
      ["changed", "new"],
      1,
    ]);
    world.api.seed(configMap("changed", "edge-1", { revision: "4" }), configMaps);
    world.api.connect();
    await world.clock.advance(100);
    expect([edge.link.current().state, edge.names()]).toEqual(["online", ["changed"]]);
    for (const { kernel } of [edge, cloud]) await kernel.stop();
  });
});
