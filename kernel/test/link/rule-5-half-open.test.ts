import { SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { Backoff } from "../../src/link/backoff.ts";
import { LinkWorld } from "./link-world.ts";

const heartbeatMs = 5_000;

describe("rule 5: half-open links are detected within two heartbeats", () => {
  it("by both sides, when nothing gets through any more", async () => {
    const world = new LinkWorld();
    const { kernel: cloud, sessions } = await world.cloud();
    const edge = await world.edge("edge-1");
    await world.clock.advance(4 * heartbeatMs);
    expect(edge.link.current().state).toBe("online");

    const reasons: string[] = [];
    using _ = sessions.watch(({ connected, reason }) => connected || reasons.push(reason));
    world.hub.partition();
    await world.clock.advance(heartbeatMs);
    expect(edge.link.current().state).toBe("online");
    await world.clock.advance(heartbeatMs + 1);
    expect(edge.link.current()).toMatchObject({
      state: "offline",
      reason: expect.stringContaining("two heartbeats (4008)"),
    });
    expect(reasons).toEqual([expect.stringContaining("two heartbeats (4008)")]);
    expect(sessions.list()).toEqual([]);

    world.hub.heal();
    await world.clock.advance(20_000);
    expect(edge.link.current().state).toBe("online");
    expect(sessions.list().map(({ node }) => node)).toEqual(["edge-1"]);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("an idle link stays: heartbeats go both ways", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    const { since } = edge.link.current();
    await world.clock.advance(100 * heartbeatMs);
    expect(edge.link.current()).toMatchObject({ state: "online", since });
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("reconnection starts well under a second, doubles to a limit, and is spread by full jitter", () => {
    const limits = { firstMs: 200, longestMs: 10_000 };
    const firsts: number[] = [];
    for (let seed = 1; seed <= 200; seed += 1) {
      const backoff = new Backoff(new SeededRandom(seed), limits);
      firsts.push(backoff.next());
      for (let attempt = 1; attempt < 20; attempt += 1) {
        const wait = backoff.next();
        expect(wait).toBeLessThan(Math.min(10_000, 200 * 2 ** attempt));
      }
      backoff.reset();
      expect(backoff.next()).toBeLessThan(200);
    }
    expect(Math.max(...firsts)).toBeLessThan(200);
    expect(Math.max(...firsts) - Math.min(...firsts)).toBeGreaterThan(150);
  });

  it("an edge comes back by itself when the cloud does", async () => {
    const world = new LinkWorld();
    const edge = await world.edge("edge-1");
    await world.clock.advance(60_000);
    expect(edge.link.current().state).toBe("offline");
    const { kernel: cloud } = await world.cloud();
    await world.clock.advance(10_000);
    expect(edge.link.current().state).toBe("online");
    await edge.kernel.stop();
    await cloud.stop();
  });
});
