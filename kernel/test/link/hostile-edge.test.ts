import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/link/wire/frames.ts";
import { encodeHello } from "../../src/link/wire/handshake.ts";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";
import { dial, hello } from "./peer.ts";

const state = (sequence: number, name: string, value: number): Frame => ({
  type: "state",
  sequence,
  key: { type: "twin", name },
  value,
});

describe("a node whose certificate somebody else holds", () => {
  it("gets nothing of another node's, however it asks", async () => {
    const world = new LinkWorld();
    world.api.seed(configMap("secret-of-edge-1", "edge-1"), configMaps);
    const { kernel: cloud } = await world.cloud();
    const hostile = await dial(world, "system:node:edge-2");
    hostile.say(hello("edge-2"));
    hostile.say({ type: "resume", feed: "", sequence: 0 });
    const key = "/ConfigMap/default/secret-of-edge-1";
    await world.clock.advance(1);
    // It says that it holds the object in another version, which would be corrected if it concerned the node.
    hostile.say({ type: "digests", isLast: true, entries: [[key, "AAAAAAAAAAAAAAAA"]] });
    await world.clock.advance(100);
    world.api.seed(configMap("secret-of-edge-1", "edge-1", { changed: "yes" }), configMaps);
    await world.clock.advance(100);
    const seen = hostile.seen();
    expect(seen.filter(({ type }) => type === "put")).toEqual([]);
    expect(seen).toContainEqual({ type: "remove", key });
    await cloud.stop();
  });

  it("speaks for itself only: what it sends is its own, whatever it names", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const hostile = await dial(world, "system:node:edge-2");
    hostile.say(hello("edge-2"));
    await world.clock.advance(1);
    hostile.say(state(1, "edge-1/default/meter-1", 666));
    await world.clock.advance(10);
    // Receivers judge by the node that the certificate names.
    expect(world.received).toMatchObject([{ node: "edge-2", name: "edge-1/default/meter-1" }]);
    await cloud.stop();
  });

  it("gains nothing by replaying another node's session", async () => {
    const world = new LinkWorld();
    const { kernel: cloud, sessions } = await world.cloud();
    const recorded = encodeHello({ versions: [1], node: "edge-1", root: "7E6x0lKUAAYRzJ2m" });
    const hostile = await dial(world, "system:node:edge-2");
    hostile.raw(recorded);
    hostile.say(state(1, "a", 1));
    await world.clock.advance(10);
    expect(hostile.closed()?.code).toBe(4003);
    expect(world.received).toEqual([]);
    expect(sessions.list()).toEqual([]);
    await cloud.stop();
  });

  it("cannot take the place of another's feed: what one node is remembered to hold is not what another gets", async () => {
    const world = new LinkWorld();
    world.api.seed(configMap("of-edge-1", "edge-1"), configMaps);
    const { kernel: cloud } = await world.cloud();
    const first = await dial(world, "system:node:edge-1");
    first.say(hello("edge-1"));
    await world.clock.advance(1);
    const welcome = first.seen()[0];
    first.hangUp();
    world.api.seed(configMap("of-edge-1", "edge-1", { changed: "yes" }), configMaps);
    await world.clock.advance(10);
    const hostile = await dial(world, "system:node:edge-2");
    hostile.say(hello("edge-2"));
    hostile.say({ type: "resume", feed: welcome?.type === "welcome" ? welcome.feed : "", sequence: 0 });
    await world.clock.advance(10);
    expect(hostile.seen().map(({ type }) => type)).not.toContain("put");
    await cloud.stop();
  });

  it("that floods the cloud slows down nobody else", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    // The API is slow for everybody; the flood has more to write than it can take in an hour.
    world.behaviour = () => world.clock.sleep(1_000);
    const hostile = await dial(world, "system:node:edge-2");
    hostile.say(hello("edge-2"));
    await world.clock.advance(1);
    for (let index = 0; index < 4_000; index += 1) hostile.say(state(index, `k${index}`, index));
    await world.clock.advance(10);
    const good = await world.edge("edge-1");
    await world.clock.advance(10);
    void good.uplink.put({ type: "twin", name: "mine" }, 1);
    await world.clock.advance(1_100);
    expect(world.received.filter(({ node }) => node === "edge-1")).toHaveLength(1);
    expect(hostile.closed()).toBeUndefined();
    await good.kernel.stop();
    hostile.hangUp();
    await world.clock.advance(2_000);
    await cloud.stop();
  });

  it("that opens many sessions has one, and others keep theirs", async () => {
    const world = new LinkWorld();
    const { kernel: cloud, sessions } = await world.cloud();
    const good = await world.edge("edge-1");
    for (let index = 0; index < 200; index += 1) {
      const hostile = await dial(world, "system:node:edge-2");
      hostile.say(hello("edge-2"));
    }
    await world.clock.advance(100);
    expect(
      sessions
        .list()
        .map(({ node }) => node)
        .sort(),
    ).toEqual(["edge-1", "edge-2"]);
    expect(good.link.current().state).toBe("online");
    await good.kernel.stop();
    await cloud.stop();
  });

  it("that tells a log twice or backwards in one session loses it", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const hostile = await dial(world, "system:node:edge-2");
    hostile.say(hello("edge-2"));
    await world.clock.advance(1);
    const entries = (sequence: number): Frame => {
      return { type: "entries", log: "event", epoch: "e", entries: [{ sequence, at: 1, name: "n", value: 1 }] };
    };
    hostile.say(entries(2));
    hostile.say(entries(2));
    await world.clock.advance(1);
    expect(hostile.closed()).toMatchObject({ code: 4000, reason: "entry 2 of event after 2" });
    await cloud.stop();
  });

  it("that claims to have applied what was never sent loses its session", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const hostile = await dial(world, "system:node:edge-2");
    hostile.say(hello("edge-2"));
    await world.clock.advance(1);
    hostile.say({ type: "applied", sequence: 5 });
    await world.clock.advance(1);
    expect(hostile.closed()).toMatchObject({ code: 4000, reason: expect.stringContaining("5 applied") });
    await cloud.stop();
  });
});
