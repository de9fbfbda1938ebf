import { about, int32, labelSelector, listOf, record, text } from "../schema-parts.ts";

const requirement = record({ key: text, operator: text, values: listOf(text) }, { required: ["key", "operator"] });
const nodeTerm = record({ matchExpressions: listOf(requirement), matchFields: listOf(requirement) });
const podTerm = record(
  {
    labelSelector,
    namespaces: listOf(text),
    topologyKey: text,
    namespaceSelector: labelSelector,
    matchLabelKeys: listOf(text),
    mismatchLabelKeys: listOf(text),
  },
  { required: ["topologyKey"] },
);
const podAffinity = record({
  requiredDuringSchedulingIgnoredDuringExecution: listOf(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    record({ weight: int32, podAffinityTerm: podTerm }, { required: ["weight", "podAffinityTerm"] }),
  ),
});

export const affinity = record(
  {
    nodeAffinity: record({
      requiredDuringSchedulingIgnoredDuringExecution: record(
        { nodeSelectorTerms: listOf(nodeTerm) },
        { required: ["nodeSelectorTerms"] },
      ),
      preferredDuringSchedulingIgnoredDuringExecution: listOf(
        record({ weight: int32, preference: nodeTerm }, { required: ["weight", "preference"] }),
      ),
    }),
    podAffinity: about(podAffinity, "Pods that this one wants to be near."),
    podAntiAffinity: about(podAffinity, "Pods that this one wants to be away from."),
  },
  { description: "Scheduling constraints of the pod." },
);
