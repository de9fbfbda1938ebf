import { type StatusReport, statusSectionPoint } from "@skerry/contracts";
import { expect, it } from "vitest";
import { LinkWorld } from "./link-world.ts";

it("the status of a node tells what waits for the cloud, in states and bytes, until the cloud has it", async () => {
  const world = new LinkWorld();
  const { kernel, uplink } = await world.edge("edge-1");
  const sections = kernel.contributions(statusSectionPoint);
  const status = async (): Promise<StatusReport | undefined> =>
    sections.find(({ value }) => value.name === "link")?.value.collect();
  const put = uplink.put({ type: "twin", name: "a" }, "x".repeat(100));
  await world.clock.advance(200);
  await put;
  const before = await status();
  expect(before?.data).toMatchObject({ state: "offline", pending: 1 });
  const { pendingBytes } = Object(before?.data) as { pendingBytes?: number };
  expect(pendingBytes).toBeGreaterThan(100);
  expect(before?.lines).toContain("1 state waiting for the cloud, 0 objects held");

  const { kernel: cloud } = await world.cloud();
  await world.clock.advance(5_000);
  expect((await status())?.data).toMatchObject({ state: "online", pending: 0, pendingBytes: 0 });
  await kernel.stop();
  await cloud.stop();
});
