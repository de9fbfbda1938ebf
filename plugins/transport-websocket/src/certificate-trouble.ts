import { X509Certificate } from "node:crypto";
import { authoritiesOf } from "./authorities.ts";
import type { TlsFiles } from "./tls-files.ts";

/** What OpenSSL and Node call the faults of a peer's certificate, in words. `undefined`: it is no such fault. */
export function certificateTrouble(code: string): string | undefined {
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return "its certificate has expired";
    case "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE":
      return "it has no certificate";
    case "CERT_NOT_YET_VALID":
      return "its certificate is not valid yet";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "its certificate is for another host";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_SIGNATURE_FAILURE":
    case "CERT_UNTRUSTED":
      return "its certificate was signed by an unknown authority";
    case "INVALID_PURPOSE":
    case "UNSUPPORTED_CERTIFICATE_PURPOSE":
      return "its certificate is for another purpose";
    case "INVALID_CA":
    case "PATH_LENGTH_EXCEEDED":
    case "CERT_CHAIN_TOO_LONG":
    case "CERT_REVOKED":
    case "CERT_REJECTED":
      return "its certificate is not acceptable";
    default:
      return undefined;
  }
}

/** Why another side might not accept this certificate, as far as can be told here. */
export function ownCertificateTrouble({ ca, certificate }: TlsFiles, now: number): string {
  const own = new X509Certificate(certificate);
  if (Date.parse(own.validTo) < now) return `it expired on ${own.validTo}`;
  if (Date.parse(own.validFrom) > now) return `it is not valid before ${own.validFrom}, by this node's clock`;
  if (!authoritiesOf(ca).some(({ publicKey }) => own.verify(publicKey)))
    return "another authority than those in tls.ca signed it";
  return "the other side may know another authority, or have another time";
}
