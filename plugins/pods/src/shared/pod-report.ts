import type { JsonObject } from "@skerry/contracts";

/**
 * What a node says of one Pod, under the uplink type `pod` and the name `<namespace>/<name>/<uid>`: always the whole
 * state, so that only the newest has to arrive.
 */
export interface PodReport {
  /** `v1.PodStatus` as the node sees it, without the condition `PodScheduled` and without `qosClass`. */
  readonly status: JsonObject;
  /** Events of this Pod, those that happened longest ago first; at most `mostEvents`, the newest are kept. */
  readonly events: readonly PodEvent[];
  /** Every container has ended and what the Pod had on the node is gone: its object may go as well. */
  readonly released: boolean;
}

/** One series of equal events of a Pod. */
export interface PodEvent {
  readonly type: "Normal" | "Warning";
  /** CamelCase word, one of the kubelet's where it has one: `Pulled`, `Started`, `BackOff`, `FailedMount`. */
  readonly reason: string;
  readonly message: string;
  /** `spec.containers{main}` as the kubelet writes it; absent for the Pod as a whole. */
  readonly fieldPath?: string;
  readonly count: number;
  /** RFC 3339, whole seconds. */
  readonly first: string;
  readonly last: string;
}

export const podUplinkType = "pod";

export const mostEvents = 20;
/** In characters; longer ones are cut at the node. */
export const longestMessage = 1024;
