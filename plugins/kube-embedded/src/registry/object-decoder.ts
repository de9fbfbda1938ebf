import { badRequest, invalid, type StatusError } from "../api/status-error.ts";
import { groupVersionOf, isJsonObject, type JsonObject, type JsonValue, type KindInfo } from "../kinds.ts";
import { deepestJson } from "../limits.ts";
import type { ApiObject } from "./api-object.ts";
import { decodeMetadata } from "./metadata.ts";
import { invalidValue } from "./names.ts";
import type { ServedKind } from "./served-kind.ts";

export type FieldValidation = "Strict" | "Warn" | "Ignore";

export interface DecodeOptions {
  readonly fieldValidation: FieldValidation;
  /** Receives a sentence for each unknown or duplicate field under `Warn`. */
  warn(text: string): void;
}

export interface DecodeInput {
  readonly value: JsonValue;
  readonly duplicates: readonly string[];
  /** Kubernetes answers 422 for the outcome of a patch where it answers 400 for a body. */
  readonly source: "body" | "patch";
}

/** Makes a request's body an object of a kind: typed metadata, no fields the schema does not know. */
export function decodeObject(kind: ServedKind, input: DecodeInput, options: DecodeOptions): ApiObject {
  const { info } = kind;
  if (!isJsonObject(input.value)) throw badRequest(`${cannotBe(info)}: the body must be a JSON object`);
  if (isDeeperThan(input.value, deepestJson))
    throw badRequest(`the object is nested deeper than ${deepestJson} levels`);
  checkType(kind, input.value);
  const { apiVersion: _, kind: __, metadata: rawMetadata, ...members } = input.value;
  const metadata = decodeMetadata(rawMetadata);
  if (metadata.mistyped.length > 0) throw badRequest(`${cannotBe(info)}: ${metadata.mistyped.join(", ")}`);
  const { object, unknown } = kind.schema.pruned(kind.strategy.custom ? members : withoutNulls(members));
  report(
    [
      ...input.duplicates.map((path) => `duplicate field "${path}"`),
      ...[...unknown, ...metadata.unknown].map((path) => `unknown field "${path}"`),
    ],
    options,
    (problem) => strictError(info, input, metadata.metadata.name, problem),
  );
  return { apiVersion: groupVersionOf(info), kind: info.kind, metadata: metadata.metadata, ...(object as JsonObject) };
}

function report(problems: readonly string[], options: DecodeOptions, strict: (problem: string) => StatusError): void {
  if (problems.length === 0 || options.fieldValidation === "Ignore") return;
  if (options.fieldValidation === "Strict") throw strict(`strict decoding error: ${problems.join(", ")}`);
  for (const problem of problems) options.warn(problem);
}

function strictError(info: KindInfo, input: DecodeInput, name: string, problem: string): StatusError {
  if (input.source === "body") return badRequest(`${cannotBe(info)}: ${problem}`);
  return invalid(info, name, [invalidValue("patch", "…", problem)]);
}

function cannotBe(info: KindInfo): string {
  return `${info.kind} in version "${info.version}" cannot be handled as a ${info.kind}`;
}

function checkType(kind: ServedKind, body: JsonObject): void {
  const { info, strategy } = kind;
  const expectedVersion = groupVersionOf(info);
  const { apiVersion, kind: kindName } = body;
  if (strategy.custom && (typeof kindName !== "string" || kindName === "")) {
    throw badRequest(`Object 'Kind' is missing in the body; expected ${info.kind}`);
  }
  if (apiVersion !== undefined && apiVersion !== "" && apiVersion !== expectedVersion) {
    const found = JSON.stringify(apiVersion);
    throw badRequest(
      `the API version in the data (${found}) does not match the expected API version (${expectedVersion})`,
    );
  }
  if (kindName !== undefined && kindName !== "" && kindName !== info.kind) {
    throw badRequest(
      `the kind in the data (${JSON.stringify(kindName)}) does not match the expected kind (${info.kind})`,
    );
  }
}

function isDeeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member: JsonValue) => isDeeperThan(member, levels - 1));
}

/** Typed kinds of Kubernetes read null as absent. */
function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, isJsonObject(value) ? withoutNulls(value) : value]),
  );
}
