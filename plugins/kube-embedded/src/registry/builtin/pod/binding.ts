import { conflict, notFound } from "../../../api/status-error.ts";
import { isJsonObject, type JsonObject } from "../../../kinds.ts";
import { memberAt, objectsAt, textAt } from "../../../printing/member-at.ts";
import type { ApiObject } from "../../api-object.ts";

const pods = { group: "", plural: "pods" };

/** A Pod given to a node; `409` when it has one already or is going. To be written as `binding`. */
export function bound(pod: ApiObject, nodeName: string, now: string): ApiObject {
  const { name, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) {
    throw conflict(pods, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const before = textAt(pod, "spec", "nodeName");
  if (before !== "") throw conflict(pods, name, `pod ${name} is already assigned to node ${JSON.stringify(before)}`);
  if (objectsAt(pod, "spec", "schedulingGates").length > 0) {
    throw conflict(pods, name, `pod ${name} has non-empty .spec.schedulingGates`);
  }
  const { spec, status } = pod;
  const others = objectsAt(pod, "status", "conditions").filter((condition) => condition["type"] !== "PodScheduled");
  const scheduled = { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: now };
  return {
    ...pod,
    spec: { ...objectOf(spec), nodeName },
    status: { ...objectOf(status), conditions: [...others, scheduled] },
  };
}

/** What a `Binding` says of where its Pod goes. */
export function boundByBody(pod: ApiObject, body: JsonObject, now: string): ApiObject {
  const uid = textAt(body, "metadata", "uid");
  if (uid !== "" && uid !== pod.metadata.uid) {
    const found = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`;
    throw conflict(pods, pod.metadata.name, found);
  }
  const kind = memberAt(body, "target", "kind");
  const node = textAt(body, "target", "name");
  if (node === "" || (kind !== undefined && kind !== "" && kind !== "Node")) {
    throw notFound({ group: "", plural: "nodes" }, node);
  }
  return bound(pod, node, now);
}

function objectOf(value: ApiObject[string] | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
