import { defineToken } from "@skerry/plugin";
import type { KubeObject, ObjectName, Resource } from "./kube-object.ts";

/**
 * One Kubernetes API, always over HTTPS.
 *
 * Errors: `SKERRY_KUBE_CONFLICT` (conflict: resourceVersion or already exists), `SKERRY_KUBE_INVALID` (invalid:
 * 400 and 422, with the server's message), `SKERRY_KUBE_FORBIDDEN` (denied: 401 and 403),
 * `SKERRY_KUBE_NOT_FOUND` (conflict: the object to change does not exist, or its kind),
 * `SKERRY_KUBE_UNAVAILABLE` (unavailable: no connection, 429, 5xx).
 */
export interface KubeApi {
  get(resource: Resource, name: ObjectName): Promise<KubeObject | undefined>;
  list(resource: Resource, options?: ListOptions): Promise<readonly KubeObject[]>;
  create(object: KubeObject, resource: Resource): Promise<KubeObject>;
  /** Creates what is below an object, as `token` of a ServiceAccount, and gives what the API answers. */
  createSubresource(resource: Resource, name: ObjectName, subresource: string, body: KubeObject): Promise<KubeObject>;
  /** JSON merge patch (RFC 7386). With `metadata.resourceVersion` in the patch it is a compare-and-swap. */
  patch(resource: Resource, name: ObjectName, patch: object, options: PatchOptions): Promise<KubeObject>;
  /** Resolves also when it is already gone. */
  delete(resource: Resource, name: ObjectName, options?: DeleteOptions): Promise<void>;
  /** Creates the object, or merge-patches it where it exists. */
  apply(object: KubeObject, resource: Resource, options: PatchOptions): Promise<KubeObject>;
  /**
   * Lists, then watches, for ever: connection losses and expired versions are handled inside, by listing
   * again and reporting the difference. Disposing ends it; no handler is called afterwards.
   */
  watch(resource: Resource, handlers: WatchHandlers, options?: ListOptions): Disposable;
  /**
   * Resolves when the handlers of every watch of this object, disposed ones aside, have been told of all that anybody had
   * written before the call: a read that waits, and makes what was watched as new as a read of everything. Tries until it is
   * so; rejects only with the reason of the signal, or when this is stopped. Calls that wait share their requests: a thousand cost no more than one.
   */
  current(signal: AbortSignal): Promise<void>;
}

export interface ListOptions {
  /** Default: all namespaces. */
  readonly namespace?: string;
  /** Kubernetes label selector. */
  readonly labelSelector?: string;
}

export interface PatchOptions {
  /** Who owns the written fields, for instance `skerry-twins`. */
  readonly fieldManager: string;
  readonly subresource?: "status";
}

export interface DeleteOptions {
  /** Delete only the object with this uid. */
  readonly uid?: string;
  /** For Pods: 0 takes the object away at once. Default: what its kind says. */
  readonly gracePeriodSeconds?: number;
}

export interface WatchHandlers {
  upsert(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** The first list was delivered. Called once. */
  synced(): void;
}

export const KubeApi = defineToken<KubeApi>("kube.api/1");
