import { FakeClock, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { LaneReceiver } from "../../src/link/lanes/lane-receiver.ts";
import { LaneSender } from "../../src/link/lanes/lane-sender.ts";
import { PacedWindow } from "../../src/link/lanes/paced-window.ts";
import { budgets, firstCredit } from "../../src/link/wire/budgets.ts";
import type { Frame } from "../../src/link/wire/frames.ts";
import { lanes } from "../../src/link/wire/lanes.ts";
import { decodeMessage, type encodeMessage } from "../../src/link/wire/message.ts";

/** A sender whose network takes a message when the test says so, and the lanes of what it sent. */
function sending() {
  const clock = new FakeClock();
  const sent: Uint8Array[] = [];
  const taken: (() => void)[] = [];
  const sender = new LaneSender((message, done) => {
    sent.push(message);
    taken.push(done);
  }, clock);
  const messages = () => sent.map((bytes) => decodeMessage(bytes)).filter((message) => message !== undefined);
  return {
    clock,
    sender,
    sent,
    messages,
    lanes: () => messages().map(({ lane }) => lane),
    take: () => taken.shift()?.(),
  };
}

const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 7919) % 251));
const data = (stream: number, bytes: number): Frame => ({ type: "data", stream, bytes: noise(bytes) });
const state = (sequence: number): Frame => ({
  type: "state",
  sequence,
  key: { type: "t", name: "n" },
  value: sequence,
});

describe("a lane's sender", () => {
  it("lets control and states overtake what waits on a stream", () => {
    const link = sending();
    link.sender.openStream(lanes.firstStream);
    for (let index = 0; index < 20; index += 1) link.sender.push(data(0, budgets.partBytes - 1));
    const before = link.sent.length;
    expect(before).toBeLessThanOrEqual(5);
    link.sender.push(state(1));
    link.sender.push({ type: "applied", sequence: 1 });
    expect(link.lanes().slice(before)).toEqual([lanes.control]);
    link.take();
    link.take();
    expect(link.lanes().slice(before, before + 2)).toEqual([lanes.control, lanes.state]);
  });

  it("gives streams their turns", () => {
    const link = sending();
    for (const stream of [0, 1, 2]) link.sender.openStream(lanes.firstStream + stream);
    // The first two messages leave at once: the network takes 64 KiB unasked.
    for (let index = 0; index < 4; index += 1) for (const stream of [0, 1, 2]) link.sender.push(data(stream, 16_000));
    for (let index = 0; index < 30; index += 1) {
      link.take();
      for (const stream of [0, 1, 2]) link.sender.grant(lanes.firstStream + stream, 16_000);
    }
    expect(link.lanes()).toHaveLength(12);
    expect(link.lanes().slice(-6).sort()).toEqual([3, 3, 4, 4, 5, 5]);
  });

  it("cuts a long frame, and goes on with other lanes between its parts", () => {
    const link = sending();
    link.sender.push({ type: "put", key: "k", object: bigObject(300_000) });
    const before = link.sent.length;
    link.sender.push({ type: "applied", sequence: 1 });
    while (link.lanes().filter((lane) => lane === lanes.state).length < 10) link.take();
    expect(link.lanes()[before]).toBe(lanes.control);
    expect(Math.max(...link.messages().map(({ part }) => part.length))).toBe(budgets.partBytes);
  });

  it("sends no more than its credit, and goes on when it gets more", () => {
    const link = sending();
    link.sender.openStream(lanes.firstStream);
    const bytes = () => link.messages().reduce((sum, { part }) => sum + part.length, 0);
    for (let index = 0; index < 200; index += 1) {
      link.sender.push(state(index));
      link.sender.push({ type: "put", key: "k", object: bigObject(20_000) });
    }
    for (let index = 0; index < 1_000; index += 1) link.take();
    expect(bytes()).toBeLessThanOrEqual(firstCredit.state);
    expect(bytes()).toBeGreaterThan(firstCredit.state - budgets.partBytes);
    const before = bytes();
    link.sender.grant(lanes.state, 50_000);
    for (let index = 0; index < 10; index += 1) link.take();
    expect(bytes() - before).toBeGreaterThan(30_000);
    expect(bytes() - before).toBeLessThan(52_000);
  });

  it("sends nothing of a lane that was closed", () => {
    const link = sending();
    link.sender.openStream(lanes.firstStream);
    for (let index = 0; index < 20; index += 1) link.sender.push(data(0, 16_000));
    const before = link.sent.length;
    link.sender.closeStream(lanes.firstStream);
    for (let index = 0; index < 20; index += 1) link.take();
    expect(link.sent).toHaveLength(before);
  });
});

describe("a lane's receiver", () => {
  it("refuses what breaks the rules of lanes", () => {
    const problem = (...messages: Parameters<typeof encodeMessage>[0][]) => {
      const receiver = new LaneReceiver(() => undefined);
      receiver.openStream(lanes.firstStream);
      const results = messages.map((message) => receiver.receive(message));
      const last = results.at(-1);
      return last?.type === "problem" ? last.problem : undefined;
    };
    const part = { lane: 1, hasMore: true, isDeflated: false, count: 0, part: noise(2_000) };
    expect(problem({ ...part, lane: 4 })).toContain("lane 4, which is not open");
    expect(problem({ ...part, part: noise(1_023) })).toContain("too few bytes");
    expect(problem(part, { ...part, isDeflated: true })).toContain("a part of another frame");
    expect(problem({ ...part, hasMore: false })).toContain("could not be decoded");
    expect(problem({ ...part, hasMore: false, isDeflated: true })).toContain("could not be decoded");
    const large = { ...part, part: noise(budgets.partBytes) };
    const many = Array.from({ length: budgets.frameBytes / budgets.partBytes + 1 }, () => large);
    expect(problem(...many)).toContain("a frame over its budget");
  });

  it("gives credit for what is consumed, in batches on the state lane and at once on streams", () => {
    const granted: [number, number][] = [];
    const receiver = new LaneReceiver((lane, bytes) => granted.push([lane, bytes]));
    receiver.openStream(lanes.firstStream);
    receiver.consumed(lanes.state, firstCredit.state / 4 - 1);
    expect(granted).toEqual([]);
    receiver.consumed(lanes.state, 1);
    receiver.consumed(lanes.firstStream, 10);
    receiver.consumed(lanes.control, 10);
    expect(granted).toEqual([
      [lanes.state, firstCredit.state / 4],
      [lanes.firstStream, 10],
    ]);
  });
});

describe("the window of all streams", () => {
  /** Sends as fast as the window lets it over a way with this much bandwidth, and says how long the queue there gets. */
  async function queueMs(bytesPerMs: number): Promise<number> {
    const clock = new FakeClock();
    const window = new PacedWindow(clock);
    const way: number[] = [];
    let longest = 0;
    for (let ms = 0; ms < 5_000; ms += 1) {
      while (window.hasRoom) {
        window.sent(16_000);
        way.push(16_000);
      }
      await clock.advance(1);
      let budget = bytesPerMs;
      while (way[0] !== undefined && budget > 0) {
        const bytes = Math.min(budget, way[0]);
        way[0] -= bytes;
        budget -= bytes;
        if (way[0] === 0) {
          way.shift();
          window.answered(16_000);
        }
      }
      if (ms > 1_000) longest = Math.max(longest, way.reduce((sum, bytes) => sum + bytes, 0) / bytesPerMs);
    }
    return longest;
  }

  it("keeps the queue along the way short, slow or fast", async () => {
    expect(await queueMs(1_250)).toBeLessThan(40);
    expect(await queueMs(12_500)).toBeLessThan(40);
  });
});

/** Of bytes that hardly deflate. */
function bigObject(bytes: number) {
  const text = Buffer.from(new SeededRandom(5).bytes(bytes)).toString("base64");
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "big" }, data: { text } };
}
