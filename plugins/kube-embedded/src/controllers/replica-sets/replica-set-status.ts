import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { memberAt, objectsAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { numberAt } from "../runtime/number-at.ts";
import { isAvailable, isReady } from "./pod-state.ts";

/** Why a ReplicaSet could not be brought to its size. */
export interface ReplicaFailure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly message: string;
}

export interface ReplicaSetState {
  readonly replicaSet: ApiObject;
  readonly pods: readonly ApiObject[];
  readonly failure: ReplicaFailure | undefined;
  /** The present moment, in milliseconds and as `metav1.Time`. */
  readonly now: number;
  readonly time: string;
}

/** The status of a ReplicaSet with these active Pods. Zeros are left out, but for `replicas`, as in Kubernetes. */
export function replicaSetStatus({ replicaSet, pods, failure, now, time }: ReplicaSetState): JsonObject {
  const minReadySeconds = numberAt(replicaSet, "spec", "minReadySeconds");
  const wanted = memberAt(replicaSet, "spec", "template", "metadata", "labels");
  const labels = Object.entries(isJsonObject(wanted) ? wanted : {});
  const isLabeled = ({ metadata }: ApiObject) => labels.every(([key, value]) => metadata.labels?.[key] === value);
  const conditions = conditionsOf(replicaSet, failure, time);
  return {
    replicas: pods.length,
    ...counted("fullyLabeledReplicas", pods.filter(isLabeled).length),
    ...counted("readyReplicas", pods.filter(isReady).length),
    ...counted("availableReplicas", pods.filter((pod) => isAvailable(pod, minReadySeconds, now)).length),
    ...counted("observedGeneration", replicaSet.metadata.generation ?? 0),
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

function counted(name: string, count: number): JsonObject {
  return count === 0 ? {} : { [name]: count };
}

function conditionsOf(replicaSet: ApiObject, failure: ReplicaFailure | undefined, time: string): readonly JsonObject[] {
  const present = objectsAt(replicaSet, "status", "conditions");
  const others = present.filter(({ type }) => type !== "ReplicaFailure");
  if (failure === undefined) return others;
  const { reason, message } = failure;
  const before = present.find(({ type }) => type === "ReplicaFailure");
  if (before?.["status"] === "True" && before["reason"] === reason) return present;
  const lastTransitionTime = before?.["status"] === "True" ? (before["lastTransitionTime"] ?? time) : time;
  return [...others, { type: "ReplicaFailure", status: "True", reason, message, lastTransitionTime }];
}
