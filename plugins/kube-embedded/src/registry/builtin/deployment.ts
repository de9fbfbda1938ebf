import { isJsonObject, type JsonObject } from "../../kinds.ts";
import type { ApiObject } from "../api-object.ts";
import { builtInKind } from "./built-in-kind.ts";
import { podTemplate } from "./pod-spec/pod-spec.ts";
import { scaleSubresource } from "./replicated/scale.ts";
import { withTemplateDefaults } from "./replicated/template-defaults.ts";
import { validateDeployment } from "./replicated/validate-deployment.ts";
import {
  about,
  byDefault,
  each,
  int32,
  int64,
  intOrString,
  kindSchema,
  labelSelector,
  listByKey,
  record,
  text,
  texts,
  time,
  truth,
} from "./schema-parts.ts";

const strategy = record(
  {
    type: byDefault(text, "RollingUpdate"),
    rollingUpdate: record({
      maxUnavailable: about(intOrString, "How many pods may be missing during an update, as a number or percentage."),
      maxSurge: about(intOrString, "How many pods there may be too many during an update."),
    }),
  },
  { description: "How pods are replaced by new ones." },
);

const condition = record(
  { ...texts("type", "status", "reason", "message"), lastUpdateTime: time, lastTransitionTime: time },
  { required: ["type", "status"] },
);

export const deploymentKind = builtInKind({
  group: "apps",
  kind: "Deployment",
  plural: "deployments",
  shortNames: ["deploy"],
  categories: ["all"],
  namespaced: true,
  hasStatus: true,
  schema: kindSchema("Deployment enables declarative updates for Pods and ReplicaSets.", {
    spec: record(
      {
        replicas: about(byDefault(int32, 1), "Number of desired pods."),
        selector: about(labelSelector, "The pods that are this deployment's; it never changes."),
        template: podTemplate,
        strategy: byDefault(strategy, {}),
        minReadySeconds: about(int32, "Seconds a pod must be ready before it counts as available."),
        revisionHistoryLimit: about(byDefault(int32, 10), "How many old ReplicaSets are kept."),
        progressDeadlineSeconds: about(byDefault(int32, 600), "Seconds after which an update counts as stuck."),
        paused: truth,
      },
      { required: ["selector", "template"], description: "The desired behavior of the Deployment." },
    ),
    status: record(
      {
        ...each(int32, "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas"),
        ...each(int32, "collisionCount", "terminatingReplicas"),
        observedGeneration: int64,
        conditions: listByKey("type", condition),
      },
      { description: "The most recently observed status of the Deployment." },
    ),
  }),
  subresources: [scaleSubresource],
  strategy: {
    hasGeneration: true,
    forCreate: (deployment) => ({ ...completed(deployment), status: {} }),
    forUpdate: completed,
    validate: validateDeployment,
  },
});

function completed(deployment: ApiObject): ApiObject {
  const spec = isJsonObject(deployment["spec"]) ? deployment["spec"] : {};
  return { ...deployment, spec: { ...withTemplateDefaults(spec), ...rollingOf(spec) } };
}

function rollingOf(spec: JsonObject): JsonObject {
  const { strategy } = spec;
  if (!isJsonObject(strategy) || strategy["type"] !== "RollingUpdate") return {};
  const given = isJsonObject(strategy["rollingUpdate"]) ? strategy["rollingUpdate"] : {};
  return { strategy: { ...strategy, rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%", ...given } } };
}
