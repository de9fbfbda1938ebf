import { describe, expect, it } from "vitest";
import { encodeWelcome } from "../../src/link/wire/handshake.ts";
import { LinkWorld } from "./link-world.ts";
import { dial, hello } from "./peer.ts";

/** A first message of another version, as its bytes. */
const message = (type: number, body: unknown) =>
  Buffer.concat([Uint8Array.of(type), Buffer.from(JSON.stringify(body))]);

/** A cloud that answers whatever comes with one message. */
async function edgeMeets(answer: Uint8Array) {
  const world = new LinkWorld();
  const seen: { closed?: number; bytes: Uint8Array[] } = { bytes: [] };
  const listener = await world.transport("skerry-cloud").listen((connection) => {
    connection.receive({
      frame: (bytes) => {
        seen.bytes.push(bytes);
        if (seen.bytes.length === 1) connection.send(answer);
      },
      closed: (code) => {
        seen.closed ??= code;
      },
    });
  });
  const edge = await world.edge("edge-1");
  await world.clock.advance(10);
  const { state, reason } = edge.link.current();
  await edge.kernel.stop();
  await listener.close();
  return { ...seen, state, reason };
}

describe("versions are negotiated in the first message", () => {
  it("a node of version 0 is told that it is not spoken here", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const peer = await dial(world, "system:node:edge-1");
    peer.raw(message(1, [[0], "edge-1", "7E6x0lKUAAYRzJ2m"]));
    await world.clock.advance(1);
    expect(peer.closed()).toEqual({ code: 4001, reason: "wire versions 0 are not spoken here, only 1" });
    await cloud.stop();
  });

  it("a node of versions 1 and 2, which says more than version 1 knows, gets version 1", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const peer = await dial(world, "system:node:edge-1");
    peer.raw(message(1, [[1, 2], "edge-1", "7E6x0lKUAAYRzJ2m", { future: true }, "more"]));
    await world.clock.advance(1);
    expect(peer.seen()[0]).toMatchObject({ type: "welcome", version: 1, resync: true });
    expect(peer.closed()).toBeUndefined();
    await cloud.stop();
  });

  it("a node of version 2 alone is refused", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const peer = await dial(world, "system:node:edge-1");
    peer.say(hello("edge-1", [2]));
    await world.clock.advance(1);
    expect(peer.closed()?.code).toBe(4001);
    await cloud.stop();
  });

  it("an edge leaves a cloud of version 0, and says why", async () => {
    const met = await edgeMeets(message(2, [0, 5000, true]));
    expect(met).toMatchObject({ closed: 4001, reason: expect.stringContaining("the cloud chose wire version 0") });
  });

  it("an edge leaves a cloud that chooses version 2", async () => {
    const met = await edgeMeets(message(2, [2, 5000, true, "feed", { future: true }]));
    expect(met).toMatchObject({ closed: 4001, state: "offline" });
  });

  it("an edge stays with a cloud of version 2 that chooses version 1 and says more than that knows", async () => {
    const welcome = encodeWelcome({ version: 1, heartbeatMs: 5000, resync: false, feed: "feed" });
    const longer = message(2, [...(JSON.parse(Buffer.from(welcome.subarray(1)).toString()) as unknown[]), "more"]);
    const met = await edgeMeets(longer);
    expect(met.state).toBe("resyncing");
  });
});
