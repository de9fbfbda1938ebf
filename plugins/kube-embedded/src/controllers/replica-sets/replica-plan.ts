import { textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { byDeletion } from "./deletion-order.ts";
import { isActive } from "./pod-state.ts";

/** How many Pods one round creates or deletes at most; the rest follows in the next. */
const largestRound = 500;

export interface ReplicaPlan {
  readonly create: number;
  readonly remove: readonly ApiObject[];
}

export interface ReplicaState {
  readonly wanted: number;
  /** The active Pods of the ReplicaSet. */
  readonly pods: readonly ApiObject[];
  /** Pods of all ReplicaSets of the same owner, these among them. */
  readonly related: readonly ApiObject[];
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** What has to happen so that there are as many Pods as wanted. */
export function planReplicas({ wanted, pods, related, now }: ReplicaState): ReplicaPlan {
  const surplus = pods.length - wanted;
  if (surplus <= 0) return { create: Math.min(wanted - pods.length, largestRound), remove: [] };
  const crowds = new Map<string, number>();
  for (const pod of related.filter(isActive)) {
    const node = textAt(pod, "spec", "nodeName");
    crowds.set(node, (crowds.get(node) ?? 0) + 1);
  }
  const order = byDeletion({ now, crowd: (node) => crowds.get(node) ?? 0 });
  return { create: 0, remove: [...pods].sort(order).slice(0, Math.min(surplus, largestRound)) };
}
