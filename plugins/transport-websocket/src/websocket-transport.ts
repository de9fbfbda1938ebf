import type { Socket } from "node:net";
import { resolve } from "node:path";
import { Clock, type Connection, type Listener, Logger, NodeInfo, type Transport } from "@skerry/contracts";
import { inject, type Stoppable } from "@skerry/plugin";
import { type DialTarget, dial } from "./dial.ts";
import { errors } from "./errors.ts";
import { hostAndPort } from "./peer-name.ts";
import { chooseProxy } from "./proxy/choose-proxy.ts";
import { EnvironmentToken, type ProcessEnvironment } from "./proxy/process-environment.ts";
import { readCredentials } from "./proxy/read-credentials.ts";
import { openTunnel } from "./proxy/tunnel.ts";
import { readAuthorities, readTlsFiles } from "./tls-files.ts";
import { type ConnectionParts, WebSocketConnection } from "./websocket-connection.ts";
import { WebSocketListener } from "./websocket-listener.ts";
import { settingsOfWebSocket, type WebSocketSettings } from "./websocket-settings.ts";

/** The port of `wss` when the URL names none. */
const defaultPort = 443;

/** WebSocket over mutual TLS. `stop` closes its listeners and drops what it dialled. */
export class WebSocketTransport implements Transport, Stoppable {
  readonly #settings: WebSocketSettings;
  readonly #home: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #environment: ProcessEnvironment;
  readonly #dialled = new Set<WebSocketConnection>();
  readonly #listeners = new Set<WebSocketListener>();

  constructor(
    @inject(settingsOfWebSocket) settings: WebSocketSettings,
    @inject(NodeInfo) { home }: NodeInfo,
    @inject(Clock) clock: Clock,
    @inject(Logger) log: Logger,
    @inject(EnvironmentToken) environment: ProcessEnvironment,
  ) {
    this.#settings = settings;
    this.#home = home;
    this.#clock = clock;
    this.#log = log;
    this.#environment = environment;
  }

  /** Also rejects with `SKERRY_TRANSPORT_NOT_CONFIGURED`, `…_BAD_URL`, `…_BAD_TLS_FILE`, `…_BAD_PROXY` or `…_BAD_CREDENTIALS`. */
  async connect(signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    const target = this.#target();
    const files = await readTlsFiles(this.#settings.tls, this.#home);
    signal.throwIfAborted();
    const tunnel = await this.#tunnel(target, signal);
    return await dial({ ...target, files, clock: this.#clock, signal, tunnel }, (socket, identity) => {
      const parts: ConnectionParts = {
        clock: this.#clock,
        log: this.#log,
        ended: (connection) => this.#dialled.delete(connection),
      };
      const connection = new WebSocketConnection(socket, { identity, address: target.address }, parts);
      this.#dialled.add(connection);
      return connection;
    });
  }

  /** Also rejects with `SKERRY_TRANSPORT_NOT_CONFIGURED`, `…_CANNOT_LISTEN` or `…_BAD_TLS_FILE`. */
  async listen(accept: (connection: Connection) => void): Promise<Listener> {
    const { listen, tls } = this.#settings;
    const port = listen?.port;
    if (listen === undefined || port === undefined) {
      throw errors.create("SKERRY_TRANSPORT_NOT_CONFIGURED", { purpose: "listen", setting: "listen.port" });
    }
    const files = await readTlsFiles(tls, this.#home);
    const { host } = listen;
    const listener = await WebSocketListener.open({ host, port, files, clock: this.#clock, log: this.#log, accept });
    this.#listeners.add(listener);
    return listener;
  }

  async stop(): Promise<void> {
    for (const connection of this.#dialled) connection.destroy();
    await Promise.all([...this.#listeners].map((listener) => listener.drain()));
    this.#listeners.clear();
  }

  /** The way through a proxy, if there is one. */
  async #tunnel(target: DialTarget, signal: AbortSignal): Promise<Socket | undefined> {
    const { url, credentials: file, ca: caFile } = this.#settings.proxy ?? {};
    const proxy = chooseProxy(url, target, this.#environment.variables());
    if (proxy === undefined) return undefined;
    const credentials = file === undefined ? proxy.credentials : await readCredentials(resolve(this.#home, file));
    const ca = caFile === undefined ? undefined : await readAuthorities(resolve(this.#home, caFile), "proxy.ca");
    signal.throwIfAborted();
    return await openTunnel({ proxy, credentials, ca, address: target.address, clock: this.#clock, signal });
  }

  #target(): DialTarget {
    const { url } = this.#settings;
    if (url === undefined) {
      throw errors.create("SKERRY_TRANSPORT_NOT_CONFIGURED", { purpose: "connect", setting: "url" });
    }
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed?.protocol !== "wss:" || parsed.pathname !== "/" || parsed.search !== "" || parsed.username !== "") {
      throw errors.create("SKERRY_TRANSPORT_BAD_URL", { url });
    }
    const host = parsed.hostname.replace(/^\[|\]$/g, "");
    const port = parsed.port === "" ? defaultPort : Number(parsed.port);
    return { host, port, address: hostAndPort(host, port) };
  }
}
