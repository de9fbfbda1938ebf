import { MemoryDisk } from "@skerry/storage-memory";
import { expect, it } from "vitest";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";

it("a node whose disk takes no writes comes back ever less often, says why, and is in step once it does", async () => {
  const world = new LinkWorld();
  const disk = new MemoryDisk();
  const { kernel: cloud } = await world.cloud();
  const { kernel: edge, link, names } = await world.edge("edge-1", disk);
  await world.clock.advance(2_000);
  expect(link.current().state).toBe("online");
  for (let write = 0; write < 100_000; write += 1) disk.failNextSync();
  let sessions = 0;
  let advice: string | undefined;
  link.watch((status) => {
    if (status.state === "online") sessions += 1;
    advice = status.advice ?? advice;
  });
  world.api.seed(configMap("late", "edge-1"), configMaps);
  await world.clock.advance(10 * 60_000);
  // At the longest wait of the link's back-off, 30 s, half of it on average.
  expect(sessions).toBeLessThan(60);
  expect(advice).toMatch(/disk/);
  expect(names()).toEqual([]);
  disk.crash();
  await edge.stop();
  const { kernel: again, names: after } = await world.edge("edge-1", disk);
  await world.clock.advance(2_000);
  expect(after()).toEqual(["late"]);
  for (const kernel of [again, cloud]) await kernel[Symbol.asyncDispose]();
});
