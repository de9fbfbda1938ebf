import type { Clock, Condition, Device, KubeApi, KubeObject } from "@skerry/contracts";
import { deviceResource } from "@skerry/contracts";
import { errorFamily } from "@skerry/plugin";
import { mergeNodeConditions, type NodeCondition, type NodeConditionState } from "../shared/node-conditions.ts";
import { fieldManager, nodeResource } from "../shared/node-resources.ts";

const attempts = 5;

/**
 * Writes what follows from a node's presence into its Node and its Devices. Every write is a compare-and-swap; when
 * it fails, `stillTrue` is asked again, so that a report of a node that is back is never written over.
 */
export class NodeMarks {
  constructor(
    private readonly kube: KubeApi,
    private readonly clock: Clock,
  ) {}

  /** Sets conditions of a Node; of one that does not exist, nothing. */
  async markNode(name: string, states: readonly NodeConditionState[], stillTrue: () => boolean): Promise<void> {
    await this.#swap(stillTrue, async () => {
      const node = await this.kube.get(nodeResource, { name });
      if (node === undefined || isMarked(node, states)) return;
      const conditions = mergeNodeConditions(conditionsOf(node), changing(node, states), this.#now());
      const patch = { metadata: { resourceVersion: node.metadata.resourceVersion }, status: { conditions } };
      if (stillTrue()) await this.kube.patch(nodeResource, { name }, patch, { fieldManager, subresource: "status" });
    });
  }

  /** Says of a Device that nobody knows whether it is connected. */
  async markDevice(
    name: { readonly namespace: string; readonly name: string },
    node: string,
    message: string,
    stillTrue: () => boolean,
  ): Promise<void> {
    await this.#swap(stillTrue, async () => {
      const device = (await this.kube.get(deviceResource, name)) as Device | undefined;
      if (device === undefined || device.spec.nodeName !== node || isDeviceMarked(device)) return;
      const { resourceVersion } = device.metadata;
      const conditions = unreachable(device.status?.conditions ?? [], message, this.#now());
      const patch = { metadata: { resourceVersion }, status: { conditions } };
      if (stillTrue()) await this.kube.patch(deviceResource, name, patch, { fieldManager, subresource: "status" });
    });
  }

  async #swap(stillTrue: () => boolean, write: () => Promise<void>): Promise<void> {
    for (let attempt = 1; stillTrue(); attempt += 1) {
      try {
        await write();
        return;
      } catch (error) {
        if (errorFamily(error) !== "conflict" || attempt === attempts) throw error;
      }
    }
  }

  #now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

export function conditionsOf(node: KubeObject): readonly NodeCondition[] {
  return ((node.status ?? {}) as { readonly conditions?: readonly NodeCondition[] }).conditions ?? [];
}

/** Whether a Node's conditions have these statuses already, whatever the reasons: they stay as they were written. */
export function isMarked(node: KubeObject, states: readonly NodeConditionState[]): boolean {
  return changing(node, states).length === 0;
}

function changing(node: KubeObject, states: readonly NodeConditionState[]): readonly NodeConditionState[] {
  const present = conditionsOf(node);
  return states.filter(({ type, status }) => !present.some((it) => it.type === type && it.status === status));
}

export function isDeviceMarked(device: Device): boolean {
  const found = device.status?.conditions?.find(({ type }) => type === "Connected");
  return found?.status === "Unknown" && found.reason === "NodeUnreachable";
}

function unreachable(present: readonly Condition[], message: string, at: string): readonly Condition[] {
  const old = present.find(({ type }) => type === "Connected");
  const lastTransitionTime = old?.status === "Unknown" ? old.lastTransitionTime : at.replace(/\.\d+Z$/, "Z");
  const condition: Condition = {
    type: "Connected",
    status: "Unknown",
    reason: "NodeUnreachable",
    message,
    lastTransitionTime,
  };
  return old === undefined ? [...present, condition] : present.map((found) => (found === old ? condition : found));
}
