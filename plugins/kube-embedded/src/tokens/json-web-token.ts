import { sign, verify } from "node:crypto";
import { isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import type { SigningKey } from "./signing-key.ts";

/** Bytes; longer ones are not looked at. */
const longestToken = 16 * 1024;

const signature = { dsaEncoding: "ieee-p1363" } as const;

/** Claims as a signed JSON Web Token in its compact form (RFC 7515, 7.1). */
export function signToken(claims: JsonObject, key: SigningKey): string {
  const head = `${encoded({ alg: "ES256", kid: key.id })}.${encoded(claims)}`;
  const mark = sign("sha256", Buffer.from(head), { key: key.privateKey, ...signature });
  return `${head}.${mark.toString("base64url")}`;
}

/** The claims of a token that this key signed; `undefined` for any other text. */
export function openToken(token: string, key: SigningKey): JsonObject | undefined {
  if (token.length > longestToken) return undefined;
  const parts = token.split(".");
  const [head = "", claims = "", mark = ""] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
  const { alg, kid } = decoded(head) ?? {};
  if (alg !== "ES256" || kid !== key.id) return undefined;
  const isOurs = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: key.publicKey, ...signature },
    Buffer.from(mark, "base64url"),
  );
  return isOurs ? decoded(claims) : undefined;
}

function encoded(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decoded(part: string): JsonObject | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
