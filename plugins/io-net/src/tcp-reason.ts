import { isIPv6 } from "node:net";
import type { TcpAddress } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";

/** `host:port`, as people write it. */
export function peerName({ host, port }: TcpAddress): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What went wrong with a connection, in words, with the system's code for those who look it up. */
export function tcpReason(error: unknown, peer: string): string {
  const code = errorCode(error);
  return code === undefined
    ? `connection to ${peer} failed: ${errorMessage(error)}`
    : `${inWords(code, peer)} (${code})`;
}

function inWords(code: string, peer: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return `connection refused by ${peer}`;
    case "ECONNRESET":
      return `connection reset by ${peer}`;
    case "EPIPE":
      return `${peer} no longer takes bytes`;
    case "ETIMEDOUT":
      return `no answer from ${peer}`;
    case "EHOSTUNREACH":
      return `no route to ${peer}`;
    case "ENETUNREACH":
      return `the network of ${peer} is unreachable`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `no address found for ${peer}`;
    case "EACCES":
    case "EPERM":
      return `this machine does not permit a connection to ${peer}`;
    default:
      return `connection to ${peer} failed`;
  }
}
