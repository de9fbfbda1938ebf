import type { TLSSocket } from "node:tls";

/** What the TLS handshake proved about the other side. */
export type Peer =
  | { readonly type: "none" }
  /** It presented a certificate that no client CA of ours vouches for. */
  | { readonly type: "rejected"; readonly why: string }
  | { readonly type: "certificate"; readonly subject: CertificateSubject; readonly expiresAt: number };

export interface CertificateSubject {
  readonly commonNames: readonly string[];
  readonly organizations: readonly string[];
}

/**
 * Reads the verdict of the handshake. OpenSSL has verified any certificate the client presented against
 * the client CA, including its purpose and its dates; only `authorized` makes it count.
 */
export function peerOf(socket: TLSSocket): Peer {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { type: "none" };
  if (!socket.authorized) return { type: "rejected", why: String(socket.authorizationError) };
  const { subject } = certificate.toLegacyObject();
  return {
    type: "certificate",
    subject: { commonNames: listOf(subject.CN), organizations: listOf(subject.O) },
    expiresAt: Date.parse(certificate.validTo),
  };
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}
