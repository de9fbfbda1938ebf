import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import {
  Clock,
  type CloudAnswer,
  type CloudRequest,
  type CloudRequests,
  type JsonObject,
  NodeInfo,
} from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { ownCertificateTrouble } from "./certificate-trouble.ts";
import { type CloudWay, CloudWayToken } from "./cloud-way.ts";
import { connectTrouble } from "./connect-trouble.ts";
import { connectTls, type DialTarget, dialTarget } from "./dial-target.ts";
import { errors } from "./errors.ts";
import { answerWithinMs, maximumAnswerBytes, maximumHeaderBytes } from "./limits.ts";
import { oldestTls, readTlsFiles } from "./tls-files.ts";
import { settingsOfWebSocket, type WebSocketSettings } from "./websocket-settings.ts";

interface Trust {
  readonly context: SecureContext;
  /** Why the other side might not accept our certificate. */
  ownTrouble(): string;
}

/** One connection a request: they are rare. */
export class HttpsRequests implements CloudRequests {
  readonly #settings: WebSocketSettings;
  readonly #home: string;
  readonly #clock: Clock;
  readonly #way: CloudWay;

  constructor(
    @inject(settingsOfWebSocket) settings: WebSocketSettings,
    @inject(NodeInfo) { home }: NodeInfo,
    @inject(Clock) clock: Clock,
    @inject(CloudWayToken) way: CloudWay,
  ) {
    this.#settings = settings;
    this.#home = home;
    this.#clock = clock;
    this.#way = way;
  }

  async post(request: CloudRequest, signal: AbortSignal): Promise<CloudAnswer> {
    const target = request.cloud === undefined ? this.#way.target() : dialTarget(request.cloud.url);
    const trust = await this.#trust(request);
    const tunnel = await this.#way.tunnel(target, signal);
    return this.#ask(request, { target, trust, tunnel, signal });
  }

  async #trust({ cloud }: CloudRequest): Promise<Trust> {
    if (cloud !== undefined) {
      const context = createSecureContext({ ca: cloud.ca, minVersion: oldestTls });
      return { context, ownTrouble: () => "none was shown" };
    }
    const files = await readTlsFiles(this.#settings.tls, this.#home);
    return { context: files.context, ownTrouble: () => ownCertificateTrouble(files, this.#clock.now()) };
  }

  #ask({ path, body, bearer }: CloudRequest, way: Way): Promise<CloudAnswer> {
    const { target, trust, tunnel, signal } = way;
    const { address } = target;
    return new Promise((resolve, reject) => {
      let tls: TLSSocket | undefined;
      let isSecure = false;
      const text = JSON.stringify(body);
      const request = httpsRequest({
        method: "POST",
        host: target.host,
        path,
        maxHeaderSize: maximumHeaderBytes,
        headers: {
          Host: address,
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(text),
          ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
        },
        createConnection: () => {
          tls = connectTls(target, trust.context, tunnel);
          tls.once("secureConnect", () => {
            isSecure = true;
          });
          return tls;
        },
      });
      const settle = () => {
        timer[Symbol.dispose]();
        signal.removeEventListener("abort", aborted);
        // Ending a request makes it fail once more; nobody is interested.
        request.removeAllListeners("error").on("error", () => undefined);
        request.destroy();
        tls?.destroy();
        tunnel?.destroy();
      };
      const fail = (reason: unknown) => {
        settle();
        reject(reason);
      };
      const refused = (reason: string) => fail(errors.create("SKERRY_TRANSPORT_REFUSED", { address, reason }));
      const aborted = () => fail(signal.reason);
      const timer = this.#clock.after(answerWithinMs, () => {
        const reason = `no answer within ${answerWithinMs} ms`;
        fail(errors.create("SKERRY_TRANSPORT_UNREACHABLE", { address, reason }));
      });

      if (signal.aborted) return aborted();
      signal.addEventListener("abort", aborted, { once: true });
      const trouble = (error: unknown) =>
        fail(connectTrouble(error, { address, isSecure, ownTrouble: trust.ownTrouble }));
      request.on("error", trouble);
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.byteLength;
          if (bytes > maximumAnswerBytes) refused(`its answer is longer than ${maximumAnswerBytes} bytes`);
          else chunks.push(chunk);
        });
        response.on("error", trouble);
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          const answer = parseObject(Buffer.concat(chunks));
          if (answer === undefined) return refused(`HTTP status ${status} without a JSON object`);
          settle();
          resolve({ status, body: answer });
        });
      });
      request.end(text);
    });
  }
}

interface Way {
  readonly target: DialTarget;
  readonly trust: Trust;
  readonly tunnel: Socket | undefined;
  readonly signal: AbortSignal;
}

function parseObject(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
