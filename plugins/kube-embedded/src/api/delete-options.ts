import { decodeBody } from "../http/body.ts";
import { isJsonObject, type JsonObject } from "../kinds.ts";
import { invalidValue, notSupportedValue } from "../registry/names.ts";
import type { DeleteRequest } from "../registry/object-writer.ts";
import type { PropagationPolicy } from "../registry/termination.ts";
import { isDryRun } from "./query.ts";
import { badRequest, invalid } from "./status-error.ts";

const policies = ["Background", "Foreground", "Orphan"] as const;

/** `metav1.DeleteOptions` from the body, which wins, and the query. */
export function deleteOptions(
  body: Uint8Array,
  contentType: string | undefined,
  query: URLSearchParams,
): DeleteRequest {
  const given = body.length === 0 ? {} : decodeBody(body, contentType).value;
  if (!isJsonObject(given)) throw badRequest("the body of a delete must be DeleteOptions");
  const dryRun = given["dryRun"] ?? query.getAll("dryRun");
  if (!Array.isArray(dryRun) || !dryRun.every((it) => typeof it === "string")) {
    throw badRequest("dryRun must be a list of strings");
  }
  const conditions = given["preconditions"] ?? {};
  if (!isJsonObject(conditions)) throw badRequest("preconditions must be an object");
  const uid = stringOf(conditions, "uid");
  const resourceVersion = stringOf(conditions, "resourceVersion");
  return {
    uid,
    resourceVersion,
    dryRun: isDryRun(dryRun),
    gracePeriodSeconds: graceOf(given, query),
    propagationPolicy: policyOf(given, query),
  };
}

function graceOf(given: JsonObject, query: URLSearchParams): number | undefined {
  const text = query.get("gracePeriodSeconds");
  const grace = given["gracePeriodSeconds"] ?? (text === null || text === "" ? undefined : Number(text));
  if (grace === undefined) return undefined;
  if (typeof grace !== "number" || !Number.isInteger(grace)) throw badRequest("gracePeriodSeconds must be an integer");
  return grace;
}

function policyOf(given: JsonObject, query: URLSearchParams): PropagationPolicy | undefined {
  const named = stringOf(given, "propagationPolicy") ?? query.get("propagationPolicy") ?? undefined;
  const inQuery = query.get("orphanDependents");
  const orphans = given["orphanDependents"] ?? (inQuery === null ? undefined : inQuery === "true");
  if (orphans !== undefined && typeof orphans !== "boolean") throw badRequest("orphanDependents must be true or false");
  const options = { group: "meta.k8s.io", kind: "DeleteOptions" };
  if (orphans !== undefined && named !== undefined) {
    const why = "orphanDependents and deletionPropagation cannot be both set";
    throw invalid(options, "", [invalidValue("propagationPolicy", named, why)]);
  }
  if (orphans !== undefined) return orphans ? "Orphan" : "Background";
  const policy = policies.find((it) => it === named);
  if (named !== undefined && policy === undefined) {
    throw invalid(options, "", [notSupportedValue("propagationPolicy", named, policies)]);
  }
  return policy;
}

function stringOf(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw badRequest(`${name} must be a string`);
}
