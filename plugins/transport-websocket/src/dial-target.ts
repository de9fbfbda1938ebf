import { isIP, type Socket } from "node:net";
import { connect, type SecureContext, type TLSSocket } from "node:tls";
import { errors } from "./errors.ts";
import { hostAndPort } from "./peer-name.ts";

export interface DialTarget {
  readonly host: string;
  readonly port: number;
  /** Host and port, for errors. */
  readonly address: string;
}

/** The port of `wss` when the URL names none. */
const defaultPort = 443;

/** Throws `SKERRY_TRANSPORT_BAD_URL`. */
export function dialTarget(url: string): DialTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== "wss:" || parsed.pathname !== "/" || parsed.search !== "" || parsed.username !== "") {
    throw errors.create("SKERRY_TRANSPORT_BAD_URL", { url });
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  const port = parsed.port === "" ? defaultPort : Number(parsed.port);
  return { host, port, address: hostAndPort(host, port) };
}

/**
 * TLS to a server that proves itself as that host by the context's authorities.
 *
 * @param tunnel a connection that leads there already
 */
export function connectTls(
  { host, port }: DialTarget,
  secureContext: SecureContext,
  tunnel: Socket | undefined,
): TLSSocket {
  const name = isIP(host) === 0 ? { servername: host } : {};
  // Small frames go at once. Heartbeats find dead peers long before TCP's keepalive would, so that stays off.
  const way = tunnel === undefined ? { port, noDelay: true, keepAlive: false } : { socket: tunnel.setNoDelay() };
  return connect({ host, ...way, secureContext, rejectUnauthorized: true, ...name });
}
