import { describe, expect, it } from "vitest";
import { definitionKind } from "../../src/custom/definition-kind.ts";
import { isJsonObject, type JsonObject, type JsonValue, type KindInfo } from "../../src/kinds.ts";
import { openApiV2 } from "../../src/openapi/v2.ts";
import { openApiV3, openApiV3Index } from "../../src/openapi/v3.ts";
import { nodeKind } from "../../src/registry/builtin/node.ts";

const device: KindInfo = {
  group: "devices.skerry.dev",
  version: "v1alpha1",
  kind: "Device",
  plural: "devices",
  singular: "device",
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: { status: true },
  schema: {
    type: "object",
    description: "One device on one node.",
    properties: {
      metadata: { type: "object" },
      spec: {
        type: "object",
        required: ["model"],
        properties: {
          model: { type: "string", description: "Name of its DeviceModel." },
          port: { "x-kubernetes-int-or-string": true, nullable: true },
        },
      },
    },
  },
};
const kinds = [nodeKind.info, definitionKind.info, device];
const at = (value: JsonValue | undefined, ...path: string[]): JsonObject =>
  path.reduce<JsonValue | undefined>((it, name) => (isJsonObject(it) ? it[name] : undefined), value) as JsonObject;

function referencesOf(value: JsonValue): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "$ref" ? [String(member)] : referencesOf(member as JsonValue),
  );
}

describe("OpenAPI 3.0", () => {
  const document = openApiV3("devices.skerry.dev/v1alpha1", kinds);
  const paths = document["paths"] as JsonObject;

  it("indexes every group version, under an address that changes with its content", () => {
    const index = at(openApiV3Index(kinds), "paths");
    expect(Object.keys(index)).toEqual(["apis/apiextensions.k8s.io/v1", "apis/devices.skerry.dev/v1alpha1", "api/v1"]);
    const url = (all: KindInfo[]) =>
      at(openApiV3Index(all), "paths", "apis/devices.skerry.dev/v1alpha1")["serverRelativeURL"];
    expect(url(kinds)).toMatch(/^\/openapi\/v3\/apis\/devices\.skerry\.dev\/v1alpha1\?hash=[0-9A-F]{64}$/);
    expect(url([device])).toBe(url(kinds));
    expect(url([{ ...device, schema: { type: "object" } }])).not.toBe(url(kinds));
  });

  it("has the paths of a kind", () => {
    const root = "/apis/devices.skerry.dev/v1alpha1";
    expect(Object.keys(paths)).toEqual([
      `${root}/devices`,
      `${root}/namespaces/{namespace}/devices`,
      `${root}/namespaces/{namespace}/devices/{name}`,
      `${root}/namespaces/{namespace}/devices/{name}/status`,
    ]);
    const operations = at(paths, `${root}/namespaces/{namespace}/devices/{name}`);
    expect(Object.keys(operations)).toEqual(["get", "put", "patch", "delete", "parameters"]);
    expect(operations["patch"]).toMatchObject({
      "x-kubernetes-action": "patch",
      "x-kubernetes-group-version-kind": { group: "devices.skerry.dev", version: "v1alpha1", kind: "Device" },
    });
  });

  it("offers field validation wherever something is written, and strategic patches to built-in kinds alone", () => {
    const writes = Object.values(paths).flatMap((path) =>
      ["post", "put", "patch"].map((it) => at(path, it)).filter(isJsonObject),
    );
    expect(writes).toHaveLength(5);
    for (const write of writes) {
      expect(write["parameters"]).toContainEqual(expect.objectContaining({ name: "fieldValidation", in: "query" }));
    }
    const types = (groupVersion: string, path: string) =>
      Object.keys(at(openApiV3(groupVersion, kinds), "paths", path, "patch", "requestBody", "content"));
    expect(types("v1", "/api/v1/nodes/{name}")).toContain("application/strategic-merge-patch+json");
    const named = "/apis/devices.skerry.dev/v1alpha1/namespaces/{namespace}/devices/{name}";
    expect(types("devices.skerry.dev/v1alpha1", named)).not.toContain("application/strategic-merge-patch+json");
  });

  it("describes the kind, with the metadata of all objects", () => {
    const schema = at(document, "components", "schemas", "dev.skerry.devices.v1alpha1.Device");
    expect(schema["description"]).toBe("One device on one node.");
    expect(at(schema, "properties", "metadata")["allOf"]).toEqual([
      { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" },
    ]);
    expect(at(schema, "properties", "spec", "properties", "port")["anyOf"]).toEqual([
      { type: "integer" },
      { type: "string" },
    ]);
  });

  it("names every operation once, and refers to nothing that is not there", () => {
    for (const groupVersion of ["v1", "apiextensions.k8s.io/v1", "devices.skerry.dev/v1alpha1"]) {
      const its = openApiV3(groupVersion, kinds);
      const schemas = Object.keys(at(its, "components", "schemas"));
      const references = [...new Set(referencesOf(its))].map((it) => it.replace("#/components/schemas/", ""));
      expect(references.length).toBeGreaterThan(5);
      expect(references.filter((it) => !schemas.includes(it))).toEqual([]);
      const ids = Object.values(its["paths"] as JsonObject).flatMap((path) =>
        Object.values(path as JsonObject).flatMap((it) => (isJsonObject(it) ? [it["operationId"]] : [])),
      );
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe("OpenAPI 2.0", () => {
  const document = openApiV2(kinds);

  it("holds all kinds in one document whose references resolve", () => {
    const definitions = Object.keys(at(document, "definitions"));
    expect(definitions).toEqual(
      expect.arrayContaining(["io.k8s.api.core.v1.Node", "dev.skerry.devices.v1alpha1.DeviceList"]),
    );
    const references = [...new Set(referencesOf(document))].map((it) => it.replace("#/definitions/", ""));
    expect(references.filter((it) => !definitions.includes(it))).toEqual([]);
  });

  it("leaves out what it has no words for", () => {
    const port = at(
      document,
      "definitions",
      "dev.skerry.devices.v1alpha1.Device",
      "properties",
      "spec",
      "properties",
      "port",
    );
    expect(port).toEqual({ type: "string", format: "int-or-string", "x-kubernetes-int-or-string": true });
  });
});
