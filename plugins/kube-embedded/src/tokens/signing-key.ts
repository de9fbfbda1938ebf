import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { JsonObject } from "../kinds.ts";

/** Signs tokens as ES256 (RFC 7518, 3.4). */
export interface SigningKey {
  /** `kid`, as kube-apiserver makes it: SHA-256 of the public key's SubjectPublicKeyInfo. */
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public key as a JSON Web Key (RFC 7517). */
  readonly jwk: JsonObject;
}

/** Throws for what is no private key on the curve P-256 in PEM. */
export function signingKeyOf(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  const curve = privateKey.asymmetricKeyDetails?.namedCurve;
  if (curve !== "prime256v1") throw new Error(`expected an EC key on P-256, found ${curve ?? "another kind of key"}`);
  const publicKey = createPublicKey(privateKey);
  const id = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url");
  const { kty = "", crv = "", x = "", y = "" } = publicKey.export({ format: "jwk" });
  return { id, privateKey, publicKey, jwk: { use: "sig", kty, kid: id, crv, alg: "ES256", x, y } };
}

/** A new private key in PEM. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
