import type { Condition } from "@skerry/contracts";

/** `v1.NodeCondition`. */
export type NodeCondition = Condition & { readonly lastHeartbeatTime: string };

export type NodeConditionState = Pick<Condition, "type" | "status" | "reason" | "message">;

/** The condition that says whether a node has its link with the cloud. */
export const edgeLinkCondition = "EdgeLink";

/** What a Node says of a node that is connected. */
export const connected: readonly NodeConditionState[] = [
  { type: "Ready", status: "True", reason: "LinkUp", message: "the node is connected" },
  { type: edgeLinkCondition, status: "True", reason: "Connected", message: "the node is connected" },
];

/** What a Node says of a node that is away: whether it is well is not known, that it has no link is. */
export function away(why: string): readonly NodeConditionState[] {
  return [
    { type: "Ready", status: "Unknown", reason: "LinkDown", message: why },
    { type: edgeLinkCondition, status: "False", reason: "Disconnected", message: why },
  ];
}

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
