import type { Socket } from "node:net";
import { resolve } from "node:path";
import { Clock, NodeInfo } from "@skerry/contracts";
import { defineToken, inject } from "@skerry/plugin";
import { type DialTarget, dialTarget } from "./dial-target.ts";
import { errors } from "./errors.ts";
import { chooseProxy } from "./proxy/choose-proxy.ts";
import { EnvironmentToken, type ProcessEnvironment } from "./proxy/process-environment.ts";
import { readCredentials } from "./proxy/read-credentials.ts";
import { openTunnel } from "./proxy/tunnel.ts";
import { readAuthorities } from "./tls-files.ts";
import { settingsOfWebSocket, type WebSocketSettings } from "./websocket-settings.ts";

/** For the plugin's own classes. */
export const CloudWayToken = defineToken<CloudWay>("transport-websocket.cloud-way/1");

/** Where the cloud is, and what lies on the way to it. */
export class CloudWay {
  readonly #settings: WebSocketSettings;
  readonly #home: string;
  readonly #clock: Clock;
  readonly #environment: ProcessEnvironment;

  constructor(
    @inject(settingsOfWebSocket) settings: WebSocketSettings,
    @inject(NodeInfo) { home }: NodeInfo,
    @inject(Clock) clock: Clock,
    @inject(EnvironmentToken) environment: ProcessEnvironment,
  ) {
    this.#settings = settings;
    this.#home = home;
    this.#clock = clock;
    this.#environment = environment;
  }

  /** Throws `SKERRY_TRANSPORT_NOT_CONFIGURED` or `…_BAD_URL`. */
  target(): DialTarget {
    const { url } = this.#settings;
    if (url === undefined) {
      throw errors.create("SKERRY_TRANSPORT_NOT_CONFIGURED", { purpose: "connect", setting: "url" });
    }
    return dialTarget(url);
  }

  /** The way through a proxy, if there is one. Rejects with the errors of `openTunnel`, `SKERRY_TRANSPORT_BAD_PROXY` or `…_BAD_CREDENTIALS`. */
  async tunnel(target: DialTarget, signal: AbortSignal): Promise<Socket | undefined> {
    const { url, credentials: file, ca: caFile } = this.#settings.proxy ?? {};
    const proxy = chooseProxy(url, target, this.#environment.variables());
    if (proxy === undefined) return undefined;
    const credentials = file === undefined ? proxy.credentials : await readCredentials(resolve(this.#home, file));
    const ca = caFile === undefined ? undefined : await readAuthorities(resolve(this.#home, caFile), "proxy.ca");
    signal.throwIfAborted();
    return await openTunnel({ proxy, credentials, ca, address: target.address, clock: this.#clock, signal });
  }
}
