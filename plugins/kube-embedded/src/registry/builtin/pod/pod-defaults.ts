import { isJsonObject, type JsonObject, type JsonValue } from "../../../kinds.ts";
import { objectsAt } from "../../../printing/member-at.ts";
import { mapped, withSpecDefaults } from "./spec-defaults.ts";

const systemPriorities: ReadonlyMap<JsonValue | undefined, number> = new Map<JsonValue | undefined, number>([
  ["system-cluster-critical", 2_000_000_000],
  ["system-node-critical", 2_000_001_000],
]);

/** What a Pod's spec becomes beyond a template's: the defaults of Pods, and what admission adds in every cluster. */
export function withPodDefaults(spec: JsonObject): JsonObject {
  const complete = withSpecDefaults(spec);
  return {
    enableServiceLinks: true,
    serviceAccountName: "default",
    serviceAccount: "default",
    priority: systemPriorities.get(spec["priorityClassName"]) ?? 0,
    preemptionPolicy: "PreemptLowerPriority",
    ...complete,
    ...mapped(complete, "containers", withRequests),
    ...mapped(complete, "initContainers", withRequests),
    tolerations: withTolerations(objectsAt(spec, "tolerations")),
  };
}

/** What may be used is asked for, unless something else is. */
function withRequests(container: JsonObject): JsonObject {
  const { resources } = container;
  if (!isJsonObject(resources) || !isJsonObject(resources["limits"])) return container;
  const requests = isJsonObject(resources["requests"]) ? resources["requests"] : {};
  return { ...container, resources: { ...resources, requests: { ...resources["limits"], ...requests } } };
}

/** A pod stays five minutes on a node that cannot be reached, unless it says how long. */
export function withTolerations(given: readonly JsonObject[]): readonly JsonObject[] {
  const added = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
    .filter((taint) => !given.some((toleration) => tolerates(toleration, taint)))
    .map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }));
  return [...given, ...added];
}

function tolerates({ key, effect }: JsonObject, taint: string): boolean {
  const isAnyKey = key === undefined || key === "";
  return (isAnyKey || key === taint) && (effect === undefined || effect === "" || effect === "NoExecute");
}
