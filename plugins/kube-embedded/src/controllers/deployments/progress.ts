import type { JsonObject } from "../../kinds.ts";
import { numberAt } from "../runtime/number-at.ts";
import {
  type Condition,
  type Conditions,
  conditionOf,
  updatedAt,
  withCondition,
  withoutCondition,
} from "./conditions.ts";
import type { Rollout } from "./rolling-update.ts";
import type { DeploymentView } from "./views.ts";

export const availableReason = "NewReplicaSetAvailable";
export const timedOutReason = "ProgressDeadlineExceeded";

/** A moment, in milliseconds since the Unix epoch and as `metav1.Time`. */
export interface Moment {
  readonly now: number;
  readonly time: string;
}

/** Whether the wanted Pods, and no others, are there and available. */
export function isComplete({ replicas, object }: DeploymentView, status: JsonObject): boolean {
  return (
    numberAt(status, "updatedReplicas") === replicas &&
    numberAt(status, "replicas") === replicas &&
    numberAt(status, "availableReplicas") === replicas &&
    numberAt(status, "observedGeneration") >= (object.metadata.generation ?? 0)
  );
}

/**
 * What the condition `Progressing` says of an update, given the counts before and now. An update that was complete
 * stays so when its Pods fail.
 */
export function judgeProgress(
  { deployment, newest }: Rollout,
  before: JsonObject,
  counts: JsonObject,
  conditions: Conditions,
  { now, time }: Moment,
): Conditions {
  if (deployment.deadlineSeconds === undefined) return withoutCondition(conditions, "Progressing");
  const present = conditionOf(conditions, "Progressing");
  const hasOnlyNew = numberAt(counts, "replicas") === numberAt(counts, "updatedReplicas");
  if (hasOnlyNew && present?.["reason"] === availableReason) return conditions;
  const subject = newest === undefined ? `Deployment "${deployment.name}"` : `ReplicaSet "${newest.name}"`;
  const progressing = (status: "True" | "False", reason: string, what: string): Condition => ({
    type: "Progressing",
    status,
    reason,
    message: `${subject} ${what}`,
  });
  if (isComplete(deployment, counts)) {
    return withCondition(conditions, progressing("True", availableReason, "has successfully progressed."), time);
  }
  if (hasProgressed(before, counts)) {
    return withCondition(conditions, progressing("True", "ReplicaSetUpdated", "is progressing."), time, true);
  }
  const due = deadlineOf(deployment, conditions);
  if (due === undefined || due >= now) return conditions;
  return withCondition(conditions, progressing("False", timedOutReason, "has timed out progressing."), time);
}

/** When an update that makes no progress counts as stuck, in milliseconds; `undefined` when there is nothing to wait for. */
export function deadlineOf({ deadlineSeconds }: DeploymentView, conditions: Conditions): number | undefined {
  const present = conditionOf(conditions, "Progressing");
  const since = updatedAt(present);
  if (deadlineSeconds === undefined || since === undefined) return undefined;
  if (present?.["reason"] === availableReason || present?.["reason"] === timedOutReason) return undefined;
  return since + deadlineSeconds * 1000;
}

function hasProgressed(before: JsonObject, counts: JsonObject): boolean {
  const old = (status: JsonObject) => numberAt(status, "replicas") - numberAt(status, "updatedReplicas");
  const grew = (name: string) => numberAt(counts, name) > numberAt(before, name);
  return grew("updatedReplicas") || old(counts) < old(before) || grew("readyReplicas") || grew("availableReplicas");
}
