import { isJsonObject } from "../../kinds.ts";
import { objectsAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";

/** A Pod whose condition `PodScheduled` says why it has no node; the Pod itself when it says so already. */
export function asUnschedulable(pod: ApiObject, message: string, now: string): ApiObject {
  const conditions = objectsAt(pod, "status", "conditions");
  const old = conditions.find(({ type }) => type === "PodScheduled");
  const isSame = old?.["status"] === "False" && old["reason"] === "Unschedulable" && old["message"] === message;
  if (isSame) return pod;
  const since = old?.["status"] === "False" ? (old["lastTransitionTime"] ?? now) : now;
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastProbeTime: null,
    lastTransitionTime: since,
  };
  const others = conditions.filter(({ type }) => type !== "PodScheduled");
  const status = isJsonObject(pod["status"]) ? pod["status"] : {};
  return { ...pod, status: { ...status, conditions: [...others, condition] } };
}
