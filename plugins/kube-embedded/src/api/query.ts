import { errorFamily, errorMessage } from "@skerry/plugin";
import type { ApiObject } from "../registry/api-object.ts";
import type { FieldValidation } from "../registry/object-decoder.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import { parseFieldSelector } from "../selectors/field-selector.ts";
import { parseLabelSelector } from "../selectors/label-selector.ts";
import { badRequest, invalid } from "./status-error.ts";

/** What a list or watch asks for. */
export interface ListQuery {
  readonly matches: (object: ApiObject) => boolean;
  /** Whether a selector restricts the answer. */
  readonly selective: boolean;
  readonly limit: number | undefined;
  readonly continueToken: string | undefined;
  readonly version: number | undefined;
  readonly versionMatch: "NotOlderThan" | "Exact" | undefined;
}

export interface WatchQuery {
  readonly bookmarks: boolean;
  readonly initialEvents: boolean;
  readonly timeoutSeconds: number | undefined;
}

/** Reads the query of a list; selectors see objects in their served form. */
export function listQuery(query: URLSearchParams, kind: ServedKind, onlyName?: string): ListQuery {
  const labels = query.get("labelSelector") ?? "";
  const fields = query.get("fieldSelector") ?? "";
  const supported = ["metadata.name", "metadata.namespace", ...kind.selectableFields];
  const byLabel = parsed(() => parseLabelSelector(labels));
  const byField = parsed(() => parseFieldSelector(fields, supported));
  const match = query.get("resourceVersionMatch");
  if (match !== null && match !== "NotOlderThan" && match !== "Exact") {
    throw badRequest(`resourceVersionMatch must be NotOlderThan or Exact, not ${JSON.stringify(match)}`);
  }
  const version = wholeNumber(query, "resourceVersion");
  // A watch that begins with what there is may leave the version open.
  if (match !== null && version === undefined && !truth(query, "sendInitialEvents")) {
    throw badRequest("resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  return {
    matches: (object) =>
      (onlyName === undefined || object.metadata.name === onlyName) &&
      (labels === "" || byLabel(object.metadata.labels ?? {})) &&
      (fields === "" || byField(object)),
    selective: labels !== "" || fields !== "" || onlyName !== undefined,
    limit: wholeNumber(query, "limit") || undefined,
    continueToken: query.get("continue") || undefined,
    version,
    versionMatch: match ?? undefined,
  };
}

export function watchQuery(query: URLSearchParams): WatchQuery {
  const bookmarks = truth(query, "allowWatchBookmarks");
  const initialEvents = truth(query, "sendInitialEvents");
  if (initialEvents && query.get("resourceVersionMatch") !== "NotOlderThan") {
    throw badRequest("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  }
  return { bookmarks, initialEvents, timeoutSeconds: wholeNumber(query, "timeoutSeconds") || undefined };
}

export function truth(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === "" || value === "1" || value?.toLowerCase() === "true";
}

/** `dryRun=All`; anything else by that name is refused. */
export function isDryRun(values: readonly string[]): boolean {
  const wrong = values.find((value) => value !== "" && value !== "All");
  if (wrong === undefined) return values.includes("All");
  throw invalid({ group: "meta.k8s.io", kind: "Options" }, "", [
    {
      field: "dryRun",
      reason: "FieldValueNotSupported",
      message: `Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`,
    },
  ]);
}

export function fieldValidationOf(query: URLSearchParams): FieldValidation {
  const value = query.get("fieldValidation") || "Warn";
  if (value === "Strict" || value === "Warn" || value === "Ignore") return value;
  throw badRequest(`fieldValidation must be Ignore, Warn or Strict, not ${JSON.stringify(value)}`);
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw badRequest(`${name} must be a whole number, not ${JSON.stringify(text)}`);
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (errorFamily(error) === "invalid") throw badRequest(errorMessage(error));
    throw error;
  }
}
