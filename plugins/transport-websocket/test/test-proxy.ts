import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

/** What a proxy does with a request to CONNECT. */
export type Answer = (request: IncomingMessage, client: Duplex, head: Buffer) => void;

/** An HTTP proxy of a test, at a free port of 127.0.0.1 until the test ends. */
export class TestProxy {
  /** Where clients asked to go, with the header that let them in. */
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[] = [];
  address = "";
  readonly #sockets = new Set<Duplex>();

  static async open(answer: Answer = forward, tls?: ServerOptions): Promise<TestProxy> {
    const proxy = new TestProxy();
    const server: Server = tls === undefined ? createServer() : createSecureServer(tls);
    server.on("connection", (socket: Socket) => proxy.#sockets.add(socket));
    server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
      client.on("error", () => client.destroy());
      proxy.asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
      answer(request, client, head);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    proxy.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(() => {
      for (const socket of proxy.#sockets) socket.destroy();
      server.close();
    });
    return proxy;
  }
}

/** Does what a proxy is for. */
export function forward(request: IncomingMessage, client: Duplex, head: Buffer): void {
  const target = new URL(`tcp://${request.url}`);
  const upstream = connect({ host: target.hostname, port: Number(target.port) }, () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
  client.on("close", () => upstream.destroy());
  upstream.on("close", () => client.destroy());
}

/** Lets in only who brings these credentials. */
export function guarded(credentials: string): Answer {
  const expected = `Basic ${Buffer.from(credentials).toString("base64")}`;
  return (request, client, head) => {
    if (request.headers["proxy-authorization"] === expected) return forward(request, client, head);
    client.end("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
  };
}
