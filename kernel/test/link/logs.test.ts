import { type LogBatch, type LogReceiver, logReceiverPoint } from "@skerry/contracts";
import { definePlugin, SkerryError } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { LinkWorld } from "./link-world.ts";

const manifest = { id: "test-log", summary: "of a test", sdk: "^0.1.0", contributes: [logReceiverPoint.id] };

/** A cloud with a receiver of the log `event`, which may be made to fail, and a node with that log. */
async function connected(behave: (batch: LogBatch) => Promise<void> = async () => undefined) {
  const world = new LinkWorld();
  const received: LogBatch[] = [];
  class Receiver implements LogReceiver {
    readonly type = "event";
    async receive(batch: LogBatch): Promise<void> {
      await behave(batch);
      received.push(batch);
    }
  }
  const receiving = definePlugin(manifest, (scope) => scope.contribute(logReceiverPoint, Receiver));
  const cloud = await world.cloud(receiving);
  const edge = await world.edge("edge-1");
  const log = edge.logs.open("event", { whenFull: "refuse" });
  const values = () => received.flatMap(({ entries }) => entries.map(({ value }) => value));
  return { world, cloud: cloud.kernel, edge, log, received, values, receiving };
}

describe("logs over the link", () => {
  it("arrive in order with who said it and when", async () => {
    const { world, cloud, edge, log, received, values } = await connected();
    for (let index = 0; index < 5; index += 1) await log.append("node", index);
    await world.clock.advance(10);
    expect(values()).toEqual([0, 1, 2, 3, 4]);
    expect(received[0]).toMatchObject({ node: "edge-1", entries: [{ sequence: 1, name: "node", value: 0 }] });
    expect(received[0]?.entries[0]?.at).toBeLessThanOrEqual(world.clock.now());
    expect(log.status().entries).toBe(0);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("arrive over a cloud that is away and a receiver that fails for a while, each entry under its number", async () => {
    let failures = 3;
    const { world, cloud, edge, log, received, values, receiving } = await connected(async () => {
      failures -= 1;
      if (failures >= 0) throw new Error("the API is away");
    });
    for (let index = 0; index < 300; index += 1) void log.append("node", index);
    await world.clock.advance(2_000);
    await cloud.stop();
    for (let index = 300; index < 600; index += 1) void log.append("node", index);
    await world.clock.advance(20_000);
    const { kernel: other } = await world.cloud(receiving);
    await world.clock.advance(60_000);
    const numbers = new Map(received.flatMap(({ entries }) => entries.map(({ sequence, value }) => [sequence, value])));
    expect([...numbers.values()]).toEqual(Array.from({ length: 600 }, (_, index) => index));
    expect(new Set(received.map(({ epoch }) => epoch)).size).toBe(1);
    expect(values().length).toBeGreaterThanOrEqual(600);
    await edge.kernel.stop();
    await other.stop();
  });

  it("lose what their receiver refuses for good, say so, and go on", async () => {
    const definition = { family: "invalid", message: "no", advice: "None." } as const;
    const { world, cloud, edge, log, values } = await connected(async ({ entries }) => {
      if (entries.some(({ value }) => value === "bad")) throw new SkerryError("SKERRY_TEST_BAD", definition, {});
    });
    await log.append("node", "bad");
    await log.append("node", "good");
    await world.clock.advance(10);
    expect(values()).toEqual(["good"]);
    expect(log.status()).toMatchObject({ refused: 1, entries: 0 });
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("without a receiver are refused by name, and the session goes on", async () => {
    const { world, cloud, edge } = await connected();
    const other = edge.logs.open("nobody-listens", { whenFull: "oldest" });
    await other.append("node", 1);
    await world.clock.advance(10);
    expect(other.status().refused).toBe(1);
    expect(edge.link.current().state).toBe("online");
    await edge.kernel.stop();
    await cloud.stop();
  });
});
