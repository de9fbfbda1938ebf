import { createHash } from "node:crypto";
import type { Clock, KubeApi, KubeObject, ObjectName } from "@skerry/contracts";
import { errorCode, errorFamily } from "@skerry/plugin";
import { type EvictionWish, evictionAnnotation, parseEvictionWish } from "../../shared/eviction-wish.ts";
import { eventResource, fieldManager, nodeResource, podResource } from "../../shared/node-resources.ts";
import { edgeTolerations, type Toleration } from "./edge-tolerations.ts";
import { readyAgain } from "./ready-again.ts";

const attempts = 5;
const shownCharacters = 64;

/** What is written into one Pod of an edge node. Every write is a compare-and-swap of what was just read. */
export class PodFixes {
  constructor(
    private readonly kube: KubeApi,
    private readonly clock: Clock,
  ) {}

  /** @param namespaceWish the annotation of the Pod's Namespace */
  async bringInStep(name: Required<ObjectName>, node: string, namespaceWish: string | undefined): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const pod = await this.kube.get(podResource, name);
        if (pod === undefined || nodeOf(pod) !== node || isOver(pod)) return;
        await this.#restoreReady(await this.#tolerate(pod, namespaceWish), node);
        return;
      } catch (error) {
        if (errorFamily(error) !== "conflict" || attempt === attempts) throw error;
      }
    }
  }

  async #tolerate(pod: KubeObject, namespaceWish: string | undefined): Promise<KubeObject> {
    const own = pod.metadata.annotations?.[evictionAnnotation];
    const wishes = { pod: await this.#read(pod, own), namespace: await this.#read(pod, namespaceWish) };
    const { tolerations: present = [] } = (pod.spec ?? {}) as { readonly tolerations?: readonly Toleration[] };
    const tolerations = edgeTolerations(present, wishes);
    if (tolerations === present) return pod;
    const { resourceVersion } = pod.metadata;
    const patch = { metadata: { resourceVersion }, spec: { tolerations } };
    return this.kube.patch(podResource, nameOf(pod), patch, { fieldManager });
  }

  async #restoreReady(pod: KubeObject, node: string): Promise<void> {
    const now = this.#now();
    const conditions = readyAgain(pod, now);
    if (conditions === undefined || !isReady(await this.kube.get(nodeResource, { name: node }))) return;
    const patch = { metadata: { resourceVersion: pod.metadata.resourceVersion }, status: { conditions } };
    await this.kube.patch(podResource, nameOf(pod), patch, { fieldManager, subresource: "status" });
  }

  /** A wish that cannot be read is none, and an Event on the Pod says so. */
  async #read(pod: KubeObject, text: string | undefined): Promise<EvictionWish | undefined> {
    if (text === undefined) return undefined;
    const wish = parseEvictionWish(text);
    if (wish === undefined) await this.#complain(pod, text.slice(0, shownCharacters));
    return wish;
  }

  async #complain(pod: KubeObject, text: string): Promise<void> {
    const { namespace, name } = nameOf(pod);
    const { uid = "" } = pod.metadata;
    const now = this.#now();
    const suffix = createHash("sha256").update(`${uid} ${text}`).digest("hex").slice(0, 16);
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name.slice(0, 200)}.${suffix}`, namespace },
      involvedObject: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
      type: "Warning",
      reason: "BadEvictionWish",
      message: `The annotation ${evictionAnnotation} is ${JSON.stringify(text)}; expected seconds such as 300s, or never. It does not count.`,
      source: { component: fieldManager },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
    try {
      await this.kube.create(event, eventResource);
    } catch (error) {
      // Said before: its name follows from what it says.
      if (errorCode(error) !== "SKERRY_KUBE_CONFLICT") throw error;
    }
  }

  #now(): string {
    return new Date(this.clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
  }
}

export function nodeOf({ spec }: KubeObject): string | undefined {
  return (spec as { readonly nodeName?: string } | undefined)?.nodeName;
}

/** Whether a Node's condition Ready is true. */
export function isReady(node: KubeObject | undefined): boolean {
  const { conditions = [] } = (node?.status ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** It is being deleted, or its containers ended for good. */
function isOver({ metadata, status }: KubeObject): boolean {
  const { phase = "" } = (status ?? {}) as { readonly phase?: string };
  return metadata.deletionTimestamp !== undefined || phase === "Succeeded" || phase === "Failed";
}

export function nameOf({ metadata: { name, namespace = "default" } }: KubeObject): Required<ObjectName> {
  return { name, namespace };
}
