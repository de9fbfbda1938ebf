import { builtInKind } from "./built-in-kind.ts";
import {
  about,
  anything,
  condition,
  int32,
  int64,
  kindSchema,
  listByKey,
  listOf,
  mapOf,
  quantity,
  record,
  text,
  time,
  truth,
} from "./schema-parts.ts";

const systemInfo = Object.fromEntries(
  [
    "machineID",
    "systemUUID",
    "bootID",
    "kernelVersion",
    "osImage",
    "containerRuntimeVersion",
    "kubeletVersion",
    "kubeProxyVersion",
    "operatingSystem",
    "architecture",
  ].map((name) => [name, text]),
);

const taint = record({ key: text, value: text, effect: text, timeAdded: time }, { required: ["key", "effect"] });

const spec = record(
  {
    podCIDR: text,
    podCIDRs: { ...listOf(text), "x-kubernetes-patch-strategy": "merge" },
    providerID: text,
    unschedulable: about(truth, "Unschedulable controls node schedulability of new pods."),
    taints: listOf(taint, "If specified, the node's taints."),
    externalID: text,
    configSource: anything,
  },
  { description: "Spec defines the behavior of a node." },
);

const status = record(
  {
    capacity: mapOf(quantity, "Capacity represents the total resources of a node."),
    allocatable: mapOf(quantity, "Allocatable represents the resources of a node that are available for scheduling."),
    phase: text,
    conditions: listByKey("type", condition, "Conditions is an array of current observed node conditions."),
    addresses: listByKey(
      "type",
      record({ type: text, address: text }, { required: ["type", "address"] }),
      "List of addresses reachable to the node.",
    ),
    daemonEndpoints: record({ kubeletEndpoint: record({ Port: int32 }, { required: ["Port"] }) }),
    nodeInfo: record(systemInfo, { description: "Set of ids/uuids to uniquely identify the node." }),
    images: listOf(record({ names: listOf(text), sizeBytes: int64 }), "List of container images on this node"),
    volumesInUse: listOf(text),
    volumesAttached: listOf(record({ name: text, devicePath: text }, { required: ["name", "devicePath"] })),
    config: anything,
    features: anything,
    runtimeHandlers: listOf(anything),
  },
  { description: "Most recently observed status of the node." },
);

export const nodeKind = builtInKind({
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  hasStatus: true,
  selectableFields: ["spec.unschedulable"],
  schema: kindSchema("Node is a worker node in Kubernetes.", { spec, status }),
});
