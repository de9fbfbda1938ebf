import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { objectsAt, textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";

const heard = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** The status of a condition of a Node; absent when it has none of that type. */
export function conditionStatus(node: JsonObject, type: string): string | undefined {
  const found = conditionOf(node, type);
  return found === undefined ? undefined : textAt(found, "status");
}

/** When the node last spoke through its condition Ready; absent while that is unknown, for then others wrote it. */
export function heartbeatOf(node: JsonObject): string | undefined {
  const ready = conditionOf(node, "Ready");
  if (ready === undefined || ready["status"] === "Unknown") return undefined;
  return textAt(ready, "lastHeartbeatTime");
}

/** A Node of which nothing was heard for too long: what it said holds no more. Itself when it says so already. */
export function asUnheard(node: ApiObject, now: string): ApiObject {
  const found = objectsAt(node, "status", "conditions");
  const conditions = found.map((condition) =>
    heard.includes(textAt(condition, "type")) && condition["status"] !== "Unknown"
      ? {
          ...condition,
          status: "Unknown",
          reason: "NodeStatusUnknown",
          message: "Kubelet stopped posting node status.",
          lastTransitionTime: now,
        }
      : condition,
  );
  const isNew = conditionOf(node, "Ready") === undefined;
  if (!isNew && conditions.every((condition, i) => condition === found[i])) return node;
  const status = isJsonObject(node["status"]) ? node["status"] : {};
  const all = isNew ? [...conditions, neverHeard(node, now)] : conditions;
  return { ...node, status: { ...status, conditions: all } };
}

function neverHeard(node: ApiObject, now: string): JsonObject {
  return {
    type: "Ready",
    status: "Unknown",
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
    lastHeartbeatTime: node.metadata.creationTimestamp ?? now,
    lastTransitionTime: now,
  };
}

function conditionOf(node: JsonObject, type: string): JsonObject | undefined {
  return objectsAt(node, "status", "conditions").find((condition) => condition["type"] === type);
}
