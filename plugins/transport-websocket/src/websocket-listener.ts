import type { IncomingMessage, ServerResponse } from "node:http";
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
  type Peer,
  type Timer,
} from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { type WebSocket, WebSocketServer } from "ws";
import { certificateTrouble } from "./certificate-trouble.ts";
import { networkTrouble } from "./connect-trouble.ts";
import { errors } from "./errors.ts";
import type { HttpRoutes } from "./http-routes.ts";
import { handshakeWithinMs, maximumHeaderBytes, reloadEveryMs } from "./limits.ts";
import { certificateOf, hostAndPort, peerIdentity } from "./peer-name.ts";
import { oldestTls, type TlsFiles } from "./tls-files.ts";
import { WebSocketConnection } from "./websocket-connection.ts";

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Reads what is on disk now; gives back what is known when that is the same. */
  readonly files: (known?: TlsFiles) => Promise<TlsFiles>;
  readonly routes: HttpRoutes;
  readonly clock: Clock;
  readonly log: Logger;
  readonly accept: (connection: Connection) => void;
}

/**
 * An HTTPS server for WebSockets of clients whose certificate its CA signed. Others complete their handshake too, so that
 * they can be told why they are refused, and can ask for a certificate; they get nothing but the routes.
 */
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
  #reload: Timer | undefined;
  #closing: Promise<void> | undefined;
  #allEnded: (() => void) | undefined;

  #files: TlsFiles;

  private constructor(options: ListenOptions, files: TlsFiles) {
    this.#options = options;
    this.#files = files;
    this.#server = createServer({
      ...serverOptions(files),
      requestCert: true,
      // Whoever does not verify gets no further than `#upgrade` and the routes.
      rejectUnauthorized: false,
      maxHeaderSize: maximumHeaderBytes,
    });
    this.#server.on("connection", (socket: Socket) => this.#connected(socket));
    this.#server.on("tlsClientError", (error, socket) => this.#refusedTls(error, socket));
    this.#server.on("request", (request, response) => this.#request(request, response));
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Rejects with `SKERRY_TRANSPORT_ADDRESS_IN_USE`, `…_CANNOT_LISTEN` or `…_BAD_TLS_FILE`. */
  static async open(options: ListenOptions): Promise<WebSocketListener> {
    const listener = new WebSocketListener(options, await options.files());
    await listener.#listen();
    listener.#reloadLater();
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
    this.#reload?.[Symbol.dispose]();
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
    const code = errorCode(error) ?? "";
    const reason = code.startsWith("ERR_SSL_") ? "it does not complete a TLS handshake" : errorMessage(error);
    this.#refused(peerOf(socket), `${reason} (${code})`);
    socket.destroy();
  }

  #reloadLater(): void {
    this.#reload = this.#options.clock.after(reloadEveryMs, () => void this.#reloadNow());
  }

  /** A certificate that was renewed counts for the connections that come. */
  async #reloadNow(): Promise<void> {
    const { files, log } = this.#options;
    try {
      const now = await files(this.#files);
      if (this.#closing) return;
      if (now !== this.#files) {
        this.#server.setSecureContext(serverOptions(now));
        this.#files = now;
        log.info("took a new certificate", { address: this.#address });
      }
    } catch (error) {
      log.warn("cannot read the certificate anew; going on with the one there is", { error });
    }
    if (!this.#closing) this.#reloadLater();
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (!(socket instanceof TLSSocket)) return void socket.destroy();
    const address = peerOf(socket);
    this.#handshaken(address);
    const sender = { certificate: certificateOf(socket), address };
    // The sender may be gone by now.
    response.on("error", () => socket.destroy());
    void this.#options.routes.answer(request, response, sender);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!(socket instanceof TLSSocket)) return this.#turnAway(socket, "400 Bad Request");
    const address = peerOf(socket);
    if (!socket.authorized) {
      this.#refused(address, distrust(socket));
      return this.#turnAway(socket, "401 Unauthorized");
    }
    const peer = peerIdentity(socket);
    if (peer === undefined) return this.#turnAway(socket, "403 Forbidden");
    if (request.url !== "/") return this.#turnAway(socket, "404 Not Found");
    this.#upgrades.handleUpgrade(request, socket, head, (opened) => this.#accept(opened, { ...peer, address }));
  }

  #accept(socket: WebSocket, peer: Peer): void {
    this.#handshaken(peer.address);
    const { clock, log, accept } = this.#options;
    const ended = (ending: WebSocketConnection) => this.#ended(ending);
    const connection = new WebSocketConnection(socket, peer, { clock, log, ended });
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

function serverOptions({ ca, certificate, key }: TlsFiles) {
  return { ca, cert: certificate, key, minVersion: oldestTls } as const;
}

/** Why the certificate of a client was not accepted. */
function distrust(socket: TLSSocket): string {
  if (certificateOf(socket) === undefined) return "it has no certificate";
  // A code, in spite of its type.
  const code = String(socket.authorizationError ?? "");
  return `${certificateTrouble(code) ?? "its certificate is not acceptable"} (${code})`;
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
