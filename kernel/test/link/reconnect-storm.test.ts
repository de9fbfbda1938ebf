import type { LinkStatus } from "@skerry/contracts";
import { expect, it } from "vitest";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";

it("brings nodes that come all at once in step a few at a time: the others wait or are sent away, and all are in the end", async () => {
  const world = new LinkWorld();
  world.cloudSettings = { resyncs: { atOnce: 1, waiting: 1, waitMs: 1_000 } };
  const names = Array.from({ length: 30 }, (_, index) => `edge-${index}`);
  for (const name of names) world.api.seed(configMap(`of-${name}`, name), configMaps);
  const cloud = await world.cloud();
  const sentAway = new Set<string>();
  const edges = await Promise.all(
    names.map(async (name) => {
      const edge = await world.edge(name);
      const look = ({ reason }: LinkStatus) => void (/retry after \d+ ms/.test(reason) && sentAway.add(name));
      look(edge.link.current());
      edge.link.watch(look);
      return edge;
    }),
  );
  await world.clock.advance(60_000);
  for (const [index, edge] of edges.entries()) expect(edge.names()).toEqual([`of-edge-${index}`]);
  expect(cloud.sessions.list()).toHaveLength(names.length);
  expect(sentAway.size).toBeGreaterThan(0);
  for (const { kernel } of [...edges, cloud]) await kernel[Symbol.asyncDispose]();
  expect(world.clock.pending).toBe(0);
});
