import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { onceWorld, type TransportWorld } from "./transport-world.ts";

const never = new AbortController().signal;

/** Listens at a free port until the test ends. */
async function serve(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serveTls(world: TransportWorld, connected: (socket: TLSSocket) => void): Promise<string> {
  return await serve(
    createTlsServer({ ...(await world.serverFiles()) }, (socket) => {
      socket.on("error", () => undefined);
      connected(socket);
    }),
  );
}

function failure(world: TransportWorld, address: string, code: string, reason: string) {
  const details = { address, reason: expect.stringContaining(reason) };
  return expect(world.edge(address).connect(never)).rejects.toMatchObject({ code, details });
}

describe("a server that cannot be used", () => {
  it("does not listen", async () => {
    const world = await onceWorld();
    const server = createServer();
    const address = await serve(server);
    await new Promise((resolve) => server.close(resolve));
    await failure(world, address, "SKERRY_TRANSPORT_UNREACHABLE", "nobody listens there (ECONNREFUSED)");
  });

  it("has no address", async () => {
    const world = await onceWorld();
    await failure(world, "nowhere.invalid:443", "SKERRY_TRANSPORT_UNREACHABLE", "host name");
  });

  it("drops the connection at once", async () => {
    const world = await onceWorld();
    const address = await serve(createServer((socket) => socket.destroy()));
    await failure(world, address, "SKERRY_TRANSPORT_UNREACHABLE", "the connection was reset (ECONNRESET)");
  });

  it("drops the connection after TLS, as one does that knows another authority", async () => {
    const world = await onceWorld();
    const address = await serveTls(world, (socket) => socket.destroy());
    await failure(world, address, "SKERRY_TRANSPORT_UNTRUSTED", "the other side may know another authority");
  });

  it("does not speak TLS", async () => {
    const world = await onceWorld();
    const address = await serve(createHttpServer((_, response) => response.end("hello")));
    await failure(world, address, "SKERRY_TRANSPORT_UNTRUSTED", "does not complete a TLS handshake (E");
  });

  it("speaks no HTTP", async () => {
    const world = await onceWorld();
    const address = await serveTls(world, (socket) => void socket.write("220 mail.example.org ESMTP\r\n"));
    await failure(world, address, "SKERRY_TRANSPORT_REFUSED", "it is no WebSocket server");
  });

  it.each([
    [200, "HTTP status 200 OK"],
    [302, "HTTP status 302 Found"],
    [503, "HTTP status 503 Service Unavailable"],
  ])("answers with HTTP %i", async (status, reason) => {
    const world = await onceWorld();
    const answer: RequestListener = (_, response) => response.writeHead(status, { Location: "wss://other/" }).end("no");
    const address = await serve(createHttpsServer(await world.serverFiles(), answer));
    await failure(world, address, "SKERRY_TRANSPORT_REFUSED", reason);
  });

  it("upgrades to something else", async () => {
    const world = await onceWorld();
    const head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    const address = await serveTls(world, (socket) => void socket.write(`${head}Sec-WebSocket-Accept: wrong\r\n\r\n`));
    await failure(world, address, "SKERRY_TRANSPORT_REFUSED", "Invalid Sec-WebSocket-Accept header");
  });

  it.each(["before TLS", "after TLS"])("is silent %s: given up in time", async (when) => {
    const world = await onceWorld();
    const connected = vi.fn();
    // Its first bytes tell that the client knows of the connection too.
    const silent = () => serve(createServer((socket) => socket.once("data", connected)));
    const address = await (when === "before TLS" ? silent() : serveTls(world, connected));
    const connecting = failure(world, address, "SKERRY_TRANSPORT_UNREACHABLE", "no answer within 20000 ms");
    await vi.waitFor(() => expect(connected).toHaveBeenCalled());
    await world.clock.advance(20_000);
    await connecting;
    expect(world.clock.pending).toBe(0);
  });

  it.each(["before TLS", "after TLS"])("is silent %s: given up when aborted", async (when) => {
    const world = await onceWorld();
    const closed = vi.fn();
    const connected = vi.fn(
      (socket: Socket) =>
        void socket
          .on("error", () => undefined)
          .on("close", closed)
          .resume(),
    );
    const address = await (when === "before TLS" ? serve(createServer(connected)) : serveTls(world, connected));
    const abort = new AbortController();
    const connecting = world.edge(address).connect(abort.signal);
    await vi.waitFor(() => expect(connected).toHaveBeenCalled());
    abort.abort(new Error("enough"));
    await expect(connecting).rejects.toThrow("enough");
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
    expect(world.clock.pending).toBe(0);
  });
});
