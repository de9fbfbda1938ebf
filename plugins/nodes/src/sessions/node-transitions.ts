import { createHash } from "node:crypto";
import type { KubeApi, KubeObject, Logger } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { edgeLinkCondition, type NodeCondition } from "../shared/node-conditions.ts";
import { eventResource, fieldManager } from "../shared/node-resources.ts";
import { conditionsOf } from "./node-marks.ts";

/**
 * Writes the Events NodeOffline and NodeOnline when the condition EdgeLink of a Node goes over, whoever wrote it. Every
 * cloud kernel sees it, and it is one Event: its name follows from what it tells.
 */
export class NodeTransitions {
  readonly #seen = new Map<string, NodeCondition>();
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly kube: KubeApi,
    private readonly logger: Logger,
  ) {}

  /** Takes note of what a Node says now. What it said when it was first seen is no news. */
  seen(node: KubeObject): void {
    const { name, uid = "" } = node.metadata;
    const now = conditionsOf(node).find(({ type }) => type === edgeLinkCondition);
    if (now === undefined) return;
    const before = this.#seen.get(name);
    this.#seen.set(name, now);
    if (before === undefined || before.status === now.status) return;
    const event = toEvent(name, uid, before, now);
    this.#writing = this.#writing.then(() => this.#write(event));
  }

  forget(node: string): void {
    this.#seen.delete(node);
  }

  /** Resolves when everything so far was written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #write(event: KubeObject): Promise<void> {
    try {
      await this.kube.create(event, eventResource);
    } catch (error) {
      if (errorCode(error) === "SKERRY_KUBE_CONFLICT") return;
      // Events are for people: nothing else depends on them.
      this.logger.warn("an Event of a node was not written", { event: event.metadata.name, error });
    }
  }
}

function toEvent(
  node: string,
  uid: string,
  before: NodeCondition,
  { status, lastTransitionTime, message }: NodeCondition,
) {
  const isUp = status === "True";
  const seconds = Math.max(
    0,
    Math.round((Date.parse(lastTransitionTime) - Date.parse(before.lastTransitionTime)) / 1000),
  );
  const text = isUp
    ? `The node is connected again after ${seconds} s`
    : `Its Pods and devices go on without the cloud: ${message}`;
  const place = createHash("sha256")
    .update(JSON.stringify([uid, status, lastTransitionTime]))
    .digest("hex");
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${node.slice(0, 230).replace(/[-.]+$/, "")}.${place.slice(0, 16)}`, namespace: "default" },
    // As the kubelet has it: a Node's events carry its name for its UID.
    involvedObject: { apiVersion: "v1", kind: "Node", name: node, uid: node },
    type: isUp ? "Normal" : "Warning",
    reason: isUp ? "NodeOnline" : "NodeOffline",
    message: text.slice(0, 1_024),
    source: { component: fieldManager },
    firstTimestamp: lastTransitionTime,
    lastTimestamp: lastTransitionTime,
    count: 1,
    reportingComponent: fieldManager,
    reportingInstance: "cloud",
  };
}
