import { X509Certificate } from "node:crypto";
import { errors } from "../errors.ts";

/** What the text of a token says. */
export interface JoinToken {
  /** Public: names the token in lists. */
  readonly id: string;
  readonly secret: string;
  /** DER of the certificate whose key signed the cloud's: whoever holds the token trusts no other. */
  readonly authority: Uint8Array;
}

const longest = 16 * 1024;

/** `skerry.<id>.<secret>.<authority>`, without spaces or anything a shell takes for its own. */
export function tokenText({ id, secret, authority }: JoinToken): string {
  return ["skerry", id, secret, Buffer.from(authority).toString("base64url")].join(".");
}

/** Throws `SKERRY_ENROLMENT_BAD_TOKEN`, which never repeats the text. */
export function parseToken(text: string): JoinToken {
  const bad = (problem: string) => errors.create("SKERRY_ENROLMENT_BAD_TOKEN", { problem });
  if (text.length > longest) throw bad(`it is longer than ${longest} characters`);
  const [kind, id = "", secret = "", encoded = "", ...rest] = text.trim().split(".");
  if (kind !== "skerry" || rest.length > 0) throw bad("it is not of the form skerry.ID.SECRET.AUTHORITY");
  if (!/^[a-z0-9]{8}$/.test(id)) throw bad("its first part is no id");
  if (!/^[\w-]{43}$/.test(secret)) throw bad("its second part is no secret");
  const authority = Buffer.from(encoded, "base64url");
  try {
    new X509Certificate(authority);
  } catch {
    throw bad("its last part is no certificate: it may have been cut off");
  }
  return { id, secret, authority };
}
