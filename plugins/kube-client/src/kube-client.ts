import {
  Clock,
  type DeleteOptions,
  type KubeApi,
  type KubeObject,
  type ListOptions,
  Logger,
  type ObjectName,
  type PatchOptions,
  Random,
  type Resource,
  type WatchHandlers,
} from "@skerry/contracts";
import { errorCode, errorMessage, inject, type Stoppable } from "@skerry/plugin";
import { failureOf } from "./http/failure.ts";
import { type KubeHttp, KubeHttpToken } from "./http/kube-http.ts";
import { collectionPath, objectPath, subjectOf } from "./http/resource-path.ts";
import { listAll } from "./watch/list-pages.ts";
import { ResourceWatch } from "./watch/resource-watch.ts";
import { SharedCheck } from "./watch/shared-check.ts";

/** The Kubernetes API that `kube.endpoint/1` names, over HTTPS. */
export class KubeClient implements KubeApi, Stoppable {
  readonly #http: KubeHttp;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #logger: Logger;
  readonly #watches = new Map<ResourceWatch, Promise<void>>();
  readonly #check: SharedCheck;

  constructor(
    @inject(KubeHttpToken) http: KubeHttp,
    @inject(Clock) clock: Clock,
    @inject(Random) random: Random,
    @inject(Logger) logger: Logger,
  ) {
    this.#http = http;
    this.#clock = clock;
    this.#random = random;
    this.#logger = logger;
    this.#check = new SharedCheck({
      clock,
      random,
      check: async () => void (await Promise.all([...this.#watches.keys()].map((watch) => watch.catchUp()))),
      failed: (error) =>
        logger.warn(`whether the watches are current cannot be told, it is tried again: ${errorMessage(error)}`, {
          error,
        }),
    });
  }

  async stop(): Promise<void> {
    this.#check[Symbol.dispose]();
    for (const watch of this.#watches.keys()) watch[Symbol.dispose]();
    await Promise.all(this.#watches.values());
  }

  async get(resource: Resource, name: ObjectName): Promise<KubeObject | undefined> {
    const subject = `get ${subjectOf(resource, name)}`;
    return await this.#http.find({ path: objectPath(resource, name), subject });
  }

  async list(resource: Resource, options: ListOptions = {}): Promise<readonly KubeObject[]> {
    return (await listAll(this.#http, resource, options)).objects;
  }

  create(object: KubeObject, resource: Resource): Promise<KubeObject> {
    return this.#http.json({
      method: "POST",
      path: collectionPath(resource, object.metadata.namespace ?? "default"),
      query: { fieldManager: "skerry" },
      body: object,
      subject: `create ${subjectOf(resource, object.metadata)}`,
    });
  }

  createSubresource(resource: Resource, name: ObjectName, subresource: string, body: KubeObject): Promise<KubeObject> {
    return this.#http.json({
      method: "POST",
      path: `${objectPath(resource, name)}/${encodeURIComponent(subresource)}`,
      query: { fieldManager: "skerry" },
      body,
      subject: `create ${subresource} of ${subjectOf(resource, name)}`,
    });
  }

  patch(resource: Resource, name: ObjectName, patch: object, options: PatchOptions): Promise<KubeObject> {
    const { fieldManager, subresource } = options;
    const path = objectPath(resource, name);
    return this.#http.json({
      method: "PATCH",
      path: subresource === undefined ? path : `${path}/${subresource}`,
      query: { fieldManager },
      body: patch,
      contentType: "application/merge-patch+json",
      subject: `patch ${subjectOf(resource, name)}`,
    });
  }

  async delete(resource: Resource, name: ObjectName, options: DeleteOptions = {}): Promise<void> {
    const { uid, gracePeriodSeconds } = options;
    const subject = `delete ${subjectOf(resource, name)}`;
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    const grace = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    const body = { apiVersion: "v1", kind: "DeleteOptions", ...grace, ...preconditions };
    const path = objectPath(resource, name);
    const { status, text } = await this.#http.exchange({ method: "DELETE", path, body, subject });
    // 409: the object of that uid is gone, and another one has its name.
    if (status === 404 || (status === 409 && uid !== undefined)) return;
    if (status < 200 || status > 299) throw failureOf(status, text, subject);
  }

  async apply(object: KubeObject, resource: Resource, options: PatchOptions): Promise<KubeObject> {
    const patched = () => this.patch(resource, object.metadata, object, options);
    const before = await unless("SKERRY_KUBE_NOT_FOUND", patched);
    if (before !== undefined) return before;
    const created = await unless("SKERRY_KUBE_CONFLICT", () => this.create(object, resource));
    return created === undefined || options.subresource !== undefined ? patched() : created;
  }

  watch(resource: Resource, handlers: WatchHandlers, options: ListOptions = {}): Disposable {
    const parts = { http: this.#http, clock: this.#clock, random: this.#random, logger: this.#logger };
    const watch = new ResourceWatch(parts, resource, handlers, options);
    this.#watches.set(
      watch,
      watch.run().finally(() => this.#watches.delete(watch)),
    );
    return watch;
  }

  current(signal: AbortSignal): Promise<void> {
    return this.#check.next(signal);
  }
}

async function unless<T>(code: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (errorCode(error) !== code) throw error;
    return undefined;
  }
}
