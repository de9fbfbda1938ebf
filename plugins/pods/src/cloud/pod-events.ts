import { createHash } from "node:crypto";
import type { KubeApi, KubeObject, Logger } from "@skerry/contracts";
import { errorCode, errorFamily } from "@skerry/plugin";
import type { PodEvent } from "../shared/pod-report.ts";
import { eventResource, fieldManager } from "../shared/pod-resources.ts";

/** Events whose last state is remembered, so that a report that repeats them costs nothing. */
const remembered = 5_000;
const longestName = 253;

/**
 * Writes what nodes tell of their Pods as Kubernetes Events. The same event of the same Pod is one object, whatever
 * kernel writes it and how often: its name follows from what it says, its count and times are the node's.
 */
export class PodEvents {
  readonly #written = new Map<string, string>();

  constructor(
    private readonly kube: KubeApi,
    private readonly logger: Logger,
  ) {}

  /**
   * Writes those that are new or changed. One that the API refuses is logged, and nothing else depends on it; rejects
   * when the API cannot be reached.
   *
   * @param host the node that tells them
   */
  async write(pod: KubeObject, events: readonly PodEvent[], host: string): Promise<void> {
    for (const event of events) {
      const { count, first, last } = event;
      await this.#writeOne(toObject(pod, event, host), `${count} ${first} ${last}`);
    }
  }

  /** Writes what the cloud itself has to say of a Pod, the first time. */
  async writeOnce(pod: KubeObject, event: PodEvent): Promise<void> {
    await this.#writeOne(toObject(pod, event, undefined), "once");
  }

  async #writeOne(object: KubeObject, state: string): Promise<void> {
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    if (this.#written.get(key) === state) return;
    try {
      await this.#put(object, !this.#written.has(key));
    } catch (error) {
      if (!["denied", "invalid"].includes(errorFamily(error))) throw error;
      this.logger.warn("an event of a Pod was not written", { event: key, reason: object["reason"], error });
    }
    this.#remember(key, state);
  }

  async #put(event: KubeObject, isNew: boolean): Promise<void> {
    if (isNew) {
      try {
        await this.kube.create(event, eventResource);
        return;
      } catch (error) {
        // A kernel before this one wrote it already.
        if (errorCode(error) !== "SKERRY_KUBE_CONFLICT") throw error;
      }
    }
    await this.kube.apply(event, eventResource, { fieldManager });
  }

  #remember(key: string, state: string): void {
    this.#written.delete(key);
    this.#written.set(key, state);
    const [oldest] = this.#written.keys();
    if (this.#written.size > remembered && oldest !== undefined) this.#written.delete(oldest);
  }
}

function eventName({ metadata }: KubeObject, { reason, message, fieldPath }: PodEvent): string {
  const text = JSON.stringify([metadata.uid, reason, message, fieldPath]);
  const suffix = `.${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
  return metadata.name.slice(0, longestName - suffix.length).replace(/[-.]+$/, "") + suffix;
}

function toObject(pod: KubeObject, event: PodEvent, host: string | undefined): KubeObject {
  const { namespace = "default", uid, name: podName } = pod.metadata;
  const { type, reason, message, fieldPath, count, first, last } = event;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: eventName(pod, event), namespace },
    involvedObject: {
      apiVersion: "v1",
      kind: "Pod",
      namespace,
      name: podName,
      ...(uid === undefined ? {} : { uid }),
      ...(fieldPath === undefined ? {} : { fieldPath }),
    },
    type,
    reason,
    message,
    source: { component: fieldManager, ...(host === undefined ? {} : { host }) },
    firstTimestamp: first,
    lastTimestamp: last,
    count,
    reportingComponent: fieldManager,
    reportingInstance: host ?? "",
  };
}
