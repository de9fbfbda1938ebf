import { tmpdir } from "node:os";
import type { JsonValue, LinkStatus, LogBatch, NodeInfo } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { FakeClock, FakeKubeApi, FakeLinkState, FakeUplinkLog, RecordingLogger } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { NodeEventReceiver } from "../src/cloud/index.ts";
import { NodeStory } from "../src/edge/index.ts";
import { eventResource } from "../src/shared/node-resources.ts";

const node: NodeInfo = { name: "edge-1", profile: "edge", home: tmpdir(), programs: "/nonexistent", version: "0.1.0" };

async function telling(first?: LinkStatus) {
  const clock = new FakeClock();
  const logs = new FakeUplinkLog();
  const link = new FakeLinkState();
  if (first) link.set(first);
  const story = new NodeStory(logs, link, node, clock, new RecordingLogger());
  await story.start();
  const told = () => logs.entries.map(({ value }) => value as { readonly reason: string; readonly message: string });
  return { clock, logs, link, story, told };
}

describe("the story of a node", () => {
  it("tells starts, and the link going and coming back, with reasons and for how long", async () => {
    const { link, story, told } = await telling();
    link.set({ state: "online", since: 1_000, reason: "" });
    link.set({ state: "offline", since: 5_000, reason: "nobody listens there" });
    link.set({ state: "offline", since: 5_000, reason: "no answer" });
    link.set({ state: "resyncing", since: 64_000, reason: "" });
    link.set({ state: "online", since: 65_000, reason: "" });
    expect(told()).toMatchObject([
      { type: "Normal", reason: "EdgeStarted", message: "Edge kernel 0.1.0 started" },
      { type: "Warning", reason: "EdgeOffline", message: "Alone: nobody listens there" },
      { type: "Normal", reason: "EdgeOnline", message: "In step with the cloud again after 60 s alone" },
    ]);
    await story.stop();
  });

  it("tells also of a link that was there before it could listen", async () => {
    const { link, story, told } = await telling({ state: "online", since: 1_000, reason: "" });
    link.set({ state: "offline", since: 5_000, reason: "no answer" });
    expect(told().map(({ reason }) => reason)).toEqual(["EdgeStarted", "EdgeOffline"]);
    await story.stop();
  });

  it("tells nothing of a link that was never there", async () => {
    const { link, story, told } = await telling();
    link.set({ state: "offline", since: 0, reason: "no answer" });
    link.set({ state: "online", since: 1, reason: "" });
    expect(told()).toHaveLength(1);
    await story.stop();
  });

  it("tells when the clock is set, either way", async () => {
    const { clock, story, told } = await telling();
    await clock.advance(60_000);
    expect(told()).toHaveLength(1);
    clock.setWall(clock.now() + 3_600_000);
    await clock.advance(10_000);
    clock.setWall(clock.now() - 7_200_000);
    await clock.advance(20_000);
    expect(
      told()
        .slice(1)
        .map(({ message }) => message),
    ).toEqual(["The clock was set forward by 3600 s", "The clock was set back by 7200 s"]);
    await story.stop();
  });
});

describe("what a node tells of itself", () => {
  const event = (message = "Edge kernel 0.1.0 started"): JsonValue => ({
    type: "Normal",
    reason: "EdgeStarted",
    message,
  });
  const batch = (...values: readonly JsonValue[]): LogBatch => ({
    node: "edge-1",
    epoch: "k_Z",
    entries: values.map((value, index) => ({ sequence: index + 1, at: 1_767_225_600_000, name: "edge-1", value })),
  });
  const prepare = () => {
    const kube = new FakeKubeApi();
    return { kube, receiver: new NodeEventReceiver(kube), events: () => kube.list(eventResource) };
  };

  it("becomes Events on its Node, each once however often it comes", async () => {
    const { receiver, events } = prepare();
    await receiver.receive(batch(event(), event("again")));
    await receiver.receive(batch(event(), event("again"), event("third")));
    const written = await events();
    expect(written).toHaveLength(3);
    expect(written[0]).toMatchObject({
      involvedObject: { kind: "Node", name: "edge-1", uid: "edge-1" },
      reason: "EdgeStarted",
      type: "Normal",
      count: 1,
      firstTimestamp: "2026-01-01T00:00:00Z",
    });
  });

  it("is refused when it cannot be read or speaks of another node, and nothing of it is written", async () => {
    const { receiver, events } = prepare();
    const codeOf = (...values: JsonValue[]) => receiver.receive(batch(...values)).then(() => "taken", errorCode);
    expect(await codeOf(event(), "text")).toBe("SKERRY_NODES_BAD_FACTS");
    expect(await codeOf({ type: "Odd", reason: "A", message: "" })).toBe("SKERRY_NODES_BAD_FACTS");
    expect(await codeOf({ type: "Normal", reason: "no word", message: "" })).toBe("SKERRY_NODES_BAD_FACTS");
    expect(await codeOf({ type: "Normal", reason: "A", message: "x".repeat(2_000) })).toBe("SKERRY_NODES_BAD_FACTS");
    const { entries, ...rest } = batch(event());
    const foreign = { ...rest, entries: entries.map((entry) => ({ ...entry, name: "edge-2" })) };
    await expect(receiver.receive(foreign)).rejects.toMatchObject({ code: "SKERRY_NODES_NOT_ITSELF" });
    expect(await events()).toEqual([]);
  });

  it("comes again while the API does not take it", async () => {
    const { kube, receiver } = prepare();
    kube.fail({ verb: "create", code: "SKERRY_KUBE_FORBIDDEN" });
    await expect(receiver.receive(batch(event()))).rejects.toMatchObject({ code: "SKERRY_NODES_NOT_WRITTEN" });
  });
});
