import type { HttpRoute, NodeInfo } from "@skerry/contracts";
import type { Contribution } from "@skerry/plugin";
import { FakeClock, RecordingLogger } from "@skerry/testing";
import { onTestFinished } from "vitest";
import { CloudWay, HttpsRequests, type TlsSettings, type WebSocketSettings, WebSocketTransport } from "../src/index.ts";
import { TestAuthority } from "./test-authority.ts";

export const identities = { cloud: "skerry-cloud", edge: "system:node:edge-1" };

/** A listener looks now and then whether its certificate is another. */
export const listenerTimers = 1;

/** Transports over real sockets of 127.0.0.1 with certificates of one authority, on virtual time. */
export class TransportWorld implements AsyncDisposable {
  readonly clock = new FakeClock(Date.now());
  readonly log = new RecordingLogger();
  readonly authority: TestAuthority;
  /** The variables that the transports see. */
  environment: Readonly<Record<string, string>> = {};
  /** What is served besides WebSockets. */
  routes: readonly Contribution<HttpRoute>[] = [];
  readonly #server: TlsSettings;
  readonly #client: TlsSettings;
  readonly #transports: WebSocketTransport[] = [];

  private constructor(authority: TestAuthority, server: TlsSettings, client: TlsSettings) {
    this.authority = authority;
    this.#server = server;
    this.#client = client;
  }

  static async create(): Promise<TransportWorld> {
    const authority = await TestAuthority.create();
    const server = await authority.issue({ subject: `CN=${identities.cloud}`, usage: "server" }, "server");
    const client = await authority.issue({ subject: `CN=${identities.edge}`, usage: "client" }, "client");
    return new TransportWorld(authority, server, client);
  }

  /** Listens with the server's certificate, at a free port unless told otherwise. */
  cloud({ port = 0, tls = this.#server }: { readonly port?: number; readonly tls?: TlsSettings } = {}) {
    return this.transport({ listen: { host: "127.0.0.1", port }, tls });
  }

  /** Dials this `host:port` with the client's certificate, unless told otherwise. */
  edge(address: string, tls = this.#client): WebSocketTransport {
    return this.transport({ url: `wss://${address}`, tls });
  }

  /** For clients of a test's own making. */
  clientFiles() {
    return this.#read(this.#client);
  }

  /** For servers of a test's own making. */
  serverFiles() {
    return this.#read(this.#server);
  }

  async #read({ ca, certificate, key }: TlsSettings) {
    const [caPem, certificatePem, keyPem] = await Promise.all(
      [ca, certificate, key].map((file) => this.authority.read(file)),
    );
    return { ca: caPem, cert: certificatePem, key: keyPem };
  }

  get node(): NodeInfo {
    const { folder: home } = this.authority;
    return { name: "test", profile: "test", home, programs: "/nonexistent", version: "0.0.0-test" };
  }

  /** Asks this `host:port`, with the client's certificate unless told otherwise. */
  requests(address: string, tls = this.#client): HttpsRequests {
    const settings = { url: `wss://${address}`, tls };
    const way = new CloudWay(settings, this.node, this.clock, { variables: () => this.environment });
    return new HttpsRequests(settings, this.node, this.clock, way);
  }

  transport(settings: WebSocketSettings): WebSocketTransport {
    const { node } = this;
    const way = new CloudWay(settings, node, this.clock, { variables: () => this.environment });
    const transport = new WebSocketTransport(settings, node, this.clock, this.log, way, { all: () => this.routes });
    this.#transports.push(transport);
    return transport;
  }

  /** Time passes, so that peers which do not answer delay nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = Promise.all(this.#transports.map((transport) => transport.stop()));
    await this.clock.advance(60_000);
    await stopped;
    await this.authority[Symbol.asyncDispose]();
  }
}

/** A world that ends with the test. */
export async function onceWorld(): Promise<TransportWorld> {
  const world = await TransportWorld.create();
  onTestFinished(() => world[Symbol.asyncDispose]());
  return world;
}
