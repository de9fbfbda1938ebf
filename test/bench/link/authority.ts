import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;
const [serverAuth, clientAuth] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

export const nodeName = (index: number) => `edge-${index}`;

/**
 * Certificates for one cloud and many nodes, in a folder: `ca.crt`, `cloud.crt`, `edge-N.crt`, and one key for all, `key.pem`,
 * which is what makes thousands of them a matter of seconds.
 */
export async function writeCertificates(folder: string, nodes: number): Promise<void> {
  x509.cryptoProvider.set(webcrypto as never);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=bench-ca",
    ...validity,
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const issue = (subject: string, serial: number, extensions: x509.Extension[]) =>
    x509.X509CertificateGenerator.create({
      serialNumber: (0x10_0000 + serial).toString(16),
      subject,
      issuer: ca.subject,
      ...validity,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      extensions,
    });
  const write = (name: string, text: string) => writeFile(join(folder, name), `${text}\n`);
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  await write("ca.crt", ca.toString("pem"));
  await write("key.pem", x509.PemConverter.encode(pkcs8, "PRIVATE KEY"));
  const cloud = await issue("CN=skerry-cloud", 0, [
    new x509.ExtendedKeyUsageExtension([serverAuth]),
    new x509.SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }]),
  ]);
  await write("cloud.crt", cloud.toString("pem"));
  const purpose = new x509.ExtendedKeyUsageExtension([clientAuth]);
  for (let index = 0; index < nodes; index += 1) {
    const certificate = await issue(`O=system:nodes, CN=system:node:${nodeName(index)}`, index + 1, [purpose]);
    await write(`${nodeName(index)}.crt`, certificate.toString("pem"));
  }
}
