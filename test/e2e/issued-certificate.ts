import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;

/** A certificate of an installation's authority for one of its keys, which expired yesterday; the path of its file. */
export function expiredCertificate(pki: string, name: string): Promise<string> {
  const [notBefore, notAfter] = [new Date(Date.now() - 30 * day), new Date(Date.now() - day)];
  return issue(pki, { name, as: `${name}-expired` }, () => ({ notBefore, notAfter }));
}

/** A certificate for one of the keys of an installation whose server is at another address; the path of its file. */
export function certificateAt(pki: string, name: string, address: string): Promise<string> {
  return issue(pki, { name, as: `${name}-${address}` }, ({ extensions }) => ({
    extensions: [
      ...extensions.filter((extension) => !(extension instanceof x509.SubjectAlternativeNameExtension)),
      new x509.SubjectAlternativeNameExtension([{ type: "ip", value: address }]),
    ],
  }));
}

type Changes = Pick<x509.X509CertificateCreateParams, "notBefore" | "notAfter" | "extensions">;

async function issue(
  pki: string,
  { name, as }: { readonly name: string; readonly as: string },
  change: (good: x509.X509Certificate) => Changes,
): Promise<string> {
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
    notBefore: good.notBefore,
    notAfter: good.notAfter,
    signingAlgorithm: algorithm,
    publicKey: await good.publicKey.export(),
    signingKey,
    extensions: good.extensions,
    ...change(good),
  });
  const file = join(pki, `${as}.crt`);
  await writeFile(file, `${certificate.toString("pem")}\n`);
  return file;
}
