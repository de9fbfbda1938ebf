import type { KubeObject, Resource } from "@skerry/contracts";
import { gadgetDefinition, kubeApiContract } from "@skerry/testing";
import { vi } from "vitest";
import manifest from "../src/plugin.json" with { type: "json" };
import { startTestClient } from "./test-client.ts";

const definitions: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
const namespaces: Resource = { group: "", version: "v1", kind: "Namespace", plural: "namespaces", namespaced: false };
const other: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } };

kubeApiContract({
  name: `${manifest.id} over kube-embedded`,
  open: async () => {
    const { client, proxy, stop } = await startTestClient();
    await client.create(other, namespaces);
    await client.create(gadgetDefinition, definitions);
    await vi.waitFor(async () => {
      const definition = await client.get(definitions, gadgetDefinition.metadata);
      const { conditions = [] } = (definition?.status ?? {}) as { conditions?: { type: string; status: string }[] };
      if (!conditions.some(({ type, status }) => type === "Established" && status === "True"))
        throw new Error("not yet");
    });
    return { api: client, disconnect: proxy.close, connect: proxy.open, stop };
  },
});
