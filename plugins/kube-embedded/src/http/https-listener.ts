import { constants } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Logger } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { ApiAnswer, ApiRequest } from "../api/api-request.ts";
import { failure } from "../api/api-server.ts";
import { badRequest } from "../api/status-error.ts";
import type { Authenticator, Impersonation } from "../auth/authenticator.ts";
import { type Peer, peerOf } from "../auth/peer.ts";
import { isAuthenticated } from "../auth/user.ts";
import { errors } from "../errors.ts";
import { writeAnswer } from "./answer-writer.ts";
import { discardRest, readBody } from "./request-body.ts";

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** PEM. */
  readonly tls: { readonly certificate: string; readonly key: string; readonly clientCa: string };
}

export interface Handler {
  handle(request: ApiRequest): Promise<ApiAnswer>;
}

/** HTTPS around an API: TLS, who is there, the body, and the answer. */
export class HttpsListener {
  readonly #options: ListenerOptions;
  readonly #authenticator: Authenticator;
  readonly #handler: Handler;
  readonly #logger: Logger;
  readonly #peers = new WeakMap<TLSSocket, Peer>();
  readonly #active = new Map<AbortController, Promise<void>>();
  #server: Server | undefined;

  constructor(options: ListenerOptions, authenticator: Authenticator, handler: Handler, logger: Logger) {
    this.#options = options;
    this.#authenticator = authenticator;
    this.#handler = handler;
    this.#logger = logger;
  }

  /** Resolves with the port it listens on. */
  async listen(): Promise<number> {
    const { host, port, tls } = this.#options;
    const server = createServer(
      {
        cert: tls.certificate,
        key: tls.key,
        ca: tls.clientCa,
        requestCert: true,
        // Nothing is left unverified by this: OpenSSL verifies every certificate a client presents, and one that
        // does not hold is answered with 401 only (see peerOf and Authenticator). It admits connections that
        // present none at all, which bearer tokens and health checks need, and which Node would drop otherwise.
        rejectUnauthorized: false,
        // Every connection proves itself anew: no resumed session speaks for an earlier handshake.
        secureOptions: constants.SSL_OP_NO_TICKET,
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
      },
      (request, response) => this.#accept(request, response),
    );
    server.keepAliveTimeout = 60_000;
    server.on("tlsClientError", (error) => this.#logger.debug("a TLS handshake failed", { error: error.message }));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause) => {
        const problem = errorMessage(cause);
        reject(errors.create("SKERRY_KUBE_EMBEDDED_LISTEN", { host, port, problem }, cause));
      });
      server.listen(port, host, resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  /** Ends watches, lets other requests finish, and closes every connection. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const controller of this.#active.keys()) controller.abort();
    await Promise.all(this.#active.values());
    server.closeAllConnections();
    await closed;
  }

  #accept(message: IncomingMessage, response: ServerResponse): void {
    const controller = new AbortController();
    response.on("close", () => controller.abort());
    response.on("finish", () => discardRest(message));
    // Neither a stop nor anybody else waits for a body that does not come.
    controller.signal.addEventListener("abort", () => message.complete || message.destroy());
    const answered = this.#answer(message, response, controller.signal)
      .catch((error: unknown) => {
        this.#logger.debug("a connection broke", { path: pathOf(message), error });
        response.destroy();
      })
      .finally(() => this.#active.delete(controller));
    this.#active.set(controller, answered);
  }

  async #answer(message: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const method = message.method ?? "GET";
    const path = pathOf(message);
    let answer: ApiAnswer;
    try {
      // Before the body is read: only those let in may send one.
      const user = this.#authenticator.authenticate({
        peer: this.#peerOf(message.socket as TLSSocket),
        authorization: message.headers.authorization,
        impersonate: impersonationOf(message),
      });
      answer = await this.#handler.handle({
        method,
        path,
        query: new URLSearchParams(queryOf(message)),
        accept: message.headers.accept,
        contentType: message.headers["content-type"],
        // Those without a name may only look.
        body: isAuthenticated(user) ? await readBody(message) : new Uint8Array(),
        user,
        signal,
      });
    } catch (error) {
      if (signal.aborted) return;
      answer = failure(error, { method, path }, this.#logger);
    }
    await writeAnswer(response, answer, method === "HEAD", signal);
  }

  #peerOf(socket: TLSSocket): Peer {
    const known = this.#peers.get(socket);
    if (known !== undefined) return known;
    const peer = peerOf(socket);
    if (peer.type === "rejected") {
      this.#logger.warn("a client certificate was refused", { address: socket.remoteAddress, why: peer.why });
    }
    this.#peers.set(socket, peer);
    return peer;
  }
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}

function queryOf({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end < 0 ? "" : url.slice(end + 1);
}

function impersonationOf({ headersDistinct }: IncomingMessage): Impersonation | undefined {
  const [user] = headersDistinct["impersonate-user"] ?? [];
  const groups = headersDistinct["impersonate-group"] ?? [];
  if (user !== undefined && user !== "") return { user, groups };
  if (groups.length > 0) throw badRequest("requested groups without impersonating a user");
  return undefined;
}
