import {
  Clock,
  type Connection,
  type HttpRoute,
  httpRoutePoint,
  type Listener,
  Logger,
  NodeInfo,
  type Transport,
} from "@skerry/contracts";
import { type Contributions, inject, type Stoppable } from "@skerry/plugin";
import { type CloudWay, CloudWayToken } from "./cloud-way.ts";
import { dial } from "./dial.ts";
import { errors } from "./errors.ts";
import { HttpRoutes } from "./http-routes.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";
import { type ConnectionParts, WebSocketConnection } from "./websocket-connection.ts";
import { WebSocketListener } from "./websocket-listener.ts";
import { settingsOfWebSocket, type WebSocketSettings } from "./websocket-settings.ts";

/** WebSocket over mutual TLS. `stop` closes its listeners and drops what it dialled. */
export class WebSocketTransport implements Transport, Stoppable {
  readonly #settings: WebSocketSettings;
  readonly #home: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #way: CloudWay;
  readonly #routes: Contributions<HttpRoute>;
  /** Of the last attempt. */
  #files: TlsFiles | undefined;
  readonly #dialled = new Set<WebSocketConnection>();
  readonly #listeners = new Set<WebSocketListener>();

  constructor(
    @inject(settingsOfWebSocket) settings: WebSocketSettings,
    @inject(NodeInfo) { home }: NodeInfo,
    @inject(Clock) clock: Clock,
    @inject(Logger) log: Logger,
    @inject(CloudWayToken) way: CloudWay,
    @inject(httpRoutePoint.contributions) routes: Contributions<HttpRoute>,
  ) {
    this.#settings = settings;
    this.#home = home;
    this.#clock = clock;
    this.#log = log;
    this.#way = way;
    this.#routes = routes;
  }

  /** Also rejects with `SKERRY_TRANSPORT_NOT_CONFIGURED`, `…_BAD_URL`, `…_BAD_TLS_FILE`, `…_BAD_PROXY` or `…_BAD_CREDENTIALS`. */
  async connect(signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    const target = this.#way.target();
    const files = await readTlsFiles(this.#settings.tls, this.#home, this.#files);
    this.#files = files;
    signal.throwIfAborted();
    const tunnel = await this.#way.tunnel(target, signal);
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
    const { host } = listen;
    const listener = await WebSocketListener.open({
      host,
      port,
      files: (known) => readTlsFiles(tls, this.#home, known),
      routes: new HttpRoutes(this.#routes.all(), this.#clock, this.#log),
      clock: this.#clock,
      log: this.#log,
      accept,
    });
    this.#listeners.add(listener);
    return listener;
  }

  async stop(): Promise<void> {
    for (const connection of this.#dialled) connection.destroy();
    await Promise.all([...this.#listeners].map((listener) => listener.drain()));
    this.#listeners.clear();
  }
}
