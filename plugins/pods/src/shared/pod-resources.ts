import type { Resource } from "@skerry/contracts";

export const podResource: Resource = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };
export const configMapResource: Resource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
export const secretResource: Resource = {
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
};
export const serviceAccountResource: Resource = {
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  namespaced: true,
};
export const eventResource: Resource = { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true };
export const nodeResource: Resource = { group: "", version: "v1", kind: "Node", plural: "nodes", namespaced: false };
export const runtimeClassResource: Resource = {
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  namespaced: false,
};

/** Marks the Nodes that are edge nodes of Skerry. */
export const edgeLabel = "skerry.dev/edge";

export const fieldManager = "skerry-pods";
