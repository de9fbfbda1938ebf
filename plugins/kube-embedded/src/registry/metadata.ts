import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import type { Metadata } from "./api-object.ts";
import { invalidValue, labelValueProblem, qualifiedNameProblem, requiredValue } from "./names.ts";

/** Largest sum of an object's annotations, keys and values, in bytes. */
const annotationBytes = 256 * 1024;

type Shape = "string" | "integer" | "strings" | "map" | "objects";
const shapes: Readonly<Record<string, Shape>> = {
  name: "string",
  generateName: "string",
  namespace: "string",
  selfLink: "string",
  uid: "string",
  resourceVersion: "string",
  generation: "integer",
  creationTimestamp: "string",
  deletionTimestamp: "string",
  deletionGracePeriodSeconds: "integer",
  labels: "map",
  annotations: "map",
  ownerReferences: "objects",
  finalizers: "strings",
  managedFields: "objects",
};
const ownerFields = new Set(["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"]);

export interface DecodedMetadata {
  readonly metadata: Metadata;
  readonly unknown: readonly string[];
  /** Members of the wrong type, as sentences: such a body cannot be decoded at all. */
  readonly mistyped: readonly string[];
}

/** Reads `metadata` as ObjectMeta: known members of the right type, without what the server does not keep. */
export function decodeMetadata(raw: JsonValue | undefined): DecodedMetadata {
  if (raw !== undefined && raw !== null && !isJsonObject(raw)) {
    return { metadata: { name: "" }, unknown: [], mistyped: ["metadata must be an object"] };
  }
  const unknown: string[] = [];
  const mistyped: string[] = [];
  const kept: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(raw ?? {})) {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    if (shape === undefined) unknown.push(`metadata.${key}`);
    else if (value === null || key === "selfLink" || key === "managedFields") continue;
    else if (!hasShape(value, shape)) mistyped.push(`metadata.${key} ${expected[shape]}`);
    else if (!isEmpty(value)) kept[key] = value;
  }
  for (const [i, owner] of ((kept["ownerReferences"] as readonly JsonObject[] | undefined) ?? []).entries()) {
    for (const key of Object.keys(owner)) {
      if (!ownerFields.has(key)) unknown.push(`metadata.ownerReferences[${i}].${key}`);
    }
  }
  return { metadata: { ...kept, name: (kept["name"] as string | undefined) ?? "" }, unknown, mistyped };
}

const expected: Readonly<Record<Shape, string>> = {
  string: "must be a string",
  integer: "must be an integer",
  strings: "must be a list of strings",
  map: "must be an object whose values are strings",
  objects: "must be a list of objects",
};

function hasShape(value: JsonValue, shape: Shape): boolean {
  if (shape === "string") return typeof value === "string";
  if (shape === "integer") return Number.isInteger(value);
  if (shape === "map") return isJsonObject(value) && Object.values(value).every((it) => typeof it === "string");
  if (!Array.isArray(value)) return false;
  return value.every((it) => (shape === "strings" ? typeof it === "string" : isJsonObject(it)));
}

/** Kubernetes omits empty members of ObjectMeta, so that `{}` and absent compare equal. */
function isEmpty(value: JsonValue): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

/** Checks labels, annotations, finalizers and owners; the name is the kind's business. */
export function validateMetadata(metadata: Metadata): readonly FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: string, value: string, problem: string | undefined) => {
    if (problem !== undefined) errors.push(invalidValue(field, value, problem));
  };
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    check("metadata.labels", key, qualifiedNameProblem(key));
    check("metadata.labels", value, labelValueProblem(value));
  }
  let bytes = 0;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    check("metadata.annotations", key, qualifiedNameProblem(key.toLowerCase()));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > annotationBytes) {
    const message = `Too long: may not be more than ${annotationBytes} bytes`;
    errors.push({ field: "metadata.annotations", reason: "FieldValueTooLong", message });
  }
  for (const [i, finalizer] of (metadata.finalizers ?? []).entries()) {
    check(`metadata.finalizers[${i}]`, finalizer, qualifiedNameProblem(finalizer));
  }
  let controllers = 0;
  for (const [i, owner] of (metadata.ownerReferences ?? []).entries()) {
    for (const field of ["apiVersion", "kind", "name", "uid"]) {
      const value = owner[field];
      const at = `metadata.ownerReferences[${i}].${field}`;
      if (typeof value !== "string" || value === "") errors.push(requiredValue(at, "must not be empty"));
    }
    if (owner["controller"] === true) controllers++;
  }
  if (controllers > 1) {
    const why = "only one reference can have Controller set to true";
    errors.push(invalidValue("metadata.ownerReferences", controllers, why));
  }
  return errors;
}
