import type { JsonObject } from "../../kinds.ts";
import { objectsAt } from "../../printing/member-at.ts";

/** The conditions of a Pod with the one that says why the cluster is about to delete it. */
export function withDisruptionTarget(
  pod: JsonObject,
  why: { readonly reason: string; readonly message: string },
  now: string,
): readonly JsonObject[] {
  const others = objectsAt(pod, "status", "conditions").filter(({ type }) => type !== "DisruptionTarget");
  return [
    ...others,
    { type: "DisruptionTarget", status: "True", ...why, lastProbeTime: null, lastTransitionTime: now },
  ];
}
