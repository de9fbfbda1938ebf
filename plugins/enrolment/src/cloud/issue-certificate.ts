import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { nodeIdentity } from "../shared/node-certificate.ts";

export interface CertificateParts {
  readonly node: string;
  readonly publicKey: x509.PublicKey;
  /** DER of the certificate that signs, and its key. */
  readonly issuer: Uint8Array;
  readonly key: webcrypto.CryptoKey;
  /** Milliseconds since the Unix epoch. */
  readonly validFrom: number;
  readonly validUntil: number;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const clientAuth = "1.3.6.1.5.5.7.3.2";

/** The certificate of a node, in PEM: for TLS clients, and for nothing else. */
export async function issueCertificate(parts: CertificateParts): Promise<string> {
  const { node, publicKey, issuer, key, validFrom, validUntil } = parts;
  x509.cryptoProvider.set(webcrypto as never);
  const signer = new x509.X509Certificate(Uint8Array.from(issuer));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: new x509.Name([{ O: ["system:nodes"] }, { CN: [`${nodeIdentity}${node}`] }]).toString(),
    issuer: signer.subject,
    notBefore: new Date(validFrom),
    notAfter: new Date(validUntil),
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(signer),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

/** Positive, at most 20 bytes, 64 bits of chance or more (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}
