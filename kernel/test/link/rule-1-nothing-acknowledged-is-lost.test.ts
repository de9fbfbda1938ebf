import { SkerryError } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { LinkWorld } from "./link-world.ts";

const key = (name: string) => ({ type: "twin", name });
const unavailable = () =>
  new SkerryError(
    "SKERRY_KUBE_UNAVAILABLE",
    { family: "unavailable", message: "the API is away", advice: "Wait." },
    {},
  );
const denied = () =>
  new SkerryError("SKERRY_TEST_DENIED", { family: "denied", message: "not yours", advice: "Ask." }, {});

describe("rule 1: nothing acknowledged is lost or reordered per key", () => {
  it("a state is acknowledged only after its receiver made it durable", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    let finish: () => void = () => undefined;
    world.behaviour = () => new Promise((resolve) => (finish = resolve));
    void edge.uplink.put(key("a"), 1);
    await world.clock.advance(1000);
    expect(edge.uplink.pending()).toBe(1);
    finish();
    await world.clock.advance(1);
    expect(edge.uplink.pending()).toBe(0);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("a receiver that is unavailable is asked again, and other keys do not wait for it", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    let failures = 0;
    world.behaviour = async ({ name }) => {
      if (name === "stuck" && failures < 3) {
        failures += 1;
        throw unavailable();
      }
    };
    void edge.uplink.put(key("stuck"), 1);
    void edge.uplink.put(key("free"), 2);
    await world.clock.advance(1);
    expect(world.received.map(({ name }) => name)).toEqual(["free"]);
    await world.clock.advance(30_000);
    expect(world.received.map(({ name }) => name)).toEqual(["free", "stuck"]);
    expect(failures).toBe(3);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("a state that is refused for good is dropped, and the next one of its key is taken", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    world.behaviour = async ({ value }) => {
      if (value === "bad") throw denied();
    };
    await edge.uplink.put(key("a"), "bad");
    await world.clock.advance(1);
    await edge.uplink.put(key("a"), "good");
    await world.clock.advance(1);
    expect(world.received.map(({ value }) => value)).toEqual(["good"]);
    const unknown = edge.uplink.put({ type: "nobody", name: "x" }, 1);
    await world.clock.advance(1);
    await unknown;
    expect(edge.uplink.pending()).toBe(0);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("what was on its way when the connection was lost is sent again, and never overtakes what came after", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    const seen: unknown[] = [];
    let release: () => void = () => undefined;
    world.behaviour = ({ value }) => {
      seen.push(value);
      return value === 1 ? new Promise((resolve) => (release = resolve)) : Promise.resolve();
    };
    void edge.uplink.put(key("a"), 1);
    await world.clock.advance(1);
    world.hub.cut();
    void edge.uplink.put(key("a"), 2);
    await world.clock.advance(5_000);
    // The old session's write is still under way: the new session's must wait for it.
    expect(seen).toEqual([1]);
    release();
    await world.clock.advance(5_000);
    expect(seen.at(-1)).toBe(2);
    expect(edge.uplink.pending()).toBe(0);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("what was put before a power cut and after the last write-down reaches the cloud after the restart", async () => {
    const world = new LinkWorld();
    const first = await world.edge("edge-1");
    const safe = first.uplink.put(key("a"), "kept");
    await world.clock.advance(300);
    await safe;
    first.disk.crash();
    const { kernel: cloud } = await world.cloud();
    const again = await world.edge("edge-1", first.disk);
    await world.clock.advance(1_000);
    expect(world.received.map(({ value }) => value)).toContain("kept");
    await again.kernel.stop();
    await cloud.stop();
  });

  it("reports say their order, which rises over sessions and restarts of the node", async () => {
    const world = new LinkWorld();
    const orders: { readonly epoch: string; readonly sequence: number }[] = [];
    world.behaviour = async ({ order }) => {
      if (order) orders.push(order);
    };
    const { kernel: cloud } = await world.cloud();
    const first = await world.edge("edge-1");
    await first.uplink.put({ type: "twin", name: "a" }, 1);
    await first.uplink.put({ type: "twin", name: "a" }, 2);
    await world.clock.advance(10);
    await first.kernel.stop();
    const again = await world.edge("edge-1", first.disk);
    await again.uplink.put({ type: "twin", name: "a" }, 3);
    await world.clock.advance(10);
    expect(orders).toHaveLength(3);
    expect(new Set(orders.map(({ epoch }) => epoch)).size).toBe(1);
    const sequences = orders.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    await again.kernel.stop();
    await cloud.stop();
  });
});
