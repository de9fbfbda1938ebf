import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Clock, TcpAddress } from "@skerry/contracts";
import { FakeClock, type TcpPeer } from "@skerry/testing";
import { onTestFinished } from "vitest";
import { NodeTcpNetwork } from "../src/index.ts";

/** A network that is stopped after the test; time stands still unless a clock is given. */
export function openNetwork(clock: Clock = new FakeClock()): NodeTcpNetwork {
  const network = new NodeTcpNetwork({ connectTimeoutMs: 5000 }, clock);
  onTestFinished(async () => await network.stop());
  return network;
}

/** A server on a free port, ended after the test. */
export async function listen(accept: (socket: Socket) => void, host = "127.0.0.1"): Promise<TcpAddress> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    accept(socket);
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await stop(server);
  });
  server.listen(0, host);
  await once(server, "listening");
  return { host, port: (server.address() as AddressInfo).port };
}

/** A port that was free a moment ago. */
export async function refusing(): Promise<TcpAddress> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await stop(server);
  return { host: "127.0.0.1", port };
}

export function peerOf(socket: Socket): TcpPeer {
  return {
    send: (bytes) => socket.write(bytes),
    close: () => socket.end(),
    drop: () => socket.resetAndDestroy(),
    stopReading: () => socket.pause(),
    onData: (handler) => socket.on("data", handler),
    onClosed: (handler) => socket.on("end", handler).resume(),
  };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await closed;
}
