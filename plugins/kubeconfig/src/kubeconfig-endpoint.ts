import { dirname, join, resolve } from "node:path";
import {
  Clock,
  type KubeConnection,
  type KubeEndpoint,
  Logger,
  NodeInfo,
  settingsToken,
  type Timer,
} from "@skerry/contracts";
import { inject, type Startable, type Stoppable } from "@skerry/plugin";
import { errors } from "./errors.ts";
import { parseKubeconfig, type Source } from "./parse-kubeconfig.ts";
import { EnvironmentToken, type ProcessEnvironment } from "./process-environment.ts";
import { readBounded } from "./read-bounded.ts";

export interface KubeconfigSettings {
  readonly file?: string;
  readonly context?: string;
  readonly serviceAccount: string;
  readonly readEveryMs: number;
}

export const KubeconfigSettings = settingsToken<KubeconfigSettings>();

/** Tells clients of the API of a real cluster. What is renewed on disk is told within `readEveryMs`; what is bad there then is not. */
export class KubeconfigEndpoint implements KubeEndpoint, Startable, Stoppable {
  #connection: KubeConnection | undefined;
  #timer: Timer | undefined;
  #reading: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(
    @inject(KubeconfigSettings) private readonly settings: KubeconfigSettings,
    @inject(NodeInfo) private readonly node: NodeInfo,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly log: Logger,
    @inject(EnvironmentToken) private readonly environment: ProcessEnvironment,
  ) {}

  /** Rejects with `SKERRY_KUBECONFIG_UNREADABLE`, `…_INVALID` or `…_NO_CLUSTER`. */
  async start(): Promise<void> {
    this.#connection = await this.#read();
    this.log.info("the Kubernetes API of a cluster is used", { url: this.#connection.url });
    this.#again();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
    await this.#reading;
  }

  connection(): KubeConnection {
    if (this.#connection === undefined) throw errors.create("SKERRY_KUBECONFIG_NOT_STARTED", {});
    return this.#connection;
  }

  #again(): void {
    if (this.#isStopped) return;
    this.#timer = this.clock.after(this.settings.readEveryMs, () => {
      this.#reading = this.#refresh();
    });
  }

  async #refresh(): Promise<void> {
    try {
      const read = await this.#read();
      // Clients make new connections for a new object.
      if (JSON.stringify(read) !== JSON.stringify(this.#connection)) this.#connection = read;
    } catch (error) {
      this.log.warn("the kubeconfig cannot be read again; the old one is used on", { error });
    }
    this.#again();
  }

  async #read(): Promise<KubeConnection> {
    const { file, context } = this.settings;
    if (file === undefined) return await this.#readServiceAccount();
    const path = resolve(this.node.home, file);
    const parsed = parseKubeconfig(await readBounded(path), context);
    if (typeof parsed === "string") throw errors.create("SKERRY_KUBECONFIG_INVALID", { file: path, problem: parsed });
    // Paths in a kubeconfig start at its folder.
    const read = async (source: Source) =>
      "text" in source ? source.text : await readBounded(resolve(dirname(path), source.file));
    const { url, credentials } = parsed;
    const ca = await read(parsed.ca);
    if (credentials.type === "token") {
      return { url, ca, credentials: { type: "token", token: (await read(credentials.token)).trim() } };
    }
    const [certificate, key] = [await read(credentials.certificate), await read(credentials.key)];
    return { url, ca, credentials: { type: "certificate", certificate, key } };
  }

  async #readServiceAccount(): Promise<KubeConnection> {
    const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = this.environment.variables();
    if (!host || !port) {
      const problem = "the setting file is absent, and the variables KUBERNETES_SERVICE_HOST and _PORT are, too";
      throw errors.create("SKERRY_KUBECONFIG_NO_CLUSTER", { problem });
    }
    const folder = this.settings.serviceAccount;
    const [ca, token] = [await readBounded(join(folder, "ca.crt")), await readBounded(join(folder, "token"))];
    const url = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
    return { url, ca, credentials: { type: "token", token: token.trim() } };
  }
}
