import { X509Certificate } from "node:crypto";

/** What is of interest in the certificate of a node. */
export interface NodeCertificate {
  /** The node it names. */
  readonly node: string;
  /** Upper-case hexadecimal. */
  readonly serial: string;
  /** Milliseconds since the Unix epoch. */
  readonly validFrom: number;
  readonly validUntil: number;
  readonly certificate: X509Certificate;
}

/** Prefix of a node's identity, as Kubernetes' node authorizer has it. */
export const nodeIdentity = "system:node:";
const clientAuth = "1.3.6.1.5.5.7.3.2";

/**
 * @param source PEM or DER
 * @returns `undefined` when it is no certificate of a node: one common name with the prefix, for TLS clients
 */
export function readNodeCertificate(source: string | Uint8Array): NodeCertificate | undefined {
  const certificate = parsed(source);
  if (certificate === undefined) return undefined;
  const names = certificate.subject.split("\n").filter((line) => line.startsWith("CN="));
  const name = names[0]?.slice("CN=".length) ?? "";
  const isForNodes = names.length === 1 && name.startsWith(nodeIdentity) && isNodeName(name.slice(nodeIdentity.length));
  if (!isForNodes || certificate.ca || !certificate.keyUsage?.includes(clientAuth)) return undefined;
  return {
    node: name.slice(nodeIdentity.length),
    serial: certificate.serialNumber,
    validFrom: Date.parse(certificate.validFrom),
    validUntil: Date.parse(certificate.validTo),
    certificate,
  };
}

function parsed(source: string | Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(source);
  } catch {
    return undefined;
  }
}

/** A DNS subdomain that also fits into a label's value. */
export function isNodeName(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}
