import { SkerryError } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { digestFrames } from "../../src/link/edge/digest-frames.ts";
import { budgets, firstCredit } from "../../src/link/wire/budgets.ts";
import { decodeFrame } from "../../src/link/wire/decode.ts";
import { encodeFrame } from "../../src/link/wire/encode.ts";
import type { Frame } from "../../src/link/wire/frames.ts";
import { lanes } from "../../src/link/wire/lanes.ts";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";
import { dial, hello, type Peer } from "./peer.ts";

const digest = "0123456789abcdef";

const state = (sequence: number, name: string, value = "x"): Frame => ({
  type: "state",
  sequence,
  key: { type: "twin", name },
  value,
});

/** A cloud whose receiver never answers, and a node that has said hello. */
async function welcomed() {
  const world = new LinkWorld();
  world.behaviour = () => new Promise(() => undefined);
  await world.cloud();
  const peer = await dial(world, "system:node:edge-2");
  peer.say(hello("edge-2"));
  await world.clock.advance(1);
  return { world, peer };
}

describe("rule 6: what one node can make the cloud keep is bounded", () => {
  it.each<[string, (peer: Peer) => void, string]>([
    [
      "a second state of a key before the first was answered",
      (peer) => {
        peer.say(state(1, "a"));
        peer.say(state(2, "a"));
      },
      "a second state of twin/a",
    ],
    [
      "too many states",
      (peer) => {
        for (let index = 0; index <= budgets.statesUnanswered; index += 1) peer.say(state(index, `k${index}`));
      },
      "unanswered states",
    ],
    [
      "too many bytes of states",
      (peer) => {
        const value = "x".repeat(budgets.partBytes - 100);
        for (let index = 0; index <= firstCredit.state / value.length; index += 1) {
          peer.say(state(index, `k${index}`, value));
        }
      },
      "more bytes than there was credit for",
    ],
    [
      "too many digests",
      (peer) => {
        for (let frame = 0; frame <= budgets.digestsPerNode / budgets.digestsPerFrame; frame += 1) {
          const entries = Array.from(
            { length: budgets.digestsPerFrame },
            (_, index) => [`${frame}/${index}`, digest] as const,
          );
          peer.say({ type: "digests", entries, isLast: false });
        }
      },
      "too many digests",
    ],
    [
      "digests of keys that are too long together",
      (peer) => {
        for (let frame = 0; frame <= 84; frame += 1) {
          const entries = Array.from(
            { length: 200 },
            (_, index) => [`${frame}/${index}`.padEnd(1000, "x"), digest] as const,
          );
          peer.say({ type: "digests", entries, isLast: false });
        }
      },
      "too many digests",
    ],
  ])("%s", async (_, act, reason) => {
    const { world, peer } = await welcomed();
    peer.say({ type: "resume", feed: "", sequence: 0 });
    await world.clock.advance(10);
    act(peer);
    await world.clock.advance(10);
    expect(peer.closed()).toMatchObject({ code: 4000, reason: expect.stringContaining(reason) });
  });

  it("a connection that never says hello", async () => {
    const world = new LinkWorld();
    const { kernel: cloud, sessions } = await world.cloud();
    const peer = await dial(world, "system:node:edge-2");
    await world.clock.advance(10_005);
    expect(peer.closed()).toMatchObject({ code: 4008, reason: expect.stringContaining("no hello") });
    expect(sessions.list()).toEqual([]);
    await cloud.stop();
  });

  it("an edge leaves a cloud that never says welcome", async () => {
    const world = new LinkWorld();
    const listener = await world.transport("skerry-cloud").listen((connection) => {
      connection.receive({ frame: () => undefined, closed: () => undefined });
    });
    const edge = await world.edge("edge-1");
    await world.clock.advance(10_000);
    expect(edge.link.current().reason).toContain("no welcome within two heartbeats");
    await edge.kernel.stop();
    await listener.close();
  });
});

describe("no frame that Skerry makes is one that Skerry refuses", () => {
  it("the digests of a large replica with long names", async () => {
    const digests = new Map(
      Array.from({ length: 5_000 }, (_, index) => [`apps/Deployment/${index}/${'"ü'.repeat(100)}`, "0123456789abcdef"]),
    );
    const frames = digestFrames(digests);
    const decoded = frames.map((frame) => decodeFrame(lanes.state, encodeFrame(frame)));
    expect(decoded).toEqual(frames);
    expect(new Map(frames.flatMap(({ entries }) => entries))).toEqual(digests);
    expect(frames.map(({ isLast }) => isLast).lastIndexOf(false)).toBe(frames.length - 2);
    expect(digestFrames(new Map())).toEqual([{ type: "digests", entries: [], isLast: true }]);
  });

  it("the largest state under the worst of names", () => {
    const frame: Frame = {
      type: "state",
      sequence: Number.MAX_SAFE_INTEGER,
      key: { type: "t", name: "\u0001".repeat(budgets.keyBytes - 2) },
      value: "x".repeat(budgets.stateBytes - 2),
    };
    expect(decodeFrame(lanes.state, encodeFrame(frame))).toEqual(frame);
  });

  it("a refusal whose reason is long and full of control characters", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    const definition = { family: "invalid", message: "\u0001".repeat(10_000), advice: "None." } as const;
    world.behaviour = () => Promise.reject(new SkerryError(`SKERRY_${"X".repeat(1_000)}`, definition, {}));
    const put = edge.uplink.put({ type: "twin", name: "a" }, 1);
    await world.clock.advance(10);
    await put;
    expect([edge.uplink.pending(), edge.link.current().state]).toEqual([0, "online"]);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("an object too large for a frame is held by nobody and holds nobody up", async () => {
    const world = new LinkWorld();
    world.api.seed(configMap("huge", "edge-1", { text: "x".repeat(budgets.objectBytes) }), configMaps);
    world.api.seed(configMap("large", "edge-1", { text: "x".repeat(budgets.objectBytes - 1_000) }), configMaps);
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    expect([edge.names(), edge.link.current().state]).toEqual([["large"], "online"]);

    world.api.seed(configMap("huge", "edge-1", { text: "now small" }), configMaps);
    await world.clock.advance(1);
    expect(edge.names()).toEqual(["huge", "large"]);
    world.api.seed(configMap("huge", "edge-1", { text: "x".repeat(budgets.objectBytes) }), configMaps);
    await world.clock.advance(1);
    expect(edge.names()).toEqual(["large"]);
    await edge.kernel.stop();
    await cloud.stop();
  });
});
