import { request } from "node:https";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type Connection, maximumFrameBytes } from "@skerry/contracts";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import { hear } from "./ear.ts";
import { listenerTimers, onceWorld, type TransportWorld } from "./transport-world.ts";

async function listening(world: TransportWorld) {
  const accepted: Connection[] = [];
  const { address } = await world.cloud().listen((connection) => accepted.push(connection));
  const port = Number(address.split(":")[1]);
  return { accepted, address, port, tls: { host: "127.0.0.1", port, ...(await world.clientFiles()) } };
}

/** A client of our own making, with a good certificate, and the cloud's end of its connection. */
async function rawClient(world: TransportWorld) {
  const { accepted, address, tls } = await listening(world);
  const socket = new WebSocket(`wss://${address}/`, tls);
  const closes: number[] = [];
  socket.on("close", (code) => closes.push(code)).on("error", () => undefined);
  onTestFinished(() => socket.terminate());
  const cloud = await vi.waitFor(() => {
    const [connection] = accepted;
    if (connection === undefined || socket.readyState !== WebSocket.OPEN) throw new Error("not open yet");
    return connection;
  });
  return { socket, closes, cloud, atCloud: hear(cloud), tls };
}

/** Resolves when the other side has ended it. */
function ended(socket: Socket | TLSSocket): Promise<unknown> {
  socket.on("error", () => undefined).resume();
  return new Promise((resolve) => socket.on("close", resolve));
}

describe("a hostile client", () => {
  it("is closed with 1003 for a text message, which is not delivered, nor what follows", async () => {
    const { socket, closes, atCloud } = await rawClient(await onceWorld());
    socket.send(Buffer.of(1));
    socket.send("text");
    socket.send(Buffer.of(2));
    await vi.waitFor(() => expect([closes, atCloud.codes]).toEqual([[1003], [1003]]));
    expect(atCloud.frames).toEqual([Uint8Array.of(1)].map((bytes) => Buffer.from(bytes)));
  });

  it("is closed with 1009 for a frame over the budget, also one in fragments", async () => {
    for (const send of [
      (socket: WebSocket) => socket.send(new Uint8Array(maximumFrameBytes + 1)),
      (socket: WebSocket) => {
        socket.send(new Uint8Array(maximumFrameBytes), { fin: false });
        socket.send(new Uint8Array(1));
      },
    ]) {
      const { socket, closes, atCloud } = await rawClient(await onceWorld());
      send(socket);
      await vi.waitFor(() => expect([closes, atCloud.codes]).toEqual([[1009], [1009]]), 5_000);
      expect(atCloud.frames).toEqual([]);
    }
  });

  it("is closed with 1002 for bytes that are no WebSocket frame", async () => {
    const world = await onceWorld();
    const { accepted, tls } = await listening(world);
    const socket = connectTls(tls);
    const done = ended(socket);
    socket.write(upgrade("/"));
    await vi.waitFor(() => expect(accepted.length).toBe(1));
    const { codes } = hear(accepted[0]);
    socket.write(Buffer.alloc(64, 0xff));
    await vi.waitFor(() => expect(codes.length + world.clock.pending).toBeGreaterThan(listenerTimers));
    await world.clock.advance(2_000);
    await done;
    await vi.waitFor(() => expect(codes).toEqual([1002]));
  });

  it("does not block a close when it is half-open", async () => {
    const world = await onceWorld();
    const { accepted, tls } = await listening(world);
    const socket = connectTls(tls);
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined).write(upgrade("/"));
    await vi.waitFor(() => expect(accepted.length).toBe(1));
    const { codes } = hear(accepted[0]);
    accepted[0]?.close(4000, "done");
    await world.clock.advance(1_999);
    expect(codes).toEqual([]);
    await world.clock.advance(1);
    await vi.waitFor(() => expect(codes).toEqual([1006]));
    expect(world.clock.pending).toBe(listenerTimers);
  });

  it.each([
    ["another path", upgrade("/other"), "404"],
    ["another path with a query", upgrade("/?x"), "404"],
    ["a request that is no upgrade", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "426"],
    ["another protocol", upgrade("/").replace("websocket", "h2c"), "400"],
    ["no key", upgrade("/").replace(/Sec-WebSocket-Key.*\r\n/, ""), "400"],
    ["another version", upgrade("/").replace("13", "99"), "400"],
    ["no HTTP", "garbage\r\n\r\n", "400"],
    ["endless headers", `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, "431"],
  ])("is turned away for %s", async (_, bytes, status) => {
    const world = await onceWorld();
    const { accepted, tls } = await listening(world);
    const socket = connectTls(tls);
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    const done = ended(socket);
    socket.write(bytes);
    await vi.waitFor(() => expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `)));
    socket.end();
    await done;
    expect(accepted).toEqual([]);
    await vi.waitFor(() => expect(world.clock.pending).toBe(listenerTimers));
  });

  it("is turned away when it speaks plain HTTP, or garbage, in place of TLS", async () => {
    const world = await onceWorld();
    const { accepted, port } = await listening(world);
    for (const bytes of ["GET / HTTP/1.1\r\n\r\n", Buffer.alloc(500, 0x16)]) {
      const socket = connect(port, "127.0.0.1");
      socket.write(bytes);
      await ended(socket);
    }
    expect(accepted).toEqual([]);
    expect(world.log.records.map(({ message }) => message)).toEqual(["refused a connection", "refused a connection"]);
  });

  it.each([
    ["before TLS", async (port: number) => connect(port, "127.0.0.1")],
    ["before the upgrade", async (_: number, tls: object) => connectTls(tls)],
    [
      "in the middle of its headers",
      async (_: number, tls: object) => {
        const socket = connectTls(tls);
        socket.write("GET / HTTP/1.1\r\nHost: x\r\n");
        return socket;
      },
    ],
  ])("is dropped when it falls silent %s", async (_, open) => {
    const world = await onceWorld();
    const { port, tls } = await listening(world);
    const socket = await open(port, tls);
    const done = ended(socket);
    await vi.waitFor(() => expect(world.clock.pending).toBe(listenerTimers + 1));
    await world.clock.advance(20_000);
    await done;
    expect(world.clock.pending).toBe(listenerTimers);
  });

  it("harms no other connection", async () => {
    const world = await onceWorld();
    const { accepted, address, tls } = await listening(world);
    const good = await world.edge(address).connect(new AbortController().signal);
    const bad = connectTls(tls);
    const done = ended(bad);
    bad.write("garbage\r\n\r\n");
    await done;
    const status = await new Promise((resolve, reject) => {
      request({ ...tls, path: "/" }, ({ statusCode }) => resolve(statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(426);
    await vi.waitFor(() => expect(accepted.length).toBe(1));
    const { frames } = hear(accepted[0]);
    good.send(Buffer.from("still here"));
    await vi.waitFor(() => expect(frames).toEqual([Buffer.from("still here")]));
  });
});

function upgrade(path: string): string {
  const headers = ["Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  return `GET ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
}
