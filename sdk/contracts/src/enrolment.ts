import { defineToken } from "@skerry/plugin";

/** Makes this machine a node of a cloud, by a token of that cloud. */
export interface Enrolment {
  /**
   * Errors: those of `Transport.connect`, `SKERRY_ENROLMENT_BAD_TOKEN` (invalid: not the text of a token),
   * `SKERRY_ENROLMENT_REFUSED` (denied: in the cloud's words) and `SKERRY_ENROLMENT_BAD_ANSWER` (invalid).
   */
  join(request: JoinRequest, signal: AbortSignal): Promise<Enrolled>;
}

export interface JoinRequest {
  /** `wss://host:port` */
  readonly url: string;
  readonly token: string;
  /** The name this node should have. Absent: the one the token names, else `hostname`. */
  readonly name: string | undefined;
  readonly hostname: string;
  /** PEM, PKCS #8, of a P-256 key. It is not sent. */
  readonly key: string;
}

export interface Enrolled {
  readonly node: string;
  /** PEM */
  readonly certificate: string;
  /** PEM, the authorities to trust. */
  readonly ca: string;
  /** SHA-256 of the authority's public key that the token names, in hexadecimal. */
  readonly authority: string;
  /** RFC 3339. */
  readonly validUntil: string;
}

export const Enrolment = defineToken<Enrolment>("enrolment.enrolment/1");
