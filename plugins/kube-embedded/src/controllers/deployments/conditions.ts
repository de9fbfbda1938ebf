import type { JsonObject } from "../../kinds.ts";
import { timeIn } from "../runtime/number-at.ts";

/** `apps/v1` DeploymentCondition. */
export interface Condition {
  readonly type: "Available" | "Progressing" | "ReplicaFailure";
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

export type Conditions = readonly JsonObject[];

export function conditionOf(conditions: Conditions, type: Condition["type"]): JsonObject | undefined {
  return conditions.find((condition) => condition["type"] === type);
}

export function withoutCondition(conditions: Conditions, type: Condition["type"]): Conditions {
  return conditions.filter((condition) => condition["type"] !== type);
}

/**
 * Sets a condition at a moment (`metav1.Time`). One with the same status and reason stays as it is, unless it is to be
 * renewed: then it says when it was last updated.
 */
export function withCondition(conditions: Conditions, next: Condition, now: string, renew = false): Conditions {
  const present = conditionOf(conditions, next.type);
  if (!renew && present?.["status"] === next.status && present["reason"] === next.reason) return conditions;
  const isSame = present?.["status"] === next.status;
  const lastTransitionTime = isSame ? (present["lastTransitionTime"] ?? now) : now;
  const { type, status, reason, message } = next;
  const condition = { type, status, lastUpdateTime: now, lastTransitionTime, reason, message };
  return [...withoutCondition(conditions, type), condition];
}

/** When a condition was last updated, in milliseconds. */
export function updatedAt(condition: JsonObject | undefined): number | undefined {
  return timeIn(condition?.["lastUpdateTime"]);
}
