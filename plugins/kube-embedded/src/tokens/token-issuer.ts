import type { Clock, Random } from "@skerry/contracts";
import { invalid } from "../api/status-error.ts";
import { isJsonObject, type JsonObject } from "../kinds.ts";
import { memberAt } from "../printing/member-at.ts";
import type { ApiObject } from "../registry/api-object.ts";
import { invalidValue } from "../registry/names.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import { boundObject } from "./bound-object.ts";
import { signToken } from "./json-web-token.ts";
import type { SigningKey } from "./signing-key.ts";
import { claimsOf, issuer } from "./token-claims.ts";

const usualSeconds = 60 * 60;
const shortestSeconds = 10 * 60;
const longestSeconds = 2 ** 32;
/** What admission asks for; as in Kubernetes such a token holds longer, for programs that read it once. */
const mountedSeconds = 60 * 60 + 7;
const extendedSeconds = 365 * 24 * 60 * 60;

/** Answers `authentication.k8s.io/v1` TokenRequests. */
export class TokenIssuer {
  constructor(
    private readonly key: SigningKey,
    private readonly store: ObjectStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** The request with its token in the status; throws `StatusError`. */
  issue(account: ApiObject, request: JsonObject): JsonObject {
    const { name, namespace = "", uid = "" } = account.metadata;
    const spec = isJsonObject(request["spec"]) ? request["spec"] : {};
    const audiences = audiencesOf(spec, name);
    const seconds = lifetimeOf(spec, name);
    const reference = spec["boundObjectRef"];
    const bound = isJsonObject(reference) ? boundObject(reference, account, this.store) : {};
    const issuedAt = Math.floor(this.clock.now() / 1000);
    const isMounted = bound.pod !== undefined && seconds === mountedSeconds && audiences.every((it) => it === issuer);
    const times = isMounted
      ? { issuedAt, expiresAt: issuedAt + extendedSeconds, warnAfter: issuedAt + seconds }
      : { issuedAt, expiresAt: issuedAt + seconds };
    const claims = claimsOf({ namespace, account: { name, uid }, ...bound }, audiences, times, this.random.uuid());
    return {
      kind: "TokenRequest",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { name, namespace, creationTimestamp: timeText(issuedAt) },
      spec: { ...spec, audiences, expirationSeconds: seconds },
      status: { token: signToken(claims, this.key), expirationTimestamp: timeText(issuedAt + seconds) },
    };
  }
}

function audiencesOf(spec: JsonObject, name: string): readonly string[] {
  const asked = spec["audiences"] ?? [];
  if (!Array.isArray(asked) || !asked.every((it) => typeof it === "string" && it !== "")) {
    throw refused(name, "spec.audiences", asked, "must be a list of names");
  }
  return asked.length === 0 ? [issuer] : (asked as readonly string[]);
}

function lifetimeOf(spec: JsonObject, name: string): number {
  const asked = memberAt(spec, "expirationSeconds") ?? usualSeconds;
  const field = "spec.expirationSeconds";
  if (typeof asked !== "number" || !Number.isSafeInteger(asked)) {
    throw refused(name, field, asked, "must be a whole number");
  }
  if (asked < shortestSeconds) throw refused(name, field, asked, "may not specify a duration less than 10 minutes");
  if (asked > longestSeconds) {
    throw refused(name, field, asked, "may not specify a duration larger than 2^32 seconds");
  }
  return asked;
}

function refused(name: string, field: string, found: Parameters<typeof invalidValue>[1], why: string) {
  const kind = { group: "authentication.k8s.io", kind: "TokenRequest" };
  return invalid(kind, name, [invalidValue(field, found, why)]);
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
