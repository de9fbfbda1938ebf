import { authenticated, type User } from "../auth/user.ts";
import type { JsonObject } from "../kinds.ts";
import { textAt } from "../printing/member-at.ts";

/** Who issues tokens, and for whom unless another audience is asked for: as kube-apiserver's usual settings have it. */
export const issuer = "https://kubernetes.default.svc.cluster.local";

export interface NamedObject extends JsonObject {
  readonly name: string;
  readonly uid: string;
}

/** Whose a token is, and what has to exist for it to hold. */
export interface TokenSubject {
  readonly namespace: string;
  readonly account: NamedObject;
  readonly pod?: NamedObject;
  readonly secret?: NamedObject;
  /** That of the Pod, or the one that the token is bound to. */
  readonly node?: NamedObject;
}

export interface TokenTimes {
  /** Seconds since the Unix epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** From then on its bearer should have had a newer one. */
  readonly warnAfter?: number;
}

/** The claims as kube-apiserver writes them. */
export function claimsOf(
  subject: TokenSubject,
  audiences: readonly string[],
  times: TokenTimes,
  id: string,
): JsonObject {
  const { namespace, account, pod, secret, node } = subject;
  const { issuedAt, expiresAt, warnAfter } = times;
  return {
    aud: audiences,
    exp: expiresAt,
    iat: issuedAt,
    iss: issuer,
    jti: id,
    "kubernetes.io": {
      namespace,
      ...(node === undefined ? {} : { node }),
      ...(pod === undefined ? {} : { pod }),
      ...(secret === undefined ? {} : { secret }),
      serviceaccount: account,
      ...(warnAfter === undefined ? {} : { warnafter: warnAfter }),
    },
    nbf: issuedAt,
    sub: `system:serviceaccount:${namespace}:${account.name}`,
  };
}

/** Whom claims that were verified name. */
export function subjectOf(claims: JsonObject): TokenSubject {
  const named = (member: string): NamedObject | undefined => {
    const name = textAt(claims, "kubernetes.io", member, "name");
    return name === "" ? undefined : { name, uid: textAt(claims, "kubernetes.io", member, "uid") };
  };
  const [pod, secret, node] = [named("pod"), named("secret"), named("node")];
  return {
    namespace: textAt(claims, "kubernetes.io", "namespace"),
    account: named("serviceaccount") ?? { name: "", uid: "" },
    ...(pod && { pod }),
    ...(secret && { secret }),
    ...(node && { node }),
  };
}

const extraPrefix = "authentication.kubernetes.io";

/** The user that a token makes of its bearer, with the groups and extra fields of Kubernetes. */
export function userOf({ namespace, account, pod, node }: TokenSubject, id: string): User {
  const groups = [serviceAccountsGroup, `${serviceAccountsGroup}:${namespace}`];
  const told = (what: string, object: NamedObject | undefined) =>
    object === undefined
      ? {}
      : {
          [`${extraPrefix}/${what}-name`]: [object.name],
          ...(object.uid === "" ? {} : { [`${extraPrefix}/${what}-uid`]: [object.uid] }),
        };
  return {
    ...authenticated(`system:serviceaccount:${namespace}:${account.name}`, groups, account.uid),
    extra: { [`${extraPrefix}/credential-id`]: [`JTI=${id}`], ...told("node", node), ...told("pod", pod) },
  };
}

/** Everybody with a token of a ServiceAccount. */
export const serviceAccountsGroup = "system:serviceaccounts";
