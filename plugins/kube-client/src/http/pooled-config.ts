import { HttpMethod, KubeConfig, RequestContext } from "@kubernetes/client-node";
import type { KubeConnection } from "@skerry/contracts";
import { errors } from "../errors.ts";

/** A connection as client-node takes it. Its server is verified against the CA, whatever the environment says. */
export class PooledConfig extends KubeConfig {
  readonly connection: KubeConnection;
  #secured: Promise<RequestContext> | undefined;

  /** @throws `SKERRY_KUBE_ENDPOINT` (settings) */
  constructor(connection: KubeConnection) {
    super();
    const { url, ca, credentials } = connection;
    if (!url.startsWith("https://") || ca === "") throw errors.create("SKERRY_KUBE_ENDPOINT", { url });
    this.connection = connection;
    const user =
      credentials.type === "token"
        ? { token: credentials.token }
        : { certData: base64(credentials.certificate), keyData: base64(credentials.key) };
    this.loadFromClusterAndUser(
      { name: "kube", server: url, caData: base64(ca), skipTLSVerify: false },
      { name: "skerry", ...user },
    );
  }

  /** client-node makes connections, and so TLS handshakes, anew for every request; these are kept. */
  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    this.#secured ??= this.#secure();
    const secured = await this.#secured;
    for (const [name, value] of Object.entries(secured.getHeaders())) {
      context.setHeaderParam(name, value);
    }
    const dispatcher = secured.getDispatcher();
    if (dispatcher !== undefined) context.setDispatcher(dispatcher);
  }

  async #secure(): Promise<RequestContext> {
    const template = new RequestContext(this.connection.url, HttpMethod.GET);
    await super.applySecurityAuthentication(template);
    return template;
  }

  override createDispatcherOptions(...[cluster, options]: Parameters<KubeConfig["createDispatcherOptions"]>) {
    return super.createDispatcherOptions(cluster, { ...options, rejectUnauthorized: true });
  }

  /** Ends all connections; requests under way fail. */
  async destroy(): Promise<void> {
    await (await this.#secured)?.getDispatcher()?.destroy();
  }

  /** Ends each connection once its request is done. */
  async close(): Promise<void> {
    await (await this.#secured)?.getDispatcher()?.close();
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
