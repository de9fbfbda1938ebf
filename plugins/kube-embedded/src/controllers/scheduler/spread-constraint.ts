import type { JsonObject } from "../../kinds.ts";
import { objectsAt } from "../../printing/member-at.ts";
import { type PodTerm, podTermOf } from "./pod-term.ts";

/** `v1.TopologySpreadConstraint`. */
export interface SpreadConstraint {
  readonly term: PodTerm;
  readonly maxSkew: number;
  readonly minDomains: number;
  /** `DoNotSchedule`; otherwise the constraint is a wish. */
  readonly isRequired: boolean;
  /** Nodes that the Pod's node affinity excludes do not count. */
  readonly honorsAffinity: boolean;
  /** Nodes with taints that the Pod does not tolerate do not count. */
  readonly honorsTaints: boolean;
}

/** Reads the constraints of a Pod, with the defaults of Kubernetes. */
export function spreadConstraintsOf(pod: JsonObject): readonly SpreadConstraint[] {
  return objectsAt(pod, "spec", "topologySpreadConstraints").map((constraint) => ({
    term: podTermOf(constraint, pod),
    maxSkew: numberOf(constraint["maxSkew"], 1),
    minDomains: numberOf(constraint["minDomains"], 1),
    isRequired: constraint["whenUnsatisfiable"] !== "ScheduleAnyway",
    honorsAffinity: constraint["nodeAffinityPolicy"] !== "Ignore",
    honorsTaints: constraint["nodeTaintsPolicy"] === "Honor",
  }));
}

function numberOf(value: JsonObject[string] | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
