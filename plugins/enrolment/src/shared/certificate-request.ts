import { createPrivateKey, createPublicKey, sign } from "node:crypto";

/**
 * A request for a certificate (PKCS #10, RFC 2986) with that common name, in PEM: the little of DER that it takes, so
 * that a node carries no library for it.
 *
 * @param key PEM, PKCS #8, of a P-256 key
 */
export function certificateRequest(commonName: string, key: string): string {
  const privateKey = createPrivateKey(key);
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const name = sequence(set(sequence(oid(commonNameOid), element(0x0c, Buffer.from(commonName, "utf8")))));
  const info = sequence(element(0x02, Buffer.of(0)), name, publicKey, element(0xa0, Buffer.alloc(0)));
  const signature = Buffer.concat([Buffer.of(0), sign("sha256", info, privateKey)]);
  const request = sequence(info, sequence(oid(ecdsaWithSha256)), element(0x03, signature));
  const lines = request.toString("base64").replaceAll(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines}\n-----END CERTIFICATE REQUEST-----\n`;
}

/** 2.5.4.3 */
const commonNameOid = [0x55, 0x04, 0x03];
/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

const sequence = (...parts: readonly Buffer[]) => element(0x30, Buffer.concat(parts));
const set = (...parts: readonly Buffer[]) => element(0x31, Buffer.concat(parts));
const oid = (bytes: readonly number[]) => element(0x06, Buffer.from(bytes));

/** Tag, length, contents (X.690, 8.1); contents of at most 64 KiB. */
function element(tag: number, contents: Buffer): Buffer {
  const { length } = contents;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), contents]);
}
