import { Clock, type Condition, KubeApi, type KubeObject, type Resource } from "@skerry/contracts";
import { defineToken, errorCode, inject } from "@skerry/plugin";
import { type Discovery, DiscoveryToken } from "../discovery/discovery.ts";
import { isDefinition } from "./apply-order.ts";
import { annotated, applyPatch } from "./last-applied.ts";

export interface Applied {
  readonly resource: Resource;
  readonly outcome: "created" | "configured" | "unchanged";
}

const patience = { attempts: 300, everyMs: 100 };

/** Applies one object as `kubectl apply` does: what its last version said and this one does not is removed. */
export class ObjectApplier {
  readonly #api: KubeApi;
  readonly #discovery: Discovery;
  readonly #clock: Clock;

  constructor(
    @inject(KubeApi) api: KubeApi,
    @inject(DiscoveryToken) discovery: Discovery,
    @inject(Clock) clock: Clock,
  ) {
    this.#api = api;
    this.#discovery = discovery;
    this.#clock = clock;
  }

  /**
   * A definition is waited for until it is established.
   *
   * @param defined `group/kind` of the definitions applied before, whose kinds may take a moment to appear
   */
  async apply(
    object: KubeObject,
    namespace: string,
    defined: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<Applied> {
    const resource = await this.#resourceOf(object, defined, signal);
    const placed = resource.namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
    const applied = { resource, outcome: await this.#applyTo(resource, placed) };
    if (isDefinition(object)) {
      await this.#until(signal, "it was not established", async () =>
        isEstablished(await this.#api.get(resource, object.metadata)),
      );
      this.#discovery.forget();
    }
    return applied;
  }

  async #applyTo(resource: Resource, object: KubeObject): Promise<Applied["outcome"]> {
    const live = await this.#api.get(resource, object.metadata);
    if (live === undefined) {
      try {
        await this.#api.create(annotated(object), resource);
        return "created";
      } catch (error) {
        if (errorCode(error) !== "SKERRY_KUBE_CONFLICT") throw error;
        return this.#applyTo(resource, object);
      }
    }
    const patch = applyPatch(object, live);
    const patched = await this.#api.patch(resource, object.metadata, patch, { fieldManager: "skerry-apply" });
    return patched.metadata.resourceVersion === live.metadata.resourceVersion ? "unchanged" : "configured";
  }

  async #resourceOf(object: KubeObject, defined: ReadonlySet<string>, signal: AbortSignal): Promise<Resource> {
    const { apiVersion, kind } = object;
    let resource: Resource | undefined;
    const look = async () => {
      resource = await this.#discovery.ofKind(apiVersion, kind);
      if (resource === undefined) this.#discovery.forget();
      return resource !== undefined;
    };
    const isComing = defined.has(`${apiVersion.split("/")[0]}/${kind}`);
    const problem = `no matches for kind "${kind}" in version "${apiVersion}"; is its CustomResourceDefinition installed?`;
    // A second look sees what was defined since the first.
    if (!(await look()) && !(await look()) && isComing) await this.#until(signal, problem, look);
    if (resource === undefined) throw new Error(problem);
    return resource;
  }

  async #until(signal: AbortSignal, problem: string, isSo: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < patience.attempts; attempt += 1) {
      if (await isSo()) return;
      await this.#clock.sleep(patience.everyMs, signal);
    }
    throw new Error(`${problem} (waited for ${(patience.attempts * patience.everyMs) / 1000} s)`);
  }
}

export const ObjectApplierToken = defineToken<ObjectApplier>("kube-client.object-applier/1");

function isEstablished(definition: KubeObject | undefined): boolean {
  const { conditions = [] } = (definition?.status ?? {}) as { readonly conditions?: readonly Condition[] };
  return conditions.some(({ type, status }) => type === "Established" && status === "True");
}
