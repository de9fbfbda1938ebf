import type { JsonObject, JsonValue } from "@skerry/contracts";

/** `metav1.ObjectMeta` after it has been checked. Times are RFC 3339 with second precision. */
export interface Metadata extends JsonObject {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly JsonObject[];
}

/** An object of the API. Never changed in place: every write makes a new one. */
export interface ApiObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

/** Names an object inside its kind; sorts as lists are sorted, by namespace and then name. */
export function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

export function keyOf(object: ApiObject): string {
  return objectKey(object.metadata.namespace, object.metadata.name);
}

/** A copy with some members of the metadata replaced; `undefined` removes one. */
export function withMetadata(
  object: ApiObject,
  changes: { readonly [K in keyof Metadata]?: Metadata[K] | undefined },
): ApiObject {
  return { ...object, metadata: defined({ ...object.metadata, ...changes }) as Metadata };
}

/** A copy with one member replaced, or removed by `undefined`. */
export function withMember(object: ApiObject, name: string, value: JsonValue | undefined): ApiObject {
  return defined({ ...object, [name]: value }) as ApiObject;
}

/** `resourceVersion` as the number it is here. */
export function versionOf(object: ApiObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}

function defined(object: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
