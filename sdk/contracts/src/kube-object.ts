import type { JsonObject } from "./json.ts";

/** Any Kubernetes object, as JSON. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  /** How long what is being deleted may take to end. */
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly JsonObject[];
  readonly managedFields?: readonly JsonObject[];
}

/** `metav1.Condition`, as in an object's `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  /** CamelCase word. */
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** A kind as the API server's URLs name it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface ObjectName {
  readonly name: string;
  readonly namespace?: string;
}

/** Names one object across versions. */
export interface ObjectRef extends ObjectName {
  readonly group: string;
  readonly kind: string;
}

/** `group/kind/namespace/name`: unique, and the same on both sides of the link. */
export function refKey(ref: ObjectRef): string {
  return `${ref.group}/${ref.kind}/${ref.namespace ?? ""}/${ref.name}`;
}

export function refOf(object: KubeObject): ObjectRef {
  const slash = object.apiVersion.indexOf("/");
  const { name, namespace } = object.metadata;
  return {
    group: slash < 0 ? "" : object.apiVersion.slice(0, slash),
    kind: object.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
}
