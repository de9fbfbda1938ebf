import type { Connection } from "@skerry/contracts";
import { describe, expect, it, vi } from "vitest";
import { hear } from "./ear.ts";
import { listenerTimers, onceWorld } from "./transport-world.ts";

const never = new AbortController().signal;

async function connected() {
  const world = await onceWorld();
  const accepted: Connection[] = [];
  const transport = world.cloud();
  const { address } = await transport.listen((connection) => accepted.push(connection));
  const dialler = world.edge(address);
  const edge = await dialler.connect(never);
  const cloud = await vi.waitFor(() => {
    const [connection] = accepted;
    if (connection === undefined) throw new Error("not accepted yet");
    return connection;
  });
  return { world, transport, dialler, edge, cloud };
}

describe("a WebSocket connection", () => {
  it("stops reading when much came before there is a receiver, and loses nothing", async () => {
    const { edge, cloud } = await connected();
    const frames = 200;
    let taken = 0;
    for (let index = 0; index < frames; index += 1) edge.send(Buffer.alloc(100_000, index), () => (taken += 1));
    // Neither end's operating system holds 20 MB.
    await vi.waitFor(() => expect(taken).toBeGreaterThan(0));
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBeLessThan(frames);
    const ear = hear(cloud);
    await vi.waitFor(() => expect([ear.frames.length, taken]).toEqual([frames, frames]), 10_000);
    expect(ear.frames.every((frame, index) => frame[0] === index && frame.length === 100_000)).toBe(true);
  });

  it("hands over nothing before receive returned", async () => {
    const { edge, cloud } = await connected();
    const atEdge = hear(edge);
    edge.send(Buffer.of(1));
    cloud.send(Buffer.of(2));
    await vi.waitFor(() => expect(atEdge.frames.length).toBe(1));
    const atCloud = hear(cloud);
    expect(atCloud.frames).toEqual([]);
    await vi.waitFor(() => expect(atCloud.frames.length).toBe(1));
  });

  it("is closed with 1011 when its receiver throws, which is logged", async () => {
    const { world, edge, cloud } = await connected();
    const { codes } = hear(edge);
    const error = new Error("mine");
    const closed = vi.fn();
    cloud.receive({
      frame: () => {
        throw error;
      },
      closed,
    });
    edge.send(Buffer.of(1));
    edge.send(Buffer.of(2));
    await vi.waitFor(() => expect([codes, closed.mock.calls.length]).toEqual([[1011], 1]));
    const fields = { peer: "system:node:edge-1", error };
    expect(world.log.records.filter(({ level }) => level === "error")).toEqual([
      { level: "error", message: expect.any(String), fields },
    ]);
  });

  it("takes one receiver", async () => {
    const { edge } = await connected();
    hear(edge);
    expect(() => hear(edge)).toThrow(expect.objectContaining({ code: "SKERRY_TRANSPORT_RECEIVER_SET" }));
  });

  it("is dropped when the transport that dialled it stops", async () => {
    const { edge, cloud, dialler } = await connected();
    const ears = [hear(edge), hear(cloud)];
    await dialler.stop();
    await vi.waitFor(() => expect(ears.map(({ codes }) => codes)).toEqual([[1006], [1006]]));
  });

  it("is closed with 1001 when the transport that accepted it stops, which waits for the end", async () => {
    const { edge, cloud, transport } = await connected();
    const [atEdge, atCloud] = [hear(edge), hear(cloud)];
    await transport.stop();
    expect(atCloud.codes).toEqual([1001]);
    await vi.waitFor(() => expect(atEdge.codes).toEqual([1001]));
  });

  it("leaves no timers behind", async () => {
    const { world, edge, cloud } = await connected();
    const ears = [hear(edge), hear(cloud)];
    expect(world.clock.pending).toBe(listenerTimers);
    edge.close(4000, "done");
    await vi.waitFor(() => expect(ears.map(({ codes }) => codes)).toEqual([[4000], [4000]]));
    expect(world.clock.pending).toBe(listenerTimers);
  });
});
