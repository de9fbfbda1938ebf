import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/kinds.ts";
import { strategicMergePatch } from "../../src/patch/strategic-merge-patch.ts";

const pod = { group: "", kind: "Pod" };
const merging = (key?: string): JsonObject => ({
  type: "array",
  "x-kubernetes-patch-strategy": "merge",
  ...(key === undefined ? {} : { "x-kubernetes-patch-merge-key": key }),
});
const node = {
  group: "",
  kind: "Node",
  schema: {
    type: "object",
    properties: {
      spec: { type: "object", properties: { taints: { type: "array" }, podCIDRs: merging() } },
      status: { type: "object", properties: { conditions: merging("type"), addresses: merging("type") } },
    },
  },
};
const containers = (...items: JsonObject[]) => ({ spec: { containers: items } });

describe("strategic merge patch", () => {
  it("merges lists by the key that the schema names", () => {
    const target = {
      status: {
        conditions: [
          { type: "Ready", status: "True", reason: "x" },
          { type: "Disk", status: "False" },
        ],
        addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
      },
    };
    const patch = {
      status: { conditions: [{ type: "Ready", status: "False" }], addresses: [{ type: "Hostname", address: "a" }] },
    };
    const before = structuredClone(target);
    expect(strategicMergePatch(target, patch, node)).toEqual({
      status: {
        conditions: [
          { type: "Ready", status: "False", reason: "x" },
          { type: "Disk", status: "False" },
        ],
        addresses: [
          { type: "InternalIP", address: "10.0.0.1" },
          { type: "Hostname", address: "a" },
        ],
      },
    });
    expect(target).toEqual(before);
  });

  it("replaces lists without a strategy, as Kubernetes does taints and tolerations", () => {
    const taint = (key: string) => ({ key, effect: "NoSchedule" });
    expect(strategicMergePatch({ spec: { taints: [taint("a")] } }, { spec: { taints: [taint("b")] } }, node)).toEqual({
      spec: { taints: [taint("b")] },
    });
    const tolerations = (key: string) => ({ spec: { tolerations: [{ key }] } });
    expect(strategicMergePatch(tolerations("a"), tolerations("b"), pod)).toEqual(tolerations("b"));
  });

  it("merges lists of scalars as sets, finalizers among them", () => {
    expect(
      strategicMergePatch({ metadata: { finalizers: ["a"] } }, { metadata: { finalizers: ["b", "a"] } }, node),
    ).toEqual({
      metadata: { finalizers: ["b", "a"] },
    });
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } };
    expect(strategicMergePatch({ metadata: { finalizers: ["a", "b"] } }, patch, node)).toEqual({
      metadata: { finalizers: ["b"] },
    });
    expect(strategicMergePatch({ metadata: {} }, patch, node)).toEqual({ metadata: {} });
  });

  it("merges owners by uid", () => {
    const owners = (...items: JsonObject[]) => ({ metadata: { ownerReferences: items } });
    expect(
      strategicMergePatch(owners({ uid: "1", name: "a" }), owners({ uid: "1", controller: true }, { uid: "2" }), pod),
    ).toEqual(owners({ uid: "1", name: "a", controller: true }, { uid: "2" }));
  });

  it("merges what is nested in the items of workloads", () => {
    const deployment = { group: "apps", kind: "Deployment" };
    const template = (...items: JsonObject[]) => ({ spec: { template: containers(...items) } });
    const target = template({ name: "a", image: "x", env: [{ name: "A", value: "1" }], args: ["1"] }, { name: "b" });
    const patch = template({
      name: "a",
      env: [{ name: "B", value: "2" }],
      ports: [{ containerPort: 80 }],
      args: ["2"],
    });
    expect(strategicMergePatch(target, patch, deployment)).toEqual(
      template(
        {
          name: "a",
          image: "x",
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
          args: ["2"],
          ports: [{ containerPort: 80 }],
        },
        { name: "b" },
      ),
    );
  });

  it("deletes with null, and items with $patch: delete", () => {
    expect(strategicMergePatch({ spec: { a: 1, b: 2 } }, { spec: { a: null } }, pod)).toEqual({ spec: { b: 2 } });
    expect(
      strategicMergePatch(containers({ name: "a" }, { name: "b" }), containers({ name: "a", $patch: "delete" }), pod),
    ).toEqual(containers({ name: "b" }));
  });

  it("replaces objects and lists with $patch: replace", () => {
    expect(strategicMergePatch({ spec: { a: 1 } }, { spec: { $patch: "replace", b: 2 } }, pod)).toEqual({
      spec: { b: 2 },
    });
    expect(
      strategicMergePatch(containers({ name: "a" }), containers({ $patch: "replace" }, { name: "b" }), pod),
    ).toEqual(containers({ name: "b" }));
    expect(strategicMergePatch({ spec: { a: 1 } }, { spec: { $patch: "delete" } }, pod)).toEqual({ spec: {} });
  });

  it("keeps only $retainKeys", () => {
    const volumes = (...items: JsonObject[]) => ({ spec: { volumes: items } });
    const patch = volumes({ name: "v", $retainKeys: ["name", "emptyDir"], emptyDir: {} });
    expect(strategicMergePatch(volumes({ name: "v", hostPath: { path: "/" } }), patch, pod)).toEqual(
      volumes({ name: "v", emptyDir: {} }),
    );
    const wrong = volumes({ name: "v", $retainKeys: ["name"], emptyDir: {} });
    expect(() => strategicMergePatch(volumes({ name: "v" }), wrong, pod)).toThrow(/not among its \$retainKeys/);
  });

  it("orders by $setElementOrder, and leaves what only the server has where it was", () => {
    const names = (object: JsonObject) =>
      ((object["spec"] as JsonObject)["containers"] as JsonObject[]).map(({ name }) => name);
    const target = containers({ name: "a" }, { name: "sidecar" }, { name: "b" });
    const order = (...list: string[]) => ({ "$setElementOrder/containers": list.map((name) => ({ name })) });
    const patch = { spec: { ...order("b", "c", "a"), containers: [{ name: "c" }] } };
    expect(names(strategicMergePatch(target, patch, pod))).toEqual(["sidecar", "b", "c", "a"]);
    expect(names(strategicMergePatch(target, { spec: order("a", "b") }, pod))).toEqual(["a", "sidecar", "b"]);
  });

  it("takes directives and nulls out of what is new", () => {
    const patch = containers({ name: "a", env: [{ name: "x", $patch: "delete" }], image: null });
    expect(strategicMergePatch({}, patch, pod)).toEqual(containers({ name: "a", env: [] }));
    expect(strategicMergePatch({}, { data: { a: null, b: "1" } }, { group: "", kind: "ConfigMap" })).toEqual({
      data: { b: "1" },
    });
  });

  it.each<[JsonObject, RegExp]>([
    [containers({ image: "x" }), /merged by name has no name/],
    [{ spec: { containers: ["x"] } }, /is not an object/],
    [{ spec: { $patch: "clear" } }, /unknown \$patch "clear"/],
    [{ spec: { "$deleteFromPrimitiveList/x": "y" } }, /is not a list/],
    [containers({ name: "a", $patch: "merge" }), /cannot yet be specified/],
  ])("refuses %j", (patch, message) => {
    const apply = () => strategicMergePatch(containers({ name: "a" }), patch, pod);
    expect(apply).toThrow(expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_PATCH", family: "invalid" }));
    expect(apply).toThrow(message);
  });
});
