import type {
  Clock,
  DeleteOptions,
  KubeApi,
  KubeObject,
  ListOptions,
  ObjectName,
  PatchOptions,
  Resource,
  WatchHandlers,
} from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { deletedMetadata, isHeld, timestamp } from "./kube-deletion.ts";
import { type KubeErrorCode, kubeErrors } from "./kube-errors.ts";
import { apiVersionOf, frozenCopy, isSame, isSelected, mergePatched, objectKey, resourceKey } from "./kube-objects.ts";
import { answeredTokenRequest } from "./kube-tokens.ts";
import { KubeWatcher } from "./kube-watcher.ts";

export type KubeVerb = "get" | "list" | "create" | "patch" | "delete";

/** One request that was made, failed ones included. `apply` appears as the patch and the create it makes. */
export interface KubeRequest {
  readonly verb: KubeVerb;
  readonly resource: Resource;
  readonly name?: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly body?: object;
  readonly options?: PatchOptions;
  /** Of a delete. */
  readonly deletion?: DeleteOptions;
}

export interface KubeFailure {
  /** Default `SKERRY_KUBE_UNAVAILABLE`. */
  readonly code?: KubeErrorCode;
  /** Default: any. */
  readonly verb?: KubeVerb;
  readonly kind?: string;
  /** How many requests fail. Default 1. */
  readonly times?: number;
}

interface Stored {
  readonly resource: Resource;
  readonly object: KubeObject;
}

/**
 * A Kubernetes API in memory. Every kind exists and has a status subresource; objects of custom kinds (a group with a
 * dot, not of k8s.io) have a generation and are created without status. A Pod of a node that is deleted with grace stays
 * until it is deleted without. Objects it hands out are frozen.
 */
export class FakeKubeApi implements KubeApi {
  readonly requests: KubeRequest[] = [];
  readonly #clock: Pick<Clock, "now">;
  readonly #stored = new Map<string, Stored>();
  readonly #watchers = new Set<KubeWatcher>();
  #failures: { rule: KubeFailure; left: number }[] = [];
  #isConnected = true;
  /** Those who want to be current, and cannot while the API is disconnected. */
  readonly #waiting: (() => void)[] = [];
  #version = 0;
  #uids = 0;
  #tokens = 0;

  /** @param clock stamps `creationTimestamp`; default: always 2026-01-01 */
  constructor(clock: Pick<Clock, "now"> = { now: () => Date.UTC(2026, 0, 1) }) {
    this.#clock = clock;
  }

  /** Puts an object in place as it is, status included, without a request. Server-set metadata is filled in. */
  seed(object: KubeObject, resource: Resource): KubeObject {
    const key = objectKey(resource, object.metadata);
    const old = this.#stored.get(key)?.object;
    return this.#put(resource, key, { ...object, metadata: { ...this.#birth(object, old), ...object.metadata } });
  }

  /** Takes an object away at once, whatever its finalizers, without a request. */
  unseed(resource: Resource, name: ObjectName): void {
    const key = objectKey(resource, name);
    if (this.#stored.has(key)) this.#remove(key);
  }

  /** The object as it is now, without a request. */
  peek(resource: Resource, name: ObjectName): KubeObject | undefined {
    return this.#stored.get(objectKey(resource, name))?.object;
  }

  /** Makes the next requests that fit fail. Rules are used up in the order they were given. */
  fail(rule: KubeFailure = {}): void {
    this.#failures.push({ rule, left: rule.times ?? 1 });
  }

  /** Until `connect`, every request fails with `SKERRY_KUBE_UNAVAILABLE` and watches stand still. */
  disconnect(): void {
    this.#isConnected = false;
  }

  /** Watches list again and tell the difference. */
  connect(): void {
    this.#isConnected = true;
    for (const resume of this.#waiting.splice(0)) resume();
    for (const watcher of this.#watchers) watcher.relist(this.#objectsFor(watcher));
  }

  async get(resource: Resource, name: ObjectName): Promise<KubeObject | undefined> {
    this.#request({ verb: "get", resource, ...name });
    return this.peek(resource, name);
  }

  async list(resource: Resource, options: ListOptions = {}): Promise<readonly KubeObject[]> {
    this.#request({ verb: "list", resource, ...(options.namespace ? { namespace: options.namespace } : {}) });
    return this.#selected(resource, options);
  }

  async create(object: KubeObject, resource: Resource): Promise<KubeObject> {
    this.#request({ verb: "create", resource, ...nameOf(object), body: object });
    this.#check(object, resource);
    const key = objectKey(resource, object.metadata);
    if (this.#stored.has(key)) throw failure("SKERRY_KUBE_CONFLICT", resource, object.metadata, "already exists");
    const { status, ...rest } = object;
    const kept = isCustom(resource) || status === undefined ? rest : object;
    return this.#put(resource, key, { ...kept, metadata: { ...object.metadata, ...this.#birth(object, undefined) } });
  }

  /** Tokens of ServiceAccounts alone: `token-<n>`, from 1. */
  async createSubresource(resource: Resource, name: ObjectName, subresource: string, body: KubeObject) {
    this.#request({ verb: "create", resource, ...name, subresource, body });
    if (this.peek(resource, name) === undefined) throw failure("SKERRY_KUBE_NOT_FOUND", resource, name, "");
    if (resource.kind !== "ServiceAccount" || subresource !== "token") {
      throw failure("SKERRY_KUBE_INVALID", resource, name, `${subresource} is not served`);
    }
    return answeredTokenRequest(body, `token-${++this.#tokens}`, this.#clock.now());
  }

  async patch(resource: Resource, name: ObjectName, patch: object, options: PatchOptions): Promise<KubeObject> {
    this.#request({ verb: "patch", resource, ...name, body: patch, options });
    const key = objectKey(resource, name);
    const old = this.#stored.get(key)?.object;
    if (old === undefined) throw failure("SKERRY_KUBE_NOT_FOUND", resource, name, "");
    const patched = mergePatched(old, patch) as KubeObject;
    this.#check(patched, resource);
    for (const field of ["resourceVersion", "uid"] as const) {
      if (patched.metadata[field] === old.metadata[field]) continue;
      throw failure("SKERRY_KUBE_CONFLICT", resource, name, `${field} is ${old.metadata[field]}`);
    }
    if (objectKey(resource, patched.metadata) !== key) {
      throw failure("SKERRY_KUBE_INVALID", resource, name, "metadata.name and metadata.namespace cannot change");
    }
    const next = options.subresource === "status" ? statusWritten(resource, old, patched) : withStatusOf(patched, old);
    if (isSame(next, old)) return old;
    const metadata = { ...next.metadata, ...this.#birth(next, old) };
    const isFinal = metadata.deletionTimestamp !== undefined && !isHeld(metadata);
    return isFinal ? this.#remove(key) : this.#put(resource, key, { ...next, metadata });
  }

  async delete(resource: Resource, name: ObjectName, options: DeleteOptions = {}): Promise<void> {
    this.#request({ verb: "delete", resource, ...name, deletion: options });
    const key = objectKey(resource, name);
    const old = this.#stored.get(key)?.object;
    if (old === undefined || (options.uid !== undefined && options.uid !== old.metadata.uid)) return;
    const metadata = deletedMetadata(old, options.gracePeriodSeconds, this.#clock.now());
    if (!isHeld(metadata)) this.#remove(key);
    else if (!isSame(metadata, old.metadata)) this.#put(resource, key, { ...old, metadata });
  }

  async apply(object: KubeObject, resource: Resource, options: PatchOptions): Promise<KubeObject> {
    try {
      return await this.patch(resource, object.metadata, object, options);
    } catch (error) {
      if (errorCode(error) !== "SKERRY_KUBE_NOT_FOUND") throw error;
    }
    const created = await this.create(object, resource);
    return options.subresource === undefined ? created : this.patch(resource, object.metadata, object, options);
  }

  watch(resource: Resource, handlers: WatchHandlers, options: ListOptions = {}): Disposable {
    const watcher = new KubeWatcher(resource, handlers, options);
    this.#watchers.add(watcher);
    if (this.#isConnected) watcher.relist(this.#objectsFor(watcher));
    return {
      [Symbol.dispose]: () => {
        watcher[Symbol.dispose]();
        this.#watchers.delete(watcher);
      },
    };
  }

  async current(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#isConnected) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    }
    // Handlers are told in microtasks, each in its turn; the last of those that are due comes before this one.
    await new Promise<void>((resolve) => queueMicrotask(resolve));
  }

  #request(request: KubeRequest): void {
    this.requests.push(request);
    const { verb, resource } = request;
    const name = { name: request.name ?? "", ...(request.namespace ? { namespace: request.namespace } : {}) };
    if (!this.#isConnected) throw failure("SKERRY_KUBE_UNAVAILABLE", resource, name, "the API is disconnected");
    const fits = ({ rule }: { rule: KubeFailure }) =>
      (rule.verb ?? verb) === verb && (rule.kind ?? resource.kind) === resource.kind;
    const failing = this.#failures.find(fits);
    if (failing === undefined) return;
    failing.left -= 1;
    this.#failures = this.#failures.filter(({ left }) => left > 0);
    throw failure(failing.rule.code ?? "SKERRY_KUBE_UNAVAILABLE", resource, name, "made to fail by the test");
  }

  #check(object: KubeObject, resource: Resource): void {
    const { apiVersion, kind, metadata } = object;
    if (apiVersion !== apiVersionOf(resource) || kind !== resource.kind) {
      const problem = `the object is a ${apiVersion} ${kind}, not a ${apiVersionOf(resource)} ${resource.kind}`;
      throw failure("SKERRY_KUBE_INVALID", resource, metadata, problem);
    }
    if (!metadata.name) throw failure("SKERRY_KUBE_INVALID", resource, metadata, "metadata.name: Required value");
  }

  /** What only the server sets. */
  #birth(object: KubeObject, old: KubeObject | undefined) {
    const { uid, creationTimestamp, generation } = old?.metadata ?? {};
    const custom = isCustom({ group: object.apiVersion.split("/").at(-2) ?? "" });
    const grown = old === undefined || !isSame(contentOf(object), contentOf(old)) ? (generation ?? 0) + 1 : generation;
    return {
      uid: uid ?? `00000000-0000-4000-8000-${String(++this.#uids).padStart(12, "0")}`,
      creationTimestamp: creationTimestamp ?? timestamp(this.#clock.now()),
      ...(custom && grown !== undefined ? { generation: grown } : {}),
    };
  }

  #put(resource: Resource, key: string, object: KubeObject): KubeObject {
    const namespace = resource.namespaced ? { namespace: object.metadata.namespace ?? "default" } : {};
    const metadata = { ...object.metadata, ...namespace, resourceVersion: String(++this.#version) };
    const stored = frozenCopy({ ...object, metadata });
    this.#stored.set(key, { resource, object: stored });
    this.#changed(resource, key, stored, stored);
    return stored;
  }

  #remove(key: string): KubeObject {
    const { resource, object } = this.#stored.get(key) as Stored;
    this.#stored.delete(key);
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } };
    this.#changed(resource, key, undefined, frozenCopy(last));
    return last;
  }

  #changed(resource: Resource, key: string, object: KubeObject | undefined, last: KubeObject): void {
    if (!this.#isConnected) return;
    for (const watcher of this.#watchers) if (watcher.concerns(resource)) watcher.changed(key, object, last);
  }

  #objectsFor(watcher: KubeWatcher): ReadonlyMap<string, KubeObject> {
    const concerned = [...this.#stored].filter(([, { resource }]) => watcher.concerns(resource));
    return new Map(concerned.map(([key, { object }]) => [key, object]));
  }

  #selected(resource: Resource, options: ListOptions): readonly KubeObject[] {
    return [...this.#stored]
      .filter(([, stored]) => resourceKey(stored.resource) === resourceKey(resource))
      .filter(([, { object }]) => isSelected(object, options))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { object }]) => object);
  }
}

function isCustom({ group }: Pick<Resource, "group">): boolean {
  return group.includes(".") && !group.endsWith(".k8s.io");
}

function contentOf({ metadata: _, status: __, ...content }: KubeObject): unknown {
  return content;
}

/** `base` with the status of `source`. */
function withStatusOf({ status: _, ...base }: KubeObject, { status }: KubeObject): KubeObject {
  return (status === undefined ? base : { ...base, status }) as KubeObject;
}

/** As in Kubernetes: a write of the status changes labels and annotations of built-in kinds too, of custom kinds the status alone. */
function statusWritten(resource: Resource, old: KubeObject, patched: KubeObject): KubeObject {
  const base = isCustom(resource) ? old : { ...old, metadata: patched.metadata };
  return withStatusOf(base, patched);
}

function nameOf({ metadata: { name, namespace } }: KubeObject): ObjectName {
  return namespace === undefined ? { name } : { name, namespace };
}

function failure(code: KubeErrorCode, resource: Resource, name: ObjectName, problem: string): Error {
  const place = name.namespace === undefined ? name.name : `${name.namespace}/${name.name}`;
  return kubeErrors.create(code, { subject: `${resource.kind} ${place}`, problem });
}
