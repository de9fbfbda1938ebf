import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { objectsAt } from "../../printing/member-at.ts";
import { numberIn } from "../runtime/number-at.ts";
import { type Conditions, conditionOf, withCondition, withoutCondition } from "./conditions.ts";
import type { Rollout } from "./rolling-update.ts";
import { type DeploymentView, type ReplicaSetView, sum } from "./views.ts";

export function statusOf({ object }: DeploymentView): JsonObject {
  return isJsonObject(object["status"]) ? object["status"] : {};
}

/** The counts of a Deployment's status, without conditions. Zeros are left out, as in Kubernetes. */
export function countsOf({ deployment, newest, old }: Rollout, collisions: number | undefined): JsonObject {
  const sets = newest === undefined ? old : [...old, newest];
  const available = sum(sets, (set) => set.available);
  const counts = {
    observedGeneration: deployment.object.metadata.generation ?? 0,
    replicas: sum(sets, (set) => set.actual),
    updatedReplicas: newest?.actual ?? 0,
    readyReplicas: sum(sets, (set) => set.ready),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(sets, (set) => set.replicas) - available),
  };
  const present = Object.entries(counts).filter(([, count]) => count !== 0);
  return { ...Object.fromEntries(present), ...(collisions === undefined ? {} : { collisionCount: collisions }) };
}

export function collisionsOf(deployment: DeploymentView): number | undefined {
  return numberIn(statusOf(deployment), "collisionCount");
}

/** Sets `Available` from the counts. */
export function judgeAvailability(
  { replicas, maxUnavailable }: DeploymentView,
  counts: JsonObject,
  conditions: Conditions,
  time: string,
): Conditions {
  const isAvailable = (numberIn(counts, "availableReplicas") ?? 0) >= replicas - maxUnavailable;
  const has = isAvailable ? "has" : "does not have";
  return withCondition(
    conditions,
    {
      type: "Available",
      status: isAvailable ? "True" : "False",
      reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: `Deployment ${has} minimum availability.`,
    },
    time,
  );
}

/** Takes over what keeps the ReplicaSets, the new one before all, from having their Pods. */
export function judgeFailures({ newest, old }: Rollout, conditions: Conditions, time: string): Conditions {
  const failureIn = (set: ReplicaSetView) =>
    conditionOf(objectsAt(set.object, "status", "conditions"), "ReplicaFailure");
  const found =
    (newest === undefined ? undefined : failureIn(newest)) ?? old.map(failureIn).find((it) => it !== undefined);
  if (found === undefined) return withoutCondition(conditions, "ReplicaFailure");
  const { reason, message } = found;
  const next = { type: "ReplicaFailure", status: "True", reason: String(reason), message: String(message) } as const;
  return withCondition(conditions, next, time);
}

/** Notes in `Progressing` that a Deployment was paused or resumed, so that its deadline begins anew. */
export function judgePause(
  { isPaused, deadlineSeconds }: DeploymentView,
  conditions: Conditions,
  time: string,
): Conditions {
  const reason = conditionOf(conditions, "Progressing")?.["reason"];
  if (deadlineSeconds === undefined || reason === "ProgressDeadlineExceeded") return conditions;
  const wasPaused = reason === "DeploymentPaused";
  if (isPaused === wasPaused) return conditions;
  const [word, message] = isPaused ? ["DeploymentPaused", "paused"] : ["DeploymentResumed", "resumed"];
  const next = { type: "Progressing", status: "Unknown", reason: word, message: `Deployment is ${message}` } as const;
  return withCondition(conditions, next, time);
}
