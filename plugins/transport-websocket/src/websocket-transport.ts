import { Clock, type Connection, type Listener, Logger, NodeInfo, type Transport } from "@skerry/contracts";
import { inject, type Stoppable } from "@skerry/plugin";
import { dial } from "./dial.ts";
import { errors } from "./errors.ts";
import { hostAndPort } from "./peer-name.ts";
import { readTlsFiles } from "./tls-files.ts";
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
  readonly #dialled = new Set<WebSocketConnection>();
  readonly #listeners = new Set<WebSocketListener>();

  constructor(
    @inject(settingsOfWebSocket) settings: WebSocketSettings,
    @inject(NodeInfo) { home }: NodeInfo,
    @inject(Clock) clock: Clock,
    @inject(Logger) log: Logger,
  ) {
    this.#settings = settings;
    this.#home = home;
    this.#clock = clock;
    this.#log = log;
  }

  /** Also rejects with `SKERRY_TRANSPORT_NOT_CONFIGURED`, `…_BAD_URL` or `…_BAD_TLS_FILE`. */
  async connect(signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    const target = this.#target();
    const files = await readTlsFiles(this.#settings.tls, this.#home);
    signal.throwIfAborted();
    return await dial({ ...target, files, clock: this.#clock, signal }, (socket, identity) => {
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

  #target() {
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
