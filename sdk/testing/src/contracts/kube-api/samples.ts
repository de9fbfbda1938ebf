import type { KubeObject, Resource } from "@skerry/contracts";

/** Custom resource of the suite; it has a status subresource. */
export const gadgetResource: Resource = {
  group: "contract.skerry.dev",
  version: "v1",
  kind: "Gadget",
  plural: "gadgets",
  namespaced: true,
};

export const gadgetDefinition: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.contract.skerry.dev" },
  spec: {
    group: "contract.skerry.dev",
    scope: "Namespaced",
    names: { plural: "gadgets", singular: "gadget", kind: "Gadget", listKind: "GadgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
};

export const configMaps: Resource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
export const pods: Resource = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };
export const serviceAccounts: Resource = {
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  namespaced: true,
};
export const writer = { fieldManager: "contract" };
export const statusWriter = { ...writer, subresource: "status" } as const;

export const configMap = (name: string, data: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", ...metadata },
  data,
});
export const gadget = (name: string, spec: object, metadata: object = {}): KubeObject => ({
  apiVersion: "contract.skerry.dev/v1",
  kind: "Gadget",
  metadata: { name, namespace: "default", ...metadata },
  spec,
});
export const pod = (name: string, spec: object): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: { containers: [{ name: "main", image: "scratch" }], ...spec },
});
/** For what is not given up. */
export const never = new AbortController().signal;
export const at = (name: string, namespace = "default") => ({ name, namespace });
