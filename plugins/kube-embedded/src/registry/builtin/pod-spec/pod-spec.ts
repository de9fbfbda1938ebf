import type { JsonObject } from "../../../kinds.ts";
import {
  about,
  byDefault,
  each,
  int32,
  int64,
  intOrString,
  labelSelector,
  listByKey,
  listOf,
  mapOf,
  record,
  templateMetadata,
  text,
  texts,
  truth,
} from "../schema-parts.ts";
import { affinity } from "./affinity.ts";
import { container, ephemeralContainer, resources } from "./containers.ts";
import { podSecurityContext } from "./security.ts";
import { volume } from "./volumes.ts";

export const toleration = record({ ...texts("key", "operator", "value", "effect"), tolerationSeconds: int64 });

const spread = record(
  {
    maxSkew: int32,
    ...texts("topologyKey", "whenUnsatisfiable", "nodeAffinityPolicy", "nodeTaintsPolicy"),
    labelSelector,
    minDomains: int32,
    matchLabelKeys: listOf(text),
  },
  { required: ["maxSkew", "topologyKey", "whenUnsatisfiable"] },
);

/** `PodSpec`, with the defaults that do not depend on other members. */
export const podSpec: JsonObject = record(
  {
    containers: listByKey("name", container, "Containers of the pod; at least one."),
    initContainers: listByKey("name", container, "Containers that run one after another before the others."),
    ephemeralContainers: listByKey("name", ephemeralContainer),
    volumes: {
      ...listByKey("name", volume, "Volumes that the containers can mount."),
      "x-kubernetes-patch-strategy": "merge,retainKeys",
    },
    restartPolicy: about(byDefault(text, "Always"), "Always, OnFailure or Never."),
    terminationGracePeriodSeconds: about(byDefault(int64, 30), "Seconds a container has to stop."),
    activeDeadlineSeconds: about(int64, "Seconds after which the pod is failed."),
    dnsPolicy: byDefault(text, "ClusterFirst"),
    dnsConfig: record({
      nameservers: listOf(text),
      searches: listOf(text),
      options: listOf(record(texts("name", "value"))),
    }),
    nodeSelector: mapOf(text, "Labels that a node must have."),
    nodeName: about(text, "The node that runs the pod."),
    ...texts("serviceAccountName", "serviceAccount", "hostname", "subdomain"),
    ...each(truth, "automountServiceAccountToken", "hostNetwork", "hostPID", "hostIPC", "hostUsers"),
    ...each(truth, "shareProcessNamespace", "setHostnameAsFQDN", "enableServiceLinks"),
    securityContext: byDefault(podSecurityContext, {}),
    imagePullSecrets: listByKey("name", record({ name: byDefault(text, "") })),
    affinity,
    schedulerName: byDefault(text, "default-scheduler"),
    tolerations: listOf(toleration, "Taints of nodes that the pod tolerates."),
    hostAliases: listByKey("ip", record({ ip: text, hostnames: listOf(text) }, { required: ["ip"] })),
    priorityClassName: text,
    priority: int32,
    preemptionPolicy: text,
    readinessGates: listOf(record({ conditionType: text }, { required: ["conditionType"] })),
    runtimeClassName: about(text, "The RuntimeClass that says what runs the pod's containers."),
    overhead: mapOf(intOrString),
    topologySpreadConstraints: listByKey("topologyKey", spread),
    os: record({ name: text }, { required: ["name"] }),
    schedulingGates: listByKey("name", record({ name: text }, { required: ["name"] })),
    resourceClaims: {
      ...listByKey(
        "name",
        record(texts("name", "resourceClaimName", "resourceClaimTemplateName"), { required: ["name"] }),
      ),
      "x-kubernetes-patch-strategy": "merge,retainKeys",
    },
    resources,
  },
  { required: ["containers"], description: "Specification of the desired behavior of the pod." },
);

/** `PodTemplateSpec`. */
export const podTemplate: JsonObject = record(
  { metadata: templateMetadata, spec: podSpec },
  { description: "Template describes the pods that will be created." },
);
