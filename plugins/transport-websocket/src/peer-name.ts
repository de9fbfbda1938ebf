import { isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";

/** `host:port`, as people write it. IPv4 addresses that IPv6 sockets report are written as IPv4. */
export function hostAndPort(host: string, port: number): string {
  const plain = host.replace(/^::ffff:(?=\d+\.)/, "");
  return isIPv6(plain) ? `[${plain}]:${port}` : `${plain}:${port}`;
}

/** Absent members in spite of the types: a peer without a certificate has an empty object. */
interface Shown {
  readonly subject?: { readonly CN?: unknown };
  readonly serialNumber?: string;
  readonly raw?: Buffer;
}

const shownBy = (socket: TLSSocket) => socket.getPeerCertificate() as unknown as Shown;

/** The one common name of the peer's certificate, and its serial number. `undefined`: there is none, or several. */
export function peerIdentity(socket: TLSSocket): { readonly identity: string; readonly serial: string } | undefined {
  const { subject, serialNumber = "" } = shownBy(socket);
  return typeof subject?.CN === "string" && subject.CN !== ""
    ? { identity: subject.CN, serial: serialNumber }
    : undefined;
}

/** The peer's certificate in DER. */
export function certificateOf(socket: TLSSocket): Uint8Array | undefined {
  return shownBy(socket).raw;
}
