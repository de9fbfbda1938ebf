import type { Condition } from "@skerry/contracts";

/** `v1.NodeCondition`. */
export type NodeCondition = Condition & { readonly lastHeartbeatTime: string };

export type NodeConditionState = Pick<Condition, "type" | "status" | "reason" | "message">;

export const ready = {
  up: { type: "Ready", status: "True", reason: "LinkUp", message: "the node is connected" },
  down: (why: string): NodeConditionState => ({ type: "Ready", status: "Unknown", reason: "LinkDown", message: why }),
} as const;

/** Sets conditions among those there are. The time of transition moves when the status does. */
export function mergeNodeConditions(
  present: readonly NodeCondition[],
  states: readonly NodeConditionState[],
  at: string,
): readonly NodeCondition[] {
  const now = at.replace(/\.\d+Z$/, "Z");
  const merged = new Map(present.map((condition) => [condition.type, condition]));
  for (const { type, status, reason, message } of states) {
    const old = merged.get(type);
    const since = old?.status === status ? old.lastTransitionTime : now;
    merged.set(type, { type, status, reason, message, lastTransitionTime: since, lastHeartbeatTime: now });
  }
  return [...merged.values()];
}
