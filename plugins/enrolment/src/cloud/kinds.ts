import type { Resource } from "@skerry/contracts";

/** Where tokens and identities live. */
export const systemNamespace = "skerry-system";

/** Owner of the fields that this plugin writes. */
export const fieldManager = "skerry-enrolment";

export const namespaces: Resource = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
};

export const secrets: Resource = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true };

export const configMaps: Resource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

export const nodes: Resource = { group: "", version: "v1", kind: "Node", plural: "nodes", namespaced: false };
