import type { JsonObject } from "../../kinds.ts";

/** Short words for the OpenAPI schemas of the built-in kinds. */
export const text: JsonObject = { type: "string" };
export const bytes: JsonObject = { type: "string", format: "byte" };
export const time: JsonObject = { type: "string", format: "date-time" };
export const truth: JsonObject = { type: "boolean" };
export const int32: JsonObject = { type: "integer", format: "int32" };
export const int64: JsonObject = { type: "integer", format: "int64" };
export const quantity: JsonObject = { "x-kubernetes-int-or-string": true };
/** Anything, kept as it is. */
export const anything: JsonObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

export function mapOf(values: JsonObject, description?: string): JsonObject {
  return { type: "object", additionalProperties: values, ...described(description) };
}

export function listOf(items: JsonObject, description?: string): JsonObject {
  return { type: "array", items, ...described(description) };
}

/** A list whose items a strategic merge patch tells apart by a member. */
export function listByKey(key: string, items: JsonObject, description?: string): JsonObject {
  return {
    ...listOf(items, description),
    "x-kubernetes-patch-merge-key": key,
    "x-kubernetes-patch-strategy": "merge",
  };
}

export function record(
  properties: JsonObject,
  options: { required?: string[]; description?: string } = {},
): JsonObject {
  return {
    type: "object",
    properties,
    ...(options.required === undefined ? {} : { required: options.required }),
    ...described(options.description),
  };
}

export function about(schema: JsonObject, description: string): JsonObject {
  return { ...schema, description };
}

/** The schema of a whole kind. */
export function kindSchema(description: string, properties: JsonObject, required: string[] = []): JsonObject {
  return record(
    { apiVersion: text, kind: text, metadata: { type: "object" }, ...properties },
    { description, required },
  );
}

export const objectReference = record({
  apiVersion: text,
  kind: text,
  namespace: text,
  name: text,
  uid: text,
  resourceVersion: text,
  fieldPath: text,
});

/** `metav1.Condition` and its elder relatives, which have fewer required members. */
export const condition = record(
  {
    type: text,
    status: text,
    reason: text,
    message: text,
    lastTransitionTime: time,
    lastHeartbeatTime: time,
    lastUpdateTime: time,
    observedGeneration: int64,
  },
  { required: ["type", "status"] },
);

function described(description: string | undefined): JsonObject {
  return description === undefined ? {} : { description };
}
