import { memberAt, objectsAt, textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { deepEqual } from "../../registry/deep-equal.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";

/** The `schedulerName` of the Pods that are this scheduler's. */
export const schedulerName = "default-scheduler";

/** Whether this scheduler has to find a node for a Pod. */
export function isWaiting(pod: ApiObject): boolean {
  return (
    textAt(pod, "spec", "nodeName") === "" &&
    textAt(pod, "spec", "schedulerName") === schedulerName &&
    pod.metadata.deletionTimestamp === undefined &&
    objectsAt(pod, "spec", "schedulingGates").length === 0 &&
    !hasEnded(pod)
  );
}

/** Whether a Pod takes up room on its node. */
export function isPlaced(pod: ApiObject): boolean {
  return textAt(pod, "spec", "nodeName") !== "" && !hasEnded(pod);
}

/** Whether nothing of a Pod will run again. */
export function hasEnded(pod: ApiObject): boolean {
  const phase = textAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}

/** Whether a Pod that waits asks for something else than before. */
export function asksAnew({ before, after }: ObjectChange): boolean {
  if (before === undefined || after === undefined || !isWaiting(before)) return true;
  return !deepEqual(before["spec"] ?? {}, after["spec"] ?? {}) || hasNewLabels(before, after);
}

/** Whether what a placed Pod means to others has changed: it came, went, ended, or has other labels. */
export function movesOthers({ before, after }: ObjectChange): boolean {
  const was = before !== undefined && isPlaced(before);
  const is = after !== undefined && isPlaced(after);
  if (was !== is) return true;
  if (before === undefined || after === undefined || !is) return false;
  return before.metadata.uid !== after.metadata.uid || hasNewLabels(before, after);
}

/** Whether a Node takes other Pods than before. Heartbeats change nothing. */
export function changesRoom({ before, after }: ObjectChange): boolean {
  if (before === undefined || after === undefined) return true;
  const same = (...path: string[]) => deepEqual(memberAt(before, ...path) ?? {}, memberAt(after, ...path) ?? {});
  return !(same("spec") && same("metadata", "labels") && same("status", "allocatable") && same("status", "capacity"));
}

function hasNewLabels(before: ApiObject, after: ApiObject): boolean {
  return !deepEqual(before.metadata.labels ?? {}, after.metadata.labels ?? {});
}
