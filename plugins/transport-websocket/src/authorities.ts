import { X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** All certificates of a PEM file: while authorities change, it holds the old and the new one. Throws when there is none, or a bad one. */
export function authoritiesOf(pem: Buffer): readonly X509Certificate[] {
  const blocks = pem.toString("latin1").match(block) ?? [];
  // What is no certificate at all fails with the words of OpenSSL.
  if (blocks.length === 0) return [new X509Certificate(pem)];
  return blocks.map((text) => new X509Certificate(text));
}
