import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { replaceFile } from "./write-file.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;
/** A certificate with less than this left is made anew at the next start. */
const renewBefore = 30 * day;

/** Whom a certificate names, in Kubernetes' terms: CN is the user, O the groups. */
interface Subject {
  readonly file: string;
  readonly commonName: string;
  readonly organization?: string;
  readonly usage: "server" | "client";
  /** Of a server: where it is reached besides loopback. */
  readonly addresses?: readonly string[];
}

/** File names, without ending, of the certificates in the `pki` folder. */
export const certificates = { ca: "ca", server: "server", admin: "admin", cloud: "cloud", edge: "edge" } as const;

function subjects(nodeName: string, addresses: readonly string[]): readonly Subject[] {
  return [
    { file: certificates.server, commonName: "skerry-cloud", usage: "server", addresses },
    { file: certificates.admin, commonName: "admin", organization: "system:masters", usage: "client" },
    { file: certificates.cloud, commonName: "skerry-cloud", organization: "system:masters", usage: "client" },
    { file: certificates.edge, commonName: `system:node:${nodeName}`, organization: "system:nodes", usage: "client" },
  ];
}

/**
 * Makes the CA and certificates that are missing or about to expire in a folder. Keys are PKCS #8 PEM
 * with mode 0600.
 *
 * @param addresses host names and IP addresses of the server besides loopback's
 */
export async function ensurePki(
  folder: string,
  nodeName: string,
  now: Date,
  addresses: readonly string[] = [],
): Promise<void> {
  x509.cryptoProvider.set(webcrypto as never);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = (await loadAuthority(folder, now)) ?? (await makeAuthority(folder, now));
  for (const subject of subjects(nodeName, addresses)) {
    if (!(await isUsable(folder, subject, authority, now))) await issue(folder, subject, authority, now);
  }
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

async function makeAuthority(folder: string, now: Date): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: "CN=skerry-ca",
    notBefore: backdated(now),
    notAfter: new Date(now.getTime() + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await store(folder, certificates.ca, certificate, keys.privateKey);
  return { certificate, key: keys.privateKey };
}

async function loadAuthority(folder: string, now: Date): Promise<Authority | undefined> {
  const certificate = await loadCertificate(folder, certificates.ca);
  const keyFile = join(folder, `${certificates.ca}.key`);
  if (!certificate || !existsSync(keyFile) || expiresSoon(certificate, now)) return undefined;
  const [pkcs8] = x509.PemConverter.decode(await readFile(keyFile, "utf8"));
  if (!pkcs8) return undefined;
  const key = await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  return { certificate, key };
}

async function isUsable(folder: string, subject: Subject, authority: Authority, now: Date): Promise<boolean> {
  const certificate = await loadCertificate(folder, subject.file);
  return (
    certificate !== undefined &&
    existsSync(join(folder, `${subject.file}.key`)) &&
    !expiresSoon(certificate, now) &&
    certificate.subjectName.getField("CN")[0] === subject.commonName &&
    isReachedAt(certificate, subject.addresses ?? []) &&
    (await certificate.verify({ publicKey: await authority.certificate.publicKey.export(), signatureOnly: true }))
  );
}

async function issue(folder: string, subject: Subject, authority: Authority, now: Date): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const usages = [subject.usage === "server" ? serverAuth : clientAuth];
  const organization = subject.organization === undefined ? [] : [{ O: [subject.organization] }];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: new x509.Name([...organization, { CN: [subject.commonName] }]).toString(),
    issuer: authority.certificate.subject,
    notBefore: backdated(now),
    notAfter: new Date(now.getTime() + 365 * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(usages),
      ...(subject.usage === "client"
        ? []
        : [new x509.SubjectAlternativeNameExtension([...loopbackNames, ...(subject.addresses ?? []).map(nameOf)])]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  await store(folder, subject.file, certificate, keys.privateKey);
}

const serverAuth = "1.3.6.1.5.5.7.3.1";
const clientAuth = "1.3.6.1.5.5.7.3.2";
const loopbackNames: x509.JsonGeneralNames = [
  { type: "dns", value: "localhost" },
  { type: "ip", value: "127.0.0.1" },
  { type: "ip", value: "::1" },
];

function nameOf(address: string): x509.JsonGeneralName {
  return isIP(address) === 0 ? { type: "dns", value: address } : { type: "ip", value: address };
}

function isReachedAt(certificate: x509.X509Certificate, addresses: readonly string[]): boolean {
  const read = new X509Certificate(Buffer.from(certificate.rawData));
  return addresses.every((address) => (isIP(address) === 0 ? read.checkHost(address) : read.checkIP(address)));
}

/** The clocks of two machines differ; a certificate is valid from an hour before it was made. */
function backdated(now: Date): Date {
  return new Date(now.getTime() - 60 * 60 * 1000);
}

function expiresSoon(certificate: x509.X509Certificate, now: Date): boolean {
  return certificate.notAfter.getTime() - now.getTime() < renewBefore;
}

/** Positive, at most 20 bytes, 64 bits of chance or more (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

async function loadCertificate(folder: string, name: string): Promise<x509.X509Certificate | undefined> {
  const file = join(folder, `${name}.crt`);
  return existsSync(file) ? new x509.X509Certificate(await readFile(file, "utf8")) : undefined;
}

async function store(folder: string, name: string, certificate: x509.X509Certificate, key: webcrypto.CryptoKey) {
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", key);
  await replaceFile(join(folder, `${name}.key`), x509.PemConverter.encode(pkcs8, "PRIVATE KEY"), 0o600);
  await replaceFile(join(folder, `${name}.crt`), `${certificate.toString("pem")}\n`);
}
