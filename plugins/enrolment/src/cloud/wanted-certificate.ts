import "reflect-metadata";
import { createHash, createPublicKey, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { errors } from "../errors.ts";

/** A request that was understood: the key it asks a certificate for. Nothing else of it counts. */
export interface WantedCertificate {
  readonly publicKey: x509.PublicKey;
  /** SHA-256 of the key, in hexadecimal. */
  readonly keyHash: string;
}

/**
 * @param pem PKCS #10 (RFC 2986). Its sender has the key, since the request is signed with it.
 *
 * Rejects with `SKERRY_ENROLMENT_BAD_REQUEST`.
 */
export async function readCertificateRequest(pem: string): Promise<WantedCertificate> {
  x509.cryptoProvider.set(webcrypto as never);
  let request: x509.Pkcs10CertificateRequest;
  let key: Buffer;
  let curve: string | undefined;
  try {
    request = new x509.Pkcs10CertificateRequest(pem);
    key = Buffer.from(request.publicKey.rawData);
    curve = createPublicKey({ key, format: "der", type: "spki" }).asymmetricKeyDetails?.namedCurve;
  } catch (cause) {
    throw bad("cannot be read", cause);
  }
  if (curve !== "prime256v1") throw bad("is for another kind of key than P-256");
  if (!(await request.verify().catch(() => false))) throw bad("was not signed with its own key");
  return { publicKey: request.publicKey, keyHash: createHash("sha256").update(key).digest("hex") };
}

function bad(problem: string, cause?: unknown) {
  return errors.create("SKERRY_ENROLMENT_BAD_REQUEST", { problem }, cause);
}
