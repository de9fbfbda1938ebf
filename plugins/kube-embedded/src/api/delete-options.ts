import { decodeBody } from "../http/body.ts";
import { isJsonObject, type JsonObject } from "../kinds.ts";
import { notSupportedValue } from "../registry/names.ts";
import type { Preconditions } from "../registry/object-writer.ts";
import { isDryRun } from "./query.ts";
import { badRequest, invalid } from "./status-error.ts";

export interface DeleteOptions {
  readonly preconditions: Preconditions;
  readonly dryRun: boolean;
  /** Accepted; nothing here runs on after its object, so all of them delete at once. */
  readonly propagationPolicy: string | undefined;
}

const policies = ["Orphan", "Background", "Foreground"];

/** `metav1.DeleteOptions` from the body, which wins, and the query. */
export function deleteOptions(
  body: Uint8Array,
  contentType: string | undefined,
  query: URLSearchParams,
): DeleteOptions {
  const given = body.length === 0 ? {} : decodeBody(body, contentType).value;
  if (!isJsonObject(given)) throw badRequest("the body of a delete must be DeleteOptions");
  const policy = stringOf(given, "propagationPolicy") ?? query.get("propagationPolicy") ?? undefined;
  if (policy !== undefined && !policies.includes(policy)) {
    throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [
      notSupportedValue("propagationPolicy", policy, policies),
    ]);
  }
  const grace = given["gracePeriodSeconds"] ?? Number(query.get("gracePeriodSeconds") ?? 0);
  if (typeof grace !== "number" || !Number.isInteger(grace)) throw badRequest("gracePeriodSeconds must be an integer");
  const dryRun = given["dryRun"] ?? query.getAll("dryRun");
  if (!Array.isArray(dryRun) || !dryRun.every((it) => typeof it === "string")) {
    throw badRequest("dryRun must be a list of strings");
  }
  const conditions = given["preconditions"] ?? {};
  if (!isJsonObject(conditions)) throw badRequest("preconditions must be an object");
  const uid = stringOf(conditions, "uid");
  const resourceVersion = stringOf(conditions, "resourceVersion");
  return {
    preconditions: {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    dryRun: isDryRun(dryRun),
    propagationPolicy: policy,
  };
}

function stringOf(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw badRequest(`${name} must be a string`);
}
