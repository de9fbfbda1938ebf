import { forbidden } from "../../../api/status-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kinds.ts";
import { memberAt, objectsAt } from "../../../printing/member-at.ts";
import type { ApiObject } from "../../api-object.ts";
import { deepEqual } from "../../deep-equal.ts";

export const runtimeClassStorage = "node.k8s.io/runtimeclasses";
const pods = { group: "", plural: "pods" };

/**
 * Gives a new Pod what its RuntimeClass says: the nodes that have the runtime, tolerations, and its overhead. `403` when
 * there is no such class, or when the Pod contradicts it.
 */
export function withRuntimeClass(spec: JsonObject, podName: string, classes: readonly ApiObject[]): JsonObject {
  const { runtimeClassName: name } = spec;
  if (typeof name !== "string" || name === "") {
    if (spec["overhead"] === undefined) return spec;
    throw refused(podName, "Pod Overhead set without corresponding RuntimeClass defined Overhead");
  }
  const found = classes.find((it) => it.metadata.name === name);
  if (found === undefined) throw refused(podName, `RuntimeClass ${JSON.stringify(name)} not found`);
  return {
    ...spec,
    ...overheadOf(spec, found, podName),
    ...nodeSelectorOf(spec, found, podName),
    ...tolerationsOf(spec, found),
  };
}

function overheadOf(spec: JsonObject, found: ApiObject, podName: string): JsonObject {
  const overhead = memberAt(found, "overhead", "podFixed");
  if (spec["overhead"] !== undefined && !deepEqual(spec["overhead"], overhead ?? {})) {
    throw refused(podName, "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  return overhead === undefined ? {} : { overhead };
}

function nodeSelectorOf(spec: JsonObject, found: ApiObject, podName: string): JsonObject {
  const wanted = objectOf(memberAt(found, "scheduling", "nodeSelector"));
  const own = objectOf(spec["nodeSelector"]);
  for (const [label, value] of Object.entries(wanted)) {
    if (own[label] === undefined || own[label] === value) continue;
    const labels = `conflict: runtimeClass.scheduling.nodeSelector[${label}] = ${value}; pod.spec.nodeSelector[${label}] = ${own[label]}`;
    throw refused(podName, labels);
  }
  return Object.keys(wanted).length === 0 ? {} : { nodeSelector: { ...own, ...wanted } };
}

function tolerationsOf(spec: JsonObject, found: ApiObject): JsonObject {
  const own = objectsAt(spec, "tolerations");
  const added = objectsAt(found, "scheduling", "tolerations").filter((it) => !own.some((mine) => deepEqual(mine, it)));
  return added.length === 0 ? {} : { tolerations: [...own, ...added] };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function refused(podName: string, why: string) {
  return forbidden(pods, podName, `pod rejected: ${why}`);
}
