import { isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";

/** `host:port`, as people write it. IPv4 addresses that IPv6 sockets report are written as IPv4. */
export function hostAndPort(host: string, port: number): string {
  const plain = host.replace(/^::ffff:(?=\d+\.)/, "");
  return isIPv6(plain) ? `[${plain}]:${port}` : `${plain}:${port}`;
}

/** The one common name of the peer's certificate. `undefined`: there is none, or several. */
export function commonName(socket: TLSSocket): string | undefined {
  // Absent members in spite of the types: a peer without a certificate has an empty object.
  const { subject } = socket.getPeerCertificate() as { readonly subject?: { readonly CN?: unknown } };
  return typeof subject?.CN === "string" && subject.CN !== "" ? subject.CN : undefined;
}
