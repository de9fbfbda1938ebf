import { type ClientRequest, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import type { Clock } from "@skerry/contracts";
import { errorCode, errorMessage, type SkerryError } from "@skerry/plugin";
import { certificateTrouble } from "../certificate-trouble.ts";
import { networkTrouble } from "../connect-trouble.ts";
import { errors } from "../errors.ts";
import { maximumHeaderBytes, reachWithinMs } from "../limits.ts";
import type { HttpProxy } from "./choose-proxy.ts";

export interface TunnelOptions {
  readonly proxy: HttpProxy;
  /** `user:password` */
  readonly credentials: string | undefined;
  /** PEM of the authorities of a proxy over TLS. `undefined`: those that Node knows. */
  readonly ca: Buffer | undefined;
  /** Host and port at the other end. */
  readonly address: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Asks an HTTP proxy for a way to the address (CONNECT, RFC 9110 section 9.3.6). Rejects with
 * `SKERRY_TRANSPORT_PROXY_UNREACHABLE`, `SKERRY_TRANSPORT_PROXY_REFUSED` or the abort reason.
 */
export function openTunnel({ proxy, credentials, ca, address, clock, signal }: TunnelOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = ask(proxy, address, { credentials, ca });
    const settle = () => {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", aborted);
      request.removeAllListeners();
      // Ending an attempt makes it fail once more; nobody is interested.
      request.on("error", () => undefined);
    };
    const fail = (reason: unknown) => {
      settle();
      request.destroy();
      reject(reason);
    };
    const refused = (reason: string) =>
      fail(errors.create("SKERRY_TRANSPORT_PROXY_REFUSED", { proxy: named(proxy), address, reason }));
    const aborted = () => fail(signal.reason);
    const timer = clock.after(reachWithinMs, () => {
      fail(unreachable(proxy, `no answer within ${reachWithinMs} ms`));
    });

    signal.addEventListener("abort", aborted, { once: true });
    request.on("error", (error) => fail(proxyTrouble(proxy, address, error)));
    request.on("connect", ({ statusCode = 0, statusMessage = "" }, socket: Socket, head) => {
      const status = `HTTP status ${statusCode} ${statusMessage.slice(0, 80)}`.trim();
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        refused(`${status}${meaning(statusCode, credentials !== undefined)}`);
      } else if (head.byteLength > 0) {
        // In TLS the server waits for the client: these are no bytes of ours.
        socket.destroy();
        refused("it sent bytes before the other end could");
      } else {
        settle();
        resolve(socket);
      }
    });
    request.on("close", () => fail(unreachable(proxy, "it ended the connection without an answer")));
    request.end();
  });
}

function ask(
  proxy: HttpProxy,
  address: string,
  { credentials, ca }: Pick<TunnelOptions, "credentials" | "ca">,
): ClientRequest {
  const { host, port } = proxy;
  const authorization =
    credentials === undefined
      ? {}
      : { "Proxy-Authorization": `Basic ${Buffer.from(credentials, "utf8").toString("base64")}` };
  const options = {
    host,
    port,
    method: "CONNECT",
    path: address,
    headers: { Host: address, ...authorization },
    maxHeaderSize: maximumHeaderBytes,
    // No pool: the connection becomes the tunnel.
    agent: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  } as const;
  return proxy.isSecure
    ? secureRequest({ ...options, rejectUnauthorized: true, ...(ca && { ca }) })
    : plainRequest(options);
}

function meaning(status: number, hadCredentials: boolean): string {
  switch (status) {
    case 407:
      return hadCredentials ? "; it does not accept the credentials" : "; it asks for credentials";
    case 403:
      return "; it does not permit this host and port";
    case 405:
    case 501:
      return "; it makes no tunnels";
    case 502:
    case 503:
    case 504:
      return "; it does not reach the host";
    default:
      return "";
  }
}

function proxyTrouble(proxy: HttpProxy, address: string, error: unknown): SkerryError {
  const code = errorCode(error) ?? "";
  const refused = (reason: string) =>
    errors.create("SKERRY_TRANSPORT_PROXY_REFUSED", { proxy: named(proxy), address, reason }, error);
  const certificate = certificateTrouble(code);
  if (certificate !== undefined) return refused(`${certificate} (${code})`);
  if (code === "HPE_HEADER_OVERFLOW") return refused(`its answer has more than ${maximumHeaderBytes} bytes of headers`);
  if (code.startsWith("HPE_")) return refused(`it is no HTTP proxy: ${errorMessage(error)} (${code})`);
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) return refused(`it does not complete a TLS handshake (${code})`);
  return unreachable(proxy, `${networkTrouble(code, error)}${code === "" ? "" : ` (${code})`}`, error);
}

function unreachable(proxy: HttpProxy, reason: string, cause?: unknown): SkerryError {
  return errors.create("SKERRY_TRANSPORT_PROXY_UNREACHABLE", { proxy: named(proxy), reason }, cause);
}

function named({ name, source }: HttpProxy): string {
  return `${name} of ${source}`;
}
