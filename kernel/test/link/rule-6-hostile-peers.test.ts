import { SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";
import { dial, hello, type Peer } from "./peer.ts";
import { Counter, messagesOf } from "./wire-tap.ts";

describe("rule 6: a bad peer ends its own session, with a code, and harms no other", () => {
  it.each<[string, (peer: Peer) => void, number]>([
    ["bytes that are no frame", (peer) => peer.raw(Uint8Array.of(99, 1, 2)), 4000],
    [
      "a frame before the hello",
      (peer) => peer.say({ type: "state", sequence: 1, key: { type: "twin", name: "a" }, value: 1 }),
      4000,
    ],
    ["another node's name", (peer) => peer.say(hello("edge-1")), 4003],
    ["no wire version in common", (peer) => peer.say(hello("edge-2", [77])), 4001],
    [
      "two hellos",
      (peer) => {
        peer.say(hello("edge-2"));
        peer.say(hello("edge-2"));
      },
      4000,
    ],
    [
      "a frame that only the cloud sends",
      (peer) => {
        peer.say(hello("edge-2"));
        peer.say({ type: "remove", key: "x" });
      },
      4000,
    ],
    [
      "digests that were not asked for",
      (peer) => {
        peer.say(hello("edge-2"));
        peer.say({ type: "digests", entries: [], isLast: true });
        peer.say({ type: "digests", entries: [], isLast: true });
      },
      4000,
    ],
  ])("%s", async (_, act, code) => {
    const world = new LinkWorld();
    world.api.seed(configMap("mine", "edge-1"), configMaps);
    const { kernel: cloud, sessions } = await world.cloud();
    const good = await world.edge("edge-1");
    const bad = await dial(world, "system:node:edge-2");
    act(bad);
    await world.clock.advance(10);
    expect(bad.closed()?.code).toBe(code);
    expect(bad.closed()?.reason).not.toBe("");
    expect(sessions.list().map(({ node }) => node)).toEqual(["edge-1"]);
    expect(good.link.current().state).toBe("online");
    expect(good.names()).toEqual(["mine"]);
    await good.kernel.stop();
    await cloud.stop();
  });

  it("noise on a hundred connections disturbs nobody", async () => {
    const world = new LinkWorld();
    const { kernel: cloud, sessions } = await world.cloud();
    const good = await world.edge("edge-1");
    const random = new SeededRandom(11);
    for (let index = 0; index < 100; index += 1) {
      const peer = await dial(world, "system:node:edge-2");
      if (random.next() < 0.5) peer.say(hello("edge-2"));
      peer.raw(random.bytes(Math.floor(random.next() * 2000)));
      await world.clock.advance(1);
    }
    await world.clock.advance(20_000);
    expect(sessions.list().map(({ node }) => node)).toEqual(["edge-1"]);
    expect(good.link.current().state).toBe("online");
    await good.kernel.stop();
    await cloud.stop();
  });

  it("a newer session of a node replaces the older, which hears why", async () => {
    const world = new LinkWorld();
    const { kernel: cloud, sessions } = await world.cloud();
    const first = await dial(world, "system:node:edge-1");
    first.say(hello("edge-1"));
    await world.clock.advance(1);
    const second = await dial(world, "system:node:edge-1");
    second.say(hello("edge-1"));
    await world.clock.advance(1);
    expect(first.closed()?.code).toBe(4009);
    expect(second.closed()).toBeUndefined();
    expect(sessions.list()).toHaveLength(1);
    await cloud.stop();
  });

  it("a cloud that sends what it must not is left, and the replica stays as it was", async () => {
    const world = new LinkWorld();
    const hostile = world.transport("skerry-cloud");
    let connections = 0;
    const listener = await hostile.listen((connection) => {
      connections += 1;
      connection.receive({ frame: () => undefined, closed: () => undefined });
      const [put = new Uint8Array()] = messagesOf({
        type: "put",
        key: "/ConfigMap/default/evil",
        object: configMap("evil", "edge-1"),
      });
      connection.send(put);
    });
    const edge = await world.edge("edge-1");
    await world.clock.advance(1_000);
    expect(connections).toBeGreaterThan(0);
    expect(edge.link.current()).toMatchObject({
      state: "offline",
      reason: expect.stringContaining("is no handshake (4000)"),
    });
    expect(edge.names()).toEqual([]);
    await edge.kernel.stop();
    await listener.close();
  });
});

it.each([
  ["lost", (messages: Uint8Array[]) => messages.filter((_, index) => index !== 1)],
  [
    "doubled",
    (messages: Uint8Array[]) => messages.flatMap((message, index) => (index === 1 ? [message, message] : [message])),
  ],
  ["overtaken", ([first, second, third]: Uint8Array[]) => [first, third, second]],
])("rule 6: a message that was %s along the way ends the session, before it is taken", async (_, mangle) => {
  const world = new LinkWorld();
  const { kernel: cloud } = await world.cloud();
  const peer = await dial(world, "system:node:edge-2");
  peer.say(hello("edge-2"));
  await world.clock.advance(1);
  const counter = new Counter();
  const messages = ["a", "b", "c"].flatMap((name, index) =>
    messagesOf({ type: "state", sequence: index + 1, key: { type: "twin", name }, value: index }, counter),
  );
  for (const message of mangle([...messages])) if (message) peer.raw(message);
  await world.clock.advance(10);
  expect(peer.closed()).toMatchObject({ code: 4000, reason: expect.stringMatching(/^message \d instead of \d$/) });
  expect(world.received.map(({ name }) => name)).not.toContain("c");
  await cloud.stop();
});
