import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { memberAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { replicaSetKind } from "../../registry/builtin/index.ts";
import { controllerReference } from "../runtime/owner-reference.ts";

/** A new Pod of a ReplicaSet, to be named when it is created. */
export function podFromTemplate(replicaSet: ApiObject): JsonObject & { readonly metadata: JsonObject } {
  const template = memberAt(replicaSet, "spec", "template");
  const { metadata = {}, spec = {} } = isJsonObject(template) ? template : {};
  const { labels, annotations, finalizers } = isJsonObject(metadata) ? metadata : ({} as JsonObject);
  const { name, namespace } = replicaSet.metadata;
  return {
    metadata: {
      generateName: `${name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [controllerReference(replicaSetKind, replicaSet)],
    },
    spec,
  };
}
