import type { Condition, DesiredValue } from "@skerry/contracts";

export type ConditionState = Pick<Condition, "type" | "status" | "reason" | "message">;

/** Sets conditions among those there are. The time of transition moves when the status does. */
export function mergeConditions(
  present: readonly Condition[],
  states: readonly ConditionState[],
  now: string,
): readonly Condition[] {
  const merged = new Map(present.map((condition) => [condition.type, condition]));
  for (const { type, status, reason, message } of states) {
    const old = merged.get(type);
    const since = old?.status === status ? old.lastTransitionTime : wholeSeconds(now);
    merged.set(type, { type, status, reason, message, lastTransitionTime: since });
  }
  return [...merged.values()];
}

/** Whether the device has every desired value, and if not, which it lacks and why. */
export function syncedCondition(desired: ReadonlyMap<string, DesiredValue>): ConditionState {
  const type = "Synced";
  for (const [state, reason] of unsettled) {
    const found = [...desired].filter(([, entry]) => entry.state === state);
    if (found.length === 0) continue;
    const message = found.map(([property, entry]) => `${property}: ${entry.reason ?? state}`).join("; ");
    return { type, status: "False", reason, message: message.slice(0, 1_000) };
  }
  return desired.size === 0
    ? { type, status: "True", reason: "NothingDesired", message: "no values are desired" }
    : { type, status: "True", reason: "DesiredApplied", message: "the device has every desired value" };
}

/** Worst first. */
const unsettled = [
  ["rejected", "DesiredRejected"],
  ["expired", "DesiredExpired"],
  ["pending", "DesiredPending"],
] as const;

export function modelCondition(model: string, found: boolean): ConditionState {
  return found
    ? { type: "ModelFound", status: "True", reason: "ModelFound", message: `the DeviceModel is ${model}` }
    : { type: "ModelFound", status: "False", reason: "ModelMissing", message: `there is no DeviceModel ${model}` };
}

/** `metav1.Time` has no fractions. */
function wholeSeconds(at: string): string {
  return at.replace(/\.\d+Z$/, "Z");
}
