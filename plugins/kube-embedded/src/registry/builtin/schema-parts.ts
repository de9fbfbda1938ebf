import type { JsonObject, JsonValue } from "../../kinds.ts";

/** Short words for the OpenAPI schemas of the built-in kinds. */
export const text: JsonObject = { type: "string" };
export const bytes: JsonObject = { type: "string", format: "byte" };
export const time: JsonObject = { type: "string", format: "date-time" };
export const truth: JsonObject = { type: "boolean" };
export const int32: JsonObject = { type: "integer", format: "int32" };
export const int64: JsonObject = { type: "integer", format: "int64" };
export const quantity: JsonObject = { "x-kubernetes-int-or-string": true };
export const intOrString: JsonObject = { "x-kubernetes-int-or-string": true };
/** Anything, kept as it is. */
export const anything: JsonObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** Several members of one type. */
export function each(schema: JsonObject, ...names: string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, schema]));
}

export function texts(...names: string[]): JsonObject {
  return each(text, ...names);
}

/** What an absent member becomes. */
export function byDefault(schema: JsonObject, value: JsonValue): JsonObject {
  return { ...schema, default: value };
}

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

const selectorRequirement = record(
  { key: text, operator: text, values: listOf(text) },
  { required: ["key", "operator"] },
);

/** `metav1.LabelSelector`. */
export const labelSelector = record(
  {
    matchLabels: mapOf(text, "Labels with the values that they must have."),
    matchExpressions: listOf(selectorRequirement, "Requirements that must hold as well."),
  },
  { description: "A label selector is a label query over a set of resources." },
);

/** The metadata that a template gives to what is made from it. */
export const templateMetadata = record(
  {
    ...texts("name", "generateName", "namespace"),
    ...texts("uid", "resourceVersion", "selfLink"),
    generation: int64,
    creationTimestamp: time,
    deletionTimestamp: time,
    deletionGracePeriodSeconds: int64,
    labels: mapOf(text, "Labels of what is made from the template."),
    annotations: mapOf(text, "Annotations of what is made from the template."),
    finalizers: { ...listOf(text), "x-kubernetes-patch-strategy": "merge" },
    ownerReferences: listOf(anything),
    managedFields: listOf(anything),
  },
  { description: "Metadata of what is made from the template." },
);

function described(description: string | undefined): JsonObject {
  return description === undefined ? {} : { description };
}
