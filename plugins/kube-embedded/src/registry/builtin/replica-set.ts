import { isJsonObject } from "../../kinds.ts";
import type { ApiObject } from "../api-object.ts";
import { builtInKind } from "./built-in-kind.ts";
import { podTemplate } from "./pod-spec/pod-spec.ts";
import { scaleSubresource } from "./replicated/scale.ts";
import { withTemplateDefaults } from "./replicated/template-defaults.ts";
import { validateReplicated } from "./replicated/validate-replicated.ts";
import {
  about,
  byDefault,
  condition,
  each,
  int32,
  int64,
  kindSchema,
  labelSelector,
  listByKey,
  record,
} from "./schema-parts.ts";

export const replicaSetKind = builtInKind({
  group: "apps",
  kind: "ReplicaSet",
  plural: "replicasets",
  shortNames: ["rs"],
  categories: ["all"],
  namespaced: true,
  hasStatus: true,
  selectableFields: ["status.replicas"],
  schema: kindSchema("ReplicaSet ensures that a specified number of pod replicas are running at any given time.", {
    spec: record(
      {
        replicas: about(byDefault(int32, 1), "Number of desired pods."),
        minReadySeconds: about(int32, "Seconds a pod must be ready before it counts as available."),
        selector: about(labelSelector, "The pods that are this ReplicaSet's; it never changes."),
        template: podTemplate,
      },
      { required: ["selector"], description: "The desired behavior of the ReplicaSet." },
    ),
    status: record(
      {
        ...each(int32, "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "terminatingReplicas"),
        observedGeneration: int64,
        conditions: listByKey("type", condition),
      },
      { description: "The most recently observed status of the ReplicaSet." },
    ),
  }),
  subresources: [scaleSubresource],
  strategy: {
    hasGeneration: true,
    forCreate: (replicaSet) => ({ ...completed(replicaSet), status: { replicas: 0 } }),
    forUpdate: completed,
    validate: validateReplicated,
  },
});

function completed(replicaSet: ApiObject): ApiObject {
  const { spec } = replicaSet;
  return isJsonObject(spec) ? { ...replicaSet, spec: withTemplateDefaults(spec) } : replicaSet;
}
