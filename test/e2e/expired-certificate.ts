import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;

/** A certificate of an installation's authority for one of its keys, which expired yesterday; the path of its file. */
export async function expiredCertificate(pki: string, name: string): Promise<string> {
  x509.cryptoProvider.set(webcrypto as never);
  const text = (file: string) => readFile(join(pki, file), "utf8");
  const good = new x509.X509Certificate(await text(`${name}.crt`));
  const authority = new x509.X509Certificate(await text("ca.crt"));
  const [pkcs8] = x509.PemConverter.decode(await text("ca.key"));
  if (!pkcs8) throw new Error("the authority has no key");
  const signingKey = await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "4d6f6c6c79",
    subject: good.subject,
    issuer: authority.subject,
    notBefore: new Date(Date.now() - 30 * day),
    notAfter: new Date(Date.now() - day),
    signingAlgorithm: algorithm,
    publicKey: await good.publicKey.export(),
    signingKey,
    extensions: good.extensions,
  });
  const file = join(pki, `${name}-expired.crt`);
  await writeFile(file, `${certificate.toString("pem")}\n`);
  return file;
}
