import { Server, type ServerWritableStream } from "@grpc/grpc-js";
import { FakeClock, RecordingLogger } from "@skerry/testing";
import { expect, it, onTestFinished, vi } from "vitest";
import { CriClient } from "../src/cri/cri-client.ts";
import { ChangeWatch } from "../src/runtime/change-watch.ts";
import { listening } from "./listening.ts";

type Stream = ServerWritableStream<Buffer, Buffer>;

/** A runtime with one stream of events, and nothing else. */
async function runtimeWith(path: string) {
  const server = new Server();
  const streams: Stream[] = [];
  const asIs = (bytes: Buffer) => bytes;
  const method = { path, requestStream: false, responseStream: true, requestSerialize: asIs, responseSerialize: asIs };
  const parse = { requestDeserialize: asIs, responseDeserialize: asIs };
  const handlers = { events: (stream: Stream) => void streams.push(stream) };
  server.addService({ events: { ...method, ...parse } }, handlers as never);
  return { socket: await listening(server), streams };
}

function watching(socket: string) {
  const clock = new FakeClock();
  const client = new CriClient(socket, clock);
  const states = new Map<string, string>([["c", "running"]]);
  const told: string[] = [];
  const watch = new ChangeWatch({
    client,
    clock,
    log: new RecordingLogger(),
    relistMs: 1_000,
    list: async () =>
      new Map([...states].map(([id, state]) => [id, { state, change: { sandbox: "s", container: id } }])),
    tell: ({ container }) => told.push(`${container} ${states.get(container ?? "")}`),
  });
  watch.start();
  onTestFinished(() => {
    watch.stop();
    client.close();
  });
  return { clock, states, told };
}

it.each(["/runtime.v1.RuntimeService/GetContainerEvents", "/containerd.services.events.v1.Events/Subscribe"])(
  "what %s rings for is seen at once, and again after a break",
  async (path) => {
    const { socket, streams } = await runtimeWith(path);
    const { clock, states, told } = watching(socket);
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    states.set("c", "exited");
    streams[0]?.write(Buffer.from([0xff]));
    await vi.waitFor(() => expect(told).toEqual(["c exited"]));
    streams[0]?.end();
    states.set("c", "running");
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(streams).toHaveLength(2);
    });
    expect(told.at(-1)).toBe("c running");
    states.set("c", "exited");
    streams[1]?.write(Buffer.alloc(0));
    await vi.waitFor(() => expect(told).toHaveLength(3));
  },
);

it("an end that is rung for before the runtime lists it is seen shortly after", async () => {
  const { socket, streams } = await runtimeWith("/runtime.v1.RuntimeService/GetContainerEvents");
  const { clock, states, told } = watching(socket);
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  streams[0]?.write(Buffer.alloc(0));
  await vi.waitFor(() => expect(told).toEqual(["c running"]));
  states.set("c", "exited");
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  await clock.advance(50);
  expect(told).toEqual(["c running", "c exited"]);
});

it("a runtime without such a stream is looked at every now and then", async () => {
  const { socket } = await runtimeWith("/some.Other/Stream");
  const { clock, states, told } = watching(socket);
  states.set("c", "exited");
  await clock.advance(999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(["c exited"]);
});
