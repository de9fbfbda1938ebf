import { resolve } from "node:path";
import { Clock, type KubeConnection, type KubeEndpoint, Logger, NodeInfo, Random, Storage } from "@skerry/contracts";
import { inject, type Startable, type Stoppable } from "@skerry/plugin";
import { Authenticator } from "../auth/authenticator.ts";
import { errors } from "../errors.ts";
import { HttpsListener } from "../http/https-listener.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { readKeyFiles } from "./key-files.ts";
import { type Settings, SettingsToken } from "./settings.ts";
import { readSigningKey } from "./signing-key-file.ts";

/** What `skerry status` shows of the server. */
export interface EndpointFacts {
  readonly url: string;
  readonly objects: number;
  readonly resourceVersion: string;
}

/** Serves the Kubernetes API over HTTPS in this process, and tells clients how to be let in. */
export class EmbeddedKubeEndpoint implements KubeEndpoint, Startable, Stoppable {
  readonly #settings: Settings;
  readonly #node: NodeInfo;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #logger: Logger;
  #cluster: Cluster | undefined;
  #listener: HttpsListener | undefined;
  #connection: KubeConnection | undefined;

  constructor(
    @inject(SettingsToken) settings: Readonly<Settings>,
    @inject(NodeInfo) node: NodeInfo,
    @inject(Storage) storage: Storage,
    @inject(Clock) clock: Clock,
    @inject(Random) random: Random,
    @inject(Logger) logger: Logger,
  ) {
    this.#settings = settings;
    this.#node = node;
    this.#storage = storage;
    this.#clock = clock;
    this.#random = random;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    try {
      await this.#serve();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #serve(): Promise<void> {
    const { host, port } = this.#settings.listen;
    const files = await readKeyFiles(this.#settings, this.#node.home);
    this.#cluster = await startCluster({
      storage: await this.#storage.open("kube-embedded"),
      clock: this.#clock,
      random: this.#random,
      logger: this.#logger,
      version: this.#node.version,
      signingKey: await readSigningKey(resolve(this.#node.home, this.#settings.serviceAccountKey)),
      tokenFile: files.tokens,
      rootCa: files.ca,
      address: () => new URL(this.connection().url).host,
    });
    const authenticator = new Authenticator(this.#cluster.tokens, this.#clock);
    this.#listener = new HttpsListener({ host, port, tls: files }, authenticator, this.#cluster.api, this.#logger);
    const url = `https://${host.includes(":") ? `[${host}]` : host}:${await this.#listener.listen()}`;
    this.#connection = { url, ca: files.ca, credentials: { type: "certificate", ...files.admin } };
    this.#logger.info("the Kubernetes API is being served", { url });
  }

  async stop(): Promise<void> {
    await this.#listener?.close();
    await this.#cluster?.stop();
  }

  connection(): KubeConnection {
    if (this.#connection !== undefined) return this.#connection;
    throw errors.create("SKERRY_KUBE_EMBEDDED_NOT_STARTED", { what: "its connection" });
  }

  facts(): EndpointFacts {
    const { url } = this.connection();
    const store = this.#cluster?.store;
    return { url, objects: store?.size ?? 0, resourceVersion: String(store?.version ?? 0) };
  }
}
