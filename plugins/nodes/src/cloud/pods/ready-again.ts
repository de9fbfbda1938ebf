import type { Condition, KubeObject } from "@skerry/contracts";

interface PodParts {
  readonly spec?: { readonly readinessGates?: readonly { readonly conditionType: string }[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

/**
 * The conditions of a Pod that is ready by all that its node says, and was marked as not ready because the node could
 * not be reached; `undefined` for any other Pod.
 */
export function readyAgain(pod: KubeObject, now: string): readonly Condition[] | undefined {
  const { spec, status } = pod as PodParts;
  const conditions = status?.conditions ?? [];
  const statusOf = (type: string) => conditions.find((condition) => condition.type === type)?.status;
  const gates = spec?.readinessGates ?? [];
  const isRight =
    status?.phase === "Running" &&
    pod.metadata.deletionTimestamp === undefined &&
    statusOf("Ready") === "False" &&
    statusOf("ContainersReady") === "True" &&
    gates.every(({ conditionType }) => statusOf(conditionType) === "True");
  if (!isRight) return undefined;
  return conditions.map((condition) => {
    if (condition.type !== "Ready") return condition;
    const { reason: _, message: __, ...rest } = condition;
    return { ...rest, status: "True", lastTransitionTime: now } as Condition;
  });
}
