import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import {
  type Clock,
  type Connection,
  type Listener,
  type Logger,
  maximumFrameBytes,
  type Timer,
} from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { type WebSocket, WebSocketServer } from "ws";
import { certificateTrouble } from "./certificate-trouble.ts";
import { networkTrouble } from "./connect-trouble.ts";
import { errors } from "./errors.ts";
import { handshakeWithinMs, maximumHeaderBytes } from "./limits.ts";
import { commonName, hostAndPort } from "./peer-name.ts";
import { oldestTls, type TlsFiles } from "./tls-files.ts";
import { WebSocketConnection } from "./websocket-connection.ts";

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly files: TlsFiles;
  readonly clock: Clock;
  readonly log: Logger;
  readonly accept: (connection: Connection) => void;
}

/** An HTTPS server that answers nothing but WebSocket upgrades by clients whose certificate its CA signed. */
export class WebSocketListener implements Listener {
  readonly #options: ListenOptions;
  readonly #server: Server;
  readonly #upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maximumFrameBytes,
  });
  readonly #accepted = new Set<WebSocketConnection>();
  /** TCP connections in their handshake, by the name of the peer. */
  readonly #handshakes = new Map<string, { readonly socket: Socket; readonly timer: Timer }>();
  #address = "";
  #closing: Promise<void> | undefined;
  #allEnded: (() => void) | undefined;

  private constructor(options: ListenOptions) {
    this.#options = options;
    const { ca, certificate, key } = options.files;
    this.#server = createServer({
      ca,
      cert: certificate,
      key,
      minVersion: oldestTls,
      requestCert: true,
      rejectUnauthorized: true,
      maxHeaderSize: maximumHeaderBytes,
    });
    this.#server.on("connection", (socket: Socket) => this.#connected(socket));
    this.#server.on("tlsClientError", (error, socket) => this.#refusedTls(error, socket));
    this.#server.on("request", (_, response) => {
      response.writeHead(426, { Connection: "close", Upgrade: "websocket" }).end();
    });
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Rejects with `SKERRY_TRANSPORT_ADDRESS_IN_USE` or `SKERRY_TRANSPORT_CANNOT_LISTEN`. */
  static async open(options: ListenOptions): Promise<WebSocketListener> {
    const listener = new WebSocketListener(options);
    await listener.#listen();
    return listener;
  }

  get address(): string {
    return this.#address;
  }

  /** Resolves when it has sent the closes; connections whose peer does not answer are dropped a little later. */
  async close(): Promise<void> {
    void this.drain();
  }

  /** Closes, and resolves when every connection has ended. */
  drain(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const { socket } of this.#handshakes.values()) socket.destroy();
    for (const connection of this.#accepted) connection.close(1001, "the listener is closed");
    await closed;
    // Their sockets have closed; what was read from them may still be on its way to the receivers.
    if (this.#accepted.size > 0) {
      await new Promise<void>((resolve) => {
        this.#allEnded = resolve;
      });
    }
  }

  #listen(): Promise<void> {
    const { host, port, log } = this.#options;
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(listenTrouble(error, hostAndPort(host, port)));
      this.#server.once("error", failed);
      this.#server.listen({ host, port }, () => {
        const bound = this.#server.address();
        if (bound !== null && typeof bound === "object") this.#address = hostAndPort(bound.address, bound.port);
        this.#server.off("error", failed);
        this.#server.on("error", (error) => log.error("the listener cannot accept", { error }));
        resolve();
      });
    });
  }

  #connected(socket: Socket): void {
    const peer = peerOf(socket);
    const timer = this.#options.clock.after(handshakeWithinMs, () => {
      this.#refused(peer, `no handshake within ${handshakeWithinMs} ms`);
      socket.destroy();
    });
    this.#handshakes.set(peer, { socket, timer });
    socket.once("close", () => this.#handshaken(peer));
  }

  #handshaken(peer: string): void {
    this.#handshakes.get(peer)?.timer[Symbol.dispose]();
    this.#handshakes.delete(peer);
  }

  #refusedTls(error: Error, socket: TLSSocket): void {
    // Set as a code, in spite of its type, when the client's certificate was not accepted.
    const code = String(socket.authorizationError ?? errorCode(error) ?? "");
    const handshake = code.startsWith("ERR_SSL_") ? "it does not complete a TLS handshake" : errorMessage(error);
    this.#refused(peerOf(socket), `${certificateTrouble(code) ?? handshake} (${code})`);
    socket.destroy();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const identity = socket instanceof TLSSocket ? commonName(socket) : undefined;
    if (!(socket instanceof TLSSocket) || identity === undefined) {
      this.#turnAway(socket, "403 Forbidden");
    } else if (request.url !== "/") {
      this.#turnAway(socket, "404 Not Found");
    } else {
      const address = peerOf(socket);
      this.#upgrades.handleUpgrade(request, socket, head, (opened) => this.#accept(opened, identity, address));
    }
  }

  #accept(socket: WebSocket, identity: string, address: string): void {
    this.#handshaken(address);
    const { clock, log, accept } = this.#options;
    const ended = (ending: WebSocketConnection) => this.#ended(ending);
    const connection = new WebSocketConnection(socket, { identity, address }, { clock, log, ended });
    this.#accepted.add(connection);
    accept(connection);
    if (this.#closing) connection.close(1001, "the listener is closed");
  }

  #ended(connection: WebSocketConnection): void {
    this.#accepted.delete(connection);
    if (this.#accepted.size === 0) this.#allEnded?.();
  }

  #turnAway(socket: Duplex, status: string): void {
    socket.on("error", () => socket.destroy());
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  #refused(peer: string, reason: string): void {
    this.#options.log.info("refused a connection", { peer, reason });
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return hostAndPort(remoteAddress ?? "", remotePort ?? 0);
}

function listenTrouble(error: Error, address: string) {
  const code = errorCode(error) ?? "";
  return code === "EADDRINUSE"
    ? errors.create("SKERRY_TRANSPORT_ADDRESS_IN_USE", { address }, error)
    : errors.create("SKERRY_TRANSPORT_CANNOT_LISTEN", { address, reason: networkTrouble(code, error) }, error);
}
