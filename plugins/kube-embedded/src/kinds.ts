import type { JsonObject, JsonValue } from "@skerry/contracts";

export type { JsonObject, JsonValue } from "@skerry/contracts";

/** One version of one kind, as discovery, tables, OpenAPI and the request path need to know it. */
export interface KindInfo {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: { readonly status: boolean; readonly others?: readonly SubresourceInfo[] };
  /** What can be done with it; everything when absent. */
  readonly verbs?: readonly string[];
  /** The `openAPIV3Schema` of this version. */
  readonly schema?: JsonObject;
  /** `additionalPrinterColumns` of a custom resource; built-in kinds have columns of their own. */
  readonly printerColumns?: readonly PrinterColumn[];
}

/** A subresource beside `status`, as discovery tells of it. */
export interface SubresourceInfo {
  readonly name: string;
  /** Of what is read and written there. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** `CustomResourceColumnDefinition` of apiextensions.k8s.io/v1. */
export interface PrinterColumn {
  readonly name: string;
  /** `integer`, `number`, `string`, `boolean` or `date`. */
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  /** 0 is always shown; above 0 only by `-o wide`. */
  readonly priority?: number;
}

/** One cause of a rejected object, as `metav1.StatusCause` carries it. */
export interface FieldError {
  /** Path such as `spec.names.plural` or `spec.versions[0].name`; empty for the object as a whole. */
  readonly field: string;
  readonly reason: FieldErrorReason;
  /** Without the field's path: the answer puts it in front. */
  readonly message: string;
}

export type FieldErrorReason =
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueNotFound"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid";

/** `v1` for the core group, else `group/version`. */
export function groupVersionOf(kind: Pick<KindInfo, "group" | "version">): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

/** Tells a JSON object from arrays, scalars and null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
