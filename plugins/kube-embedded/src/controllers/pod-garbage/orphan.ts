import { isJsonObject } from "../../kinds.ts";
import { textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { withDisruptionTarget } from "../nodes/disruption-target.ts";

const why = { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" };

/** A Pod that ends because the Node it was bound to does not exist; itself when it has ended already. */
export function asOrphaned(pod: ApiObject, now: string): ApiObject {
  const phase = textAt(pod, "status", "phase");
  if (phase === "Succeeded" || phase === "Failed") return pod;
  const status = isJsonObject(pod["status"]) ? pod["status"] : {};
  return { ...pod, status: { ...status, phase: "Failed", conditions: withDisruptionTarget(pod, why, now) } };
}
