import { describe, expect, it } from "vitest";
import { startTestCluster, withWidgets } from "./test-cluster.ts";

const aggregated = (version: string) =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json`;

describe("discovery", () => {
  it("lists groups and resources, those of definitions while they exist", async () => {
    const { request } = await withWidgets();
    const groups = (await request("GET", "/apis")).body.groups.map(({ name }: { name: string }) => name);
    expect(groups).toEqual([
      "events.k8s.io",
      "coordination.k8s.io",
      "discovery.k8s.io",
      "apps",
      "node.k8s.io",
      "apiextensions.k8s.io",
      "example.com",
      "authorization.k8s.io",
      "authentication.k8s.io",
    ]);
    expect((await request("GET", "/apis/example.com")).body).toMatchObject({
      kind: "APIGroup",
      name: "example.com",
      preferredVersion: { groupVersion: "example.com/v1", version: "v1" },
    });
    const { body } = await request("GET", "/apis/example.com/v1");
    expect(body).toMatchObject({
      kind: "APIResourceList",
      groupVersion: "example.com/v1",
      resources: [
        {
          name: "widgets",
          singularName: "widget",
          kind: "Widget",
          namespaced: true,
          shortNames: ["wd"],
          categories: ["all"],
        },
        { name: "widgets/status", kind: "Widget", verbs: ["get", "patch", "update"] },
      ],
    });
    await request("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com");
    expect((await request("GET", "/apis/example.com/v1")).status).toBe(404);
    expect((await request("GET", "/apis/example.com")).status).toBe(404);
  });

  it.each(["v2", "v2beta1"])("is one answer as apidiscovery.k8s.io/%s", async (version) => {
    const { request } = await withWidgets();
    const { type, body } = await request("GET", "/apis", { accept: aggregated(version) });
    expect(type).toBe(`application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
    expect(body.apiVersion).toBe(`apidiscovery.k8s.io/${version}`);
    const group = body.items.find((item: { metadata: { name: string } }) => item.metadata.name === "example.com");
    expect(group.versions).toMatchObject([
      {
        version: "v1",
        resources: [{ resource: "widgets", scope: "Namespaced", subresources: [{ subresource: "status" }] }],
      },
    ]);
    const core = (await request("GET", "/api", { accept: aggregated(version) })).body;
    expect(core.items).toMatchObject([{ metadata: { name: "" }, versions: [{ version: "v1" }] }]);
  });

  it("orders versions by stability", async () => {
    const { request } = await startTestCluster();
    const versions = ["v1alpha1", "v1", "v2beta1", "v10", "v2"].map((name) => ({
      name,
      served: true,
      storage: name === "v1",
      schema: { openAPIV3Schema: { type: "object" } },
    }));
    const names = { plural: "things", kind: "Thing" };
    const body = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.example.org" },
      spec: { group: "example.org", scope: "Cluster", names, versions },
    };
    await request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", { body });
    const group = (await request("GET", "/apis/example.org")).body;
    const order = group.versions.map(({ version }: { version: string }) => version);
    expect(order).toEqual(["v10", "v2", "v1", "v2beta1", "v1alpha1"]);
  });

  it("tells its version, its health and its OpenAPI", async () => {
    const { request } = await withWidgets();
    expect((await request("GET", "/version")).body).toMatchObject({
      major: "1",
      minor: "32",
      gitVersion: expect.stringMatching(/^v1\.32/),
    });
    expect(await request("GET", "/readyz")).toMatchObject({ status: 200, body: "ok" });
    expect((await request("GET", "/openapi/v2")).body).toMatchObject({ swagger: "2.0" });
    const index = (await request("GET", "/openapi/v3")).body;
    for (const path of Object.keys(index.paths)) {
      const url = index.paths[path].serverRelativeURL;
      expect((await request("GET", url)).body).toMatchObject({ openapi: expect.stringMatching(/^3\./) });
    }
    expect((await request("GET", "/openapi/v3/apis/nowhere/v1")).status).toBe(404);
    await request("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com");
    const without = (await request("GET", "/openapi/v3")).body.paths;
    expect([index.paths, without].map((paths) => "apis/example.com/v1" in paths)).toEqual([true, false]);
  });
});
