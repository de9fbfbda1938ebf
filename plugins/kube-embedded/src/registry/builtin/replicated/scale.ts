import { conflict, invalid } from "../../../api/status-error.ts";
import { isJsonObject, type JsonObject } from "../../../kinds.ts";
import { memberAt } from "../../../printing/member-at.ts";
import { invalidValue } from "../../names.ts";
import type { Subresource } from "../../subresource.ts";
import { selectorText } from "./selector-text.ts";

/** `autoscaling/v1` Scale of what has `spec.replicas`. */
export const scaleSubresource: Subresource = {
  name: "scale",
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  verbs: ["get", "patch", "update"],
  target: undefined,
  read: (object) => {
    const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
    const metadata = { name, namespace, uid, resourceVersion, creationTimestamp };
    const replicas = memberAt(object, "spec", "replicas") ?? 0;
    return {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: metadata as JsonObject,
      // As in Kubernetes, whose zero is left out.
      spec: replicas === 0 ? {} : { replicas },
      status: {
        replicas: memberAt(object, "status", "replicas") ?? 0,
        selector: selectorText(memberAt(object, "spec", "selector")),
      },
    };
  },
  write: (object, body) => {
    const { name, uid, resourceVersion } = object.metadata;
    const resource = { group: "apps", plural: `${object.kind.toLowerCase()}s` };
    const given = memberAt(body, "metadata", "resourceVersion");
    if (given !== undefined && given !== "" && given !== resourceVersion) throw conflict(resource, name);
    const givenUid = memberAt(body, "metadata", "uid");
    if (givenUid !== undefined && givenUid !== "" && givenUid !== uid) {
      const found = `Precondition failed: UID in precondition: ${givenUid}, UID in object meta: ${uid}`;
      throw conflict(resource, name, found);
    }
    const replicas = memberAt(body, "spec", "replicas") ?? 0;
    if (typeof replicas !== "number" || !Number.isSafeInteger(replicas) || replicas < 0) {
      const why = "must be greater than or equal to 0";
      throw invalid({ group: "autoscaling", kind: "Scale" }, name, [invalidValue("spec.replicas", replicas, why)]);
    }
    const spec = isJsonObject(object["spec"]) ? object["spec"] : {};
    return { ...object, spec: { ...spec, replicas } };
  },
};
