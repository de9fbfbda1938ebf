import { objectsAt, textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { numberAt, timeIn } from "../runtime/number-at.ts";

/** Whether a Pod counts for its ReplicaSet: it neither ended nor is being deleted. */
export function isActive(pod: ApiObject): boolean {
  return !hasEnded(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function hasEnded(pod: ApiObject): boolean {
  const phase = textAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}

export function isReady(pod: ApiObject): boolean {
  return readyCondition(pod)?.["status"] === "True";
}

/** Since when a Pod is ready, in milliseconds; `undefined` when it is not, or does not say. */
export function readySince(pod: ApiObject): number | undefined {
  return isReady(pod) ? timeIn(readyCondition(pod)?.["lastTransitionTime"]) : undefined;
}

/** Milliseconds until a Pod has been ready for so long; `undefined` when only a change of the Pod can tell. */
export function availableIn(pod: ApiObject, minReadySeconds: number, now: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = readySince(pod);
  return since === undefined ? undefined : Math.max(0, since + minReadySeconds * 1000 - now);
}

export function isAvailable(pod: ApiObject, minReadySeconds: number, now: number): boolean {
  return availableIn(pod, minReadySeconds, now) === 0;
}

/** The restarts of the container that restarted most. */
export function mostRestarts(pod: ApiObject): number {
  const statuses = [
    ...objectsAt(pod, "status", "initContainerStatuses"),
    ...objectsAt(pod, "status", "containerStatuses"),
  ];
  return Math.max(0, ...statuses.map((status) => numberAt(status, "restartCount")));
}

function readyCondition(pod: ApiObject) {
  return objectsAt(pod, "status", "conditions").find(({ type }) => type === "Ready");
}
