import type { JsonObject } from "../kinds.ts";

const record = (properties: JsonObject): JsonObject => ({ properties });
const listBy = (key: string, properties: JsonObject = {}): JsonObject => ({
  "x-kubernetes-patch-strategy": "merge",
  "x-kubernetes-patch-merge-key": key,
  items: record(properties),
});

const projected = record({ sources: {} });
const container: JsonObject = {
  ports: listBy("containerPort"),
  env: listBy("name"),
  volumeMounts: listBy("mountPath"),
  volumeDevices: listBy("devicePath"),
};

/** Tolerations, args, command and the terms of affinities have no key: they are replaced. */
const podSpec = record({
  containers: listBy("name", container),
  initContainers: listBy("name", container),
  ephemeralContainers: listBy("name", container),
  volumes: listBy("name", { projected }),
  imagePullSecrets: listBy("name"),
  hostAliases: listBy("ip"),
  topologySpreadConstraints: listBy("topologyKey"),
  resourceClaims: listBy("name"),
  schedulingGates: listBy("name"),
});

const podStatus = record({ conditions: listBy("type"), podIPs: listBy("ip"), hostIPs: listBy("ip") });
const template = record({
  metadata: record({ finalizers: { "x-kubernetes-patch-strategy": "merge" } }),
  spec: podSpec,
});
const withConditions = record({ conditions: listBy("type") });
const controller = record({ spec: record({ template }), status: withConditions });

/** How Kubernetes merges the lists of its workloads, by `group/kind`: the `patchStrategy` of their Go types. */
export const workloadHints: Readonly<Record<string, JsonObject>> = {
  "/Pod": record({ spec: podSpec, status: podStatus }),
  "/PodTemplate": record({ template }),
  "/ReplicationController": controller,
  "apps/Deployment": controller,
  "apps/ReplicaSet": controller,
  "apps/StatefulSet": controller,
  "apps/DaemonSet": controller,
  "batch/Job": controller,
  "batch/CronJob": record({ spec: record({ jobTemplate: controller }) }),
  "/Service": record({ spec: record({ ports: listBy("port") }), status: withConditions }),
  "/ServiceAccount": record({ secrets: listBy("name"), imagePullSecrets: listBy("name") }),
};
