import type { JsonObject } from "../../kinds.ts";
import { memberAt, objectsAt, textAt } from "../../printing/member-at.ts";
import type { NodeView, Taint } from "./node-view.ts";

/** `v1.Toleration`; an empty key or effect stands for all. */
export interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  readonly effect: string;
  /** How long a taint that evicts is tolerated; for ever when absent. */
  readonly seconds?: number;
}

/** Reads the tolerations of a Pod. */
export function tolerationsOf(pod: JsonObject): readonly Toleration[] {
  return objectsAt(pod, "spec", "tolerations").map((toleration) => {
    const seconds = memberAt(toleration, "tolerationSeconds");
    return {
      key: textAt(toleration, "key"),
      operator: textAt(toleration, "operator") || "Equal",
      value: textAt(toleration, "value"),
      effect: textAt(toleration, "effect"),
      ...(typeof seconds === "number" ? { seconds } : {}),
    };
  });
}

/** Whether one toleration covers a taint, for whatever time. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== "" && toleration.effect !== taint.effect) return false;
  if (toleration.key !== "" && toleration.key !== taint.key) return false;
  return toleration.operator === "Exists" || (toleration.operator === "Equal" && toleration.value === taint.value);
}

/** Whether any of the tolerations covers a taint. */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some((toleration) => tolerates(toleration, taint));
}

/** The first taint that keeps Pods with these tolerations away from a node, if one does. */
export function keepsAway(node: NodeView, tolerations: readonly Toleration[]): Taint | undefined {
  return node.taints.find(
    (taint) => (taint.effect === "NoSchedule" || taint.effect === "NoExecute") && !isTolerated(taint, tolerations),
  );
}
