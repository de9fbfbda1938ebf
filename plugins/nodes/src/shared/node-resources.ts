import type { Resource } from "@skerry/contracts";

export const nodeResource: Resource = { group: "", version: "v1", kind: "Node", plural: "nodes", namespaced: false };

export const leaseResource: Resource = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
};

export const eventResource: Resource = { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true };

export const namespaceResource: Resource = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
};

export const podResource: Resource = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };

/** Marks the Nodes that are edge nodes of Skerry. */
export const edgeLabel = "skerry.dev/edge";

export const fieldManager = "skerry-nodes";
