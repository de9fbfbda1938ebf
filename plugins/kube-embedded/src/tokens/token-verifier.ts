import type { Clock } from "@skerry/contracts";
import type { User } from "../auth/user.ts";
import { memberAt } from "../printing/member-at.ts";
import { type ApiObject, objectKey } from "../registry/api-object.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import { openToken } from "./json-web-token.ts";
import type { SigningKey } from "./signing-key.ts";
import { issuer, type NamedObject, subjectOf, type TokenSubject, userOf } from "./token-claims.ts";

/** As in Kubernetes: for so long after its time to go, what a token is bound to still counts as there. */
const leavingMs = 60_000;

export interface VerifiedToken {
  readonly user: User;
  /** Those of the asked audiences that the token is for. */
  readonly audiences: readonly string[];
}

/** Says whose a token of this server is, as long as its ServiceAccount and what it is bound to exist. */
export class TokenVerifier {
  constructor(
    private readonly key: SigningKey,
    private readonly store: ObjectStore,
    private readonly clock: Clock,
  ) {}

  /** `undefined` for a token that does not hold: forged, expired, for others, or of something that is gone. */
  verify(token: string, audiences: readonly string[] = [issuer]): VerifiedToken | undefined {
    const claims = openToken(token, this.key);
    if (claims === undefined || claims["iss"] !== issuer) return undefined;
    const { exp, nbf, aud, jti } = claims;
    const now = this.clock.now() / 1000;
    if (typeof exp !== "number" || typeof nbf !== "number" || now >= exp || now < nbf) return undefined;
    const meant = Array.isArray(aud) ? audiences.filter((audience) => aud.includes(audience)) : [];
    const subject = subjectOf(claims);
    if (meant.length === 0 || !this.#isThere(subject)) return undefined;
    return { user: userOf(subject, String(jti)), audiences: meant };
  }

  #isThere({ namespace, account, pod, secret, node }: TokenSubject): boolean {
    if (!this.#has("serviceaccounts", namespace, account)) return false;
    if (pod !== undefined) return this.#has("pods", namespace, pod);
    if (secret !== undefined) return this.#has("secrets", namespace, secret);
    return node === undefined || this.#has("nodes", undefined, node);
  }

  #has(plural: string, namespace: string | undefined, { name, uid }: NamedObject): boolean {
    const object = this.store.collection(`/${plural}`).get(objectKey(namespace, name));
    return object !== undefined && object.metadata.uid === uid && !this.#hasLeft(object);
  }

  #hasLeft(object: ApiObject): boolean {
    const leaves = memberAt(object, "metadata", "deletionTimestamp");
    return typeof leaves === "string" && Date.parse(leaves) + leavingMs < this.clock.now();
  }
}
