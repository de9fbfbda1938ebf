import { type KubeObject, refKey } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { PodsInterest } from "../../src/cloud/pods-interest.ts";

const interest = new PodsInterest();

const pod = (spec: unknown, more: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "hello", namespace: "shop", uid: "u1" },
  spec,
  ...more,
});
const keys = (spec: object) => interest.route(pod({ nodeName: "edge-1", ...spec })).references.map(refKey);
const container = (part: object) => ({ containers: [{ name: "main", ...part }] });
const volume = (source: object) => ({ volumes: [{ name: "v", ...source }] });
const ref = { secretRef: { name: "s" } };
const configMap = ["/ConfigMap/shop/c"];
const secret = ["/Secret/shop/s"];

describe("the references of a Pod", () => {
  it.each<[string, object, readonly string[]]>([
    ["nothing", {}, []],
    ["a variable from a ConfigMap", container({ env: [{ valueFrom: { configMapKeyRef: { name: "c" } } }] }), configMap],
    ["a variable from a Secret", container({ env: [{ valueFrom: { secretKeyRef: { name: "s" } } }] }), secret],
    ["variables from a ConfigMap", container({ envFrom: [{ configMapRef: { name: "c" } }] }), configMap],
    ["variables from a Secret", container({ envFrom: [{ secretRef: { name: "s" } }] }), secret],
    ["an init container", { initContainers: [{ envFrom: [ref] }] }, secret],
    ["an ephemeral container", { ephemeralContainers: [{ envFrom: [ref] }] }, secret],
    ["a volume of a ConfigMap", volume({ configMap: { name: "c" } }), configMap],
    ["a volume of a Secret", volume({ secret: { secretName: "s" } }), secret],
    [
      "a projected volume",
      volume({
        projected: { sources: [{ secret: { name: "s" } }, { configMap: { name: "c" } }, { downwardAPI: {} }] },
      }),
      [...configMap, ...secret],
    ],
    ["secrets for pulling images", { imagePullSecrets: [{ name: "s" }] }, secret],
    ["a CSI volume", volume({ csi: { driver: "d", nodePublishSecretRef: { name: "s" } } }), secret],
    ["an Azure file", volume({ azureFile: { secretName: "s", shareName: "x" } }), secret],
    ...["cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos"].map(
      (type): [string, object, readonly string[]] => [`a ${type} volume`, volume({ [type]: ref }), secret],
    ),
    ["a RuntimeClass", { runtimeClassName: "wasm" }, ["node.k8s.io/RuntimeClass//wasm"]],
    ["what is optional", volume({ configMap: { name: "c", optional: true } }), configMap],
    [
      "one thing often, once",
      {
        ...container({ envFrom: [ref, ref] }),
        ...volume({ secret: { secretName: "s" } }),
        imagePullSecrets: [{ name: "s" }],
      },
      secret,
    ],
    [
      "a claim, a path and an empty folder, which are no references",
      volume({ hostPath: { path: "/" }, emptyDir: {} }),
      [],
    ],
    ["names that no object has", volume({ configMap: { name: "../other/c" } }), []],
  ])("from %s", (_, spec, expected) => {
    expect(keys(spec)).toEqual(expected);
  });

  it("stay in the namespace of the Pod", () => {
    expect(interest.route(pod({ nodeName: "edge-1", ...container({ envFrom: [ref] }) })).references).toEqual([
      { group: "", kind: "Secret", namespace: "shop", name: "s" },
    ]);
  });

  it("of hostile Pods are those that can be read", () => {
    const junk = [undefined, null, 0, "text", true, [], [[]], {}, { name: 5 }, { length: 9 }];
    const fields = ["nodeName", "containers", "initContainers", "volumes", "imagePullSecrets", "runtimeClassName"];
    for (const value of junk) {
      expect(() => interest.route(pod(value))).not.toThrow();
      for (const field of fields) {
        expect(() => interest.route(pod({ nodeName: "edge-1", [field]: value }))).not.toThrow();
        expect(() =>
          keys({ [field]: [value, { env: value, envFrom: value, configMap: value, csi: value }] }),
        ).not.toThrow();
        expect(() =>
          keys({ [field]: [{ env: [value], projected: value }, { projected: { sources: value } }] }),
        ).not.toThrow();
      }
    }
    expect(keys({ containers: "none", volumes: [null, { configMap: { name: "c" } }] })).toEqual(configMap);
  });
});

describe("whom a Pod concerns", () => {
  it("is the node it is bound to, also when it has finished or is being deleted", () => {
    expect(interest.route(pod({ nodeName: "edge-1" })).nodes).toEqual(["edge-1"]);
    expect(interest.route(pod({ nodeName: "edge-1" }, { status: { phase: "Succeeded" } })).nodes).toEqual(["edge-1"]);
    expect(interest.route(pod({})).nodes).toEqual([]);
    expect(interest.route(pod({ nodeName: { a: 1 } })).nodes).toEqual([]);
  });

  it("is nobody by themselves for what it refers to", () => {
    for (const { kind } of interest.resources.slice(1)) {
      const object = { apiVersion: "v1", kind, metadata: { name: "c" }, spec: { nodeName: "edge-1" } };
      expect(interest.route(object)).toEqual({ nodes: [], references: [] });
    }
  });
});

describe("what a node gets of a Pod", () => {
  const metadata = { name: "hello", namespace: "shop", uid: "u1", generation: 1 };
  const noise = { resourceVersion: "7", managedFields: [{ manager: "kubectl" }] };
  const lastApplied = { "kubectl.kubernetes.io/last-applied-configuration": "{…}" };

  it("is the same whatever is written into its status", () => {
    const at = (resourceVersion: string, status: object) =>
      interest.project({
        ...pod({ nodeName: "edge-1" }),
        metadata: { ...metadata, ...noise, resourceVersion },
        status,
      });
    expect(JSON.stringify(at("7", { phase: "Pending" }))).toBe(JSON.stringify(at("9", { phase: "Running" })));
    expect(at("7", {})).toEqual({ ...pod({ nodeName: "edge-1" }), metadata });
  });

  it("has its other annotations and its deletion", () => {
    const deletion = { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 };
    const annotations = { ...lastApplied, note: "kept" };
    const object = pod({}, { metadata: { ...metadata, ...noise, ...deletion, annotations } });
    expect(interest.project(object).metadata).toEqual({ ...metadata, ...deletion, annotations: { note: "kept" } });
    const alone = pod({}, { metadata: { ...metadata, annotations: lastApplied } });
    expect(interest.project(alone).metadata).toEqual(metadata);
  });

  it("is whole for what the Pod names", () => {
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", ...noise },
      binaryData: { a: "AA==" },
    };
    expect(interest.project(object)).toEqual({ ...object, metadata: { name: "c" } });
  });
});
