import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import type { TlsSettings } from "../src/index.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const hour = 60 * 60 * 1000;

export interface CertificateOptions {
  /** Subject, for instance `CN=edge`; may be empty. */
  readonly subject: string;
  readonly usage: "server" | "client";
  /** DNS names; the addresses of loopback are added for `localhost`. */
  readonly hosts?: readonly string[];
  /** Hours from now; default 1. Negative: it has expired. */
  readonly expiresIn?: number;
}

/** A certificate authority for one test, whose files are in a folder of its own. */
export class TestAuthority implements AsyncDisposable {
  readonly folder: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #certificate: x509.X509Certificate;
  #issued = 0;

  private constructor(folder: string, keys: webcrypto.CryptoKeyPair, certificate: x509.X509Certificate) {
    this.folder = folder;
    this.#keys = keys;
    this.#certificate = certificate;
  }

  static async create(name = "test-ca"): Promise<TestAuthority> {
    x509.cryptoProvider.set(webcrypto as never);
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: "01",
      name: `CN=${name}`,
      ...validity(1),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    const folder = await mkdtemp(join(tmpdir(), "skerry-transport-"));
    await writeFile(join(folder, "ca.crt"), certificate.toString("pem"));
    return new TestAuthority(folder, keys, certificate);
  }

  /** Writes a certificate and its key; paths are relative to `folder`. */
  async issue(options: CertificateOptions, name = `issued-${++this.#issued}`): Promise<TlsSettings> {
    const { subject, usage, hosts = ["localhost"], expiresIn = 1 } = options;
    const keys = await newKeys();
    const names: x509.JsonGeneralNames = hosts.flatMap((host) => [
      { type: "dns", value: host } as const,
      ...(host === "localhost" ? [{ type: "ip", value: "127.0.0.1" } as const] : []),
    ]);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8)))
        .toString("hex")
        .replace(/^./, "1"),
      subject,
      issuer: this.#certificate.subject,
      ...validity(expiresIn),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new x509.ExtendedKeyUsageExtension([usage === "server" ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2"]),
        ...(usage === "server" ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    await writeFile(join(this.folder, `${name}.crt`), certificate.toString("pem"));
    await writeFile(join(this.folder, `${name}.key`), x509.PemConverter.encode(pkcs8, "PRIVATE KEY"));
    return { ca: "ca.crt", certificate: `${name}.crt`, key: `${name}.key` };
  }

  /** A certificate that `other` issued, in this folder, beside this authority's CA. */
  async adopt(other: TestAuthority, options: CertificateOptions): Promise<TlsSettings> {
    const { certificate, key } = await other.issue(options);
    await copyFile(join(other.folder, certificate), join(this.folder, `foreign-${certificate}`));
    await copyFile(join(other.folder, key), join(this.folder, `foreign-${key}`));
    return { ca: "ca.crt", certificate: `foreign-${certificate}`, key: `foreign-${key}` };
  }

  remove(file: string): Promise<void> {
    return rm(join(this.folder, file));
  }

  read(file: string): Promise<Buffer> {
    return readFile(join(this.folder, file));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
}

function validity(expiresIn: number) {
  const notAfter = new Date(Date.now() + expiresIn * hour);
  return { notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - hour), notAfter };
}
