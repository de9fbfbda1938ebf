import { describe, expect, it } from "vitest";
import { startTestCluster, widget, widgetDefinition, widgets, withWidgets } from "./test-cluster.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const merge = "application/merge-patch+json";

describe("a definition", () => {
  it("is established at once, with its names completed, and its objects are served", async () => {
    const { request } = await startTestCluster();
    expect((await request("GET", widgets)).status).toBe(404);
    const { status, body } = await request("POST", definitions, { body: widgetDefinition() });
    expect(status).toBe(201);
    expect(body.spec.names).toMatchObject({ singular: "widget", listKind: "WidgetList" });
    expect(body.status).toMatchObject({
      storedVersions: ["v1"],
      acceptedNames: { kind: "Widget" },
      conditions: [
        { type: "NamesAccepted", status: "True" },
        { type: "Established", status: "True" },
      ],
    });
    expect((await request("GET", widgets)).body).toMatchObject({ kind: "WidgetList", items: [] });
  });

  it.each([
    ["another name", { names: { plural: "gadgets", kind: "Widget" } }, "metadata.name"],
    ["no group's domain", { group: "example" }, "spec.group"],
    ["an odd scope", { scope: "Global" }, "spec.scope"],
    ["no version", { versions: [] }, "spec.versions"],
    ["no storage version", { versions: [{ name: "v1", served: true, storage: false }] }, "spec.versions"],
    [
      "no schema",
      { versions: [{ name: "v1", served: true, storage: true }] },
      "spec.versions[0].schema.openAPIV3Schema",
    ],
    ["a webhook", { conversion: { strategy: "Webhook", webhook: {} } }, "spec.conversion.strategy"],
  ])("with %s is refused, naming the field", async (_, changes, field) => {
    const { request } = await startTestCluster();
    const { status, body } = await request("POST", definitions, { body: widgetDefinition(changes) });
    expect(status).toBe(422);
    expect(body.details.causes.map((cause: { field: string }) => cause.field)).toContain(field);
  });

  it("whose schema is not structural is refused", async () => {
    const { request } = await startTestCluster();
    const versions = [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { properties: { a: {} } } } },
    ];
    const { status, body } = await request("POST", definitions, { body: widgetDefinition({ versions }) });
    expect(status).toBe(422);
    expect(body.message).toContain("spec.versions[0].schema.openAPIV3Schema");
  });

  it("whose kind another one has is not established", async () => {
    const { request } = await withWidgets();
    const names = { plural: "wodgets", singular: "wodget", kind: "Widget" };
    const rival = { ...widgetDefinition({ names }), metadata: { name: "wodgets.example.com" } };
    const { body } = await request("POST", definitions, { body: rival });
    expect(body.status.conditions).toMatchObject([
      { type: "NamesAccepted", status: "False", reason: "KindConflict" },
      { type: "Established", status: "False" },
    ]);
    expect((await request("GET", "/apis/example.com/v1/wodgets")).status).toBe(404);
  });

  it("keeps what it once was: group, scope, kind, and versions that were stored", async () => {
    const { request } = await withWidgets();
    const patch = (spec: object) =>
      request("PATCH", `${definitions}/widgets.example.com`, { body: { spec }, type: merge });
    expect((await patch({ scope: "Cluster" })).status).toBe(422);
    expect((await patch({ names: { kind: "Gadget" } })).status).toBe(422);
    const [v1] = widgetDefinition().spec.versions;
    expect((await patch({ versions: [{ ...v1, name: "v2" }] })).body.message).toContain("must include v1");
  });

  it("serves several versions of one object, and warns of deprecated ones", async () => {
    const { request } = await withWidgets();
    await request("POST", widgets, { body: widget("a") });
    const [v1] = widgetDefinition().spec.versions;
    const versions = [
      { ...v1, storage: false, deprecated: true },
      { ...v1, name: "v2" },
    ];
    const path = `${definitions}/widgets.example.com`;
    const { body } = await request("PATCH", path, { body: { spec: { versions } }, type: merge });
    expect(body.status.storedVersions).toEqual(["v1", "v2"]);
    const v2 = widgets.replace("/v1/", "/v2/");
    expect((await request("GET", `${v2}/a`)).body).toMatchObject({ apiVersion: "example.com/v2", spec: { size: 1 } });
    const old = await request("GET", `${widgets}/a`);
    expect(old.body.apiVersion).toBe("example.com/v1");
    expect(old.warnings).toEqual(["example.com/v1 Widget is deprecated"]);
  });

  it("says which rules nobody evaluates", async () => {
    const { request } = await startTestCluster();
    const definition = structuredClone(widgetDefinition());
    const spec: Record<string, unknown> | undefined =
      definition.spec.versions[0]?.schema.openAPIV3Schema.properties.spec;
    if (spec !== undefined) spec["x-kubernetes-validations"] = [{ rule: "self.size < 10" }];
    const { status, warnings } = await request("POST", definitions, { body: definition });
    expect(status).toBe(201);
    expect(warnings).toEqual([expect.stringContaining("self.size < 10")]);
  });

  it("takes its objects with it when it is deleted", async () => {
    const { request, watch, store } = await withWidgets();
    await request("POST", widgets, { body: widget("a") });
    const before = store.size;
    const { events, isOver } = await watch(`${widgets}?watch=1`);
    await request("DELETE", `${definitions}/widgets.example.com`);
    expect(store.size).toBe(before - 2);
    expect((await request("GET", widgets)).status).toBe(404);
    await expect.poll(isOver).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(["ADDED", "DELETED"]);
  });

  it("that is going takes no object in between", async () => {
    const { request, disk, store } = await withWidgets();
    const before = store.size;
    const release = disk.holdSyncs();
    const deleting = request("DELETE", `${definitions}/widgets.example.com`);
    expect((await request("POST", widgets, { body: widget("late") })).status).toBe(404);
    release();
    await deleting;
    expect(store.size).toBe(before - 1);
  });

  it("waits while one of its objects waits, taking no new ones", async () => {
    const { request } = await withWidgets();
    await request("POST", widgets, { body: widget("a", { size: 1 }, { finalizers: ["example.com/hold"] }) });
    await request("DELETE", `${definitions}/widgets.example.com`);
    expect((await request("POST", widgets, { body: widget("b") })).status).toBe(405);
    const { body } = await request("GET", `${definitions}/widgets.example.com`);
    expect(body.status.conditions).toContainEqual(expect.objectContaining({ type: "Terminating", status: "True" }));
    await request("PATCH", `${widgets}/a`, { body: { metadata: { finalizers: null } }, type: merge });
    expect((await request("GET", `${definitions}/widgets.example.com`)).status).toBe(404);
  });
});

describe("a custom resource", () => {
  it("is held to its schema and completed by it", async () => {
    const { request } = await withWidgets();
    expect((await request("POST", widgets, { body: widget("a", { size: 3 }) })).body.spec).toEqual({
      size: 3,
      color: "red",
    });
    const { status, body } = await request("POST", widgets, { body: widget("b", { size: 0, tags: [1] }) });
    expect(status).toBe(422);
    expect(body.message).toMatch(/^Widget\.example\.com "b" is invalid: \[/);
    expect(body.details.causes.map((cause: { field: string }) => cause.field)).toEqual(["spec.size", "spec.tags[0]"]);
    expect((await request("POST", widgets, { body: { ...widget("b"), kind: "" } })).status).toBe(400);
  });

  it("keeps status and spec apart, and counts changes of the spec", async () => {
    const { request } = await withWidgets();
    const created = await request("POST", widgets, { body: { ...widget("a"), status: { phase: "x" } } });
    expect(created.body).not.toHaveProperty("status");
    expect(created.body.metadata.generation).toBe(1);
    const both = { metadata: { labels: { l: "m" } }, spec: { size: 2 }, status: { phase: "y" } };
    const viaStatus = await request("PATCH", `${widgets}/a/status`, { body: both, type: merge });
    expect(viaStatus.body).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1 }, status: { phase: "y" } });
    expect(viaStatus.body.metadata.labels).toBeUndefined();
    const viaMain = await request("PATCH", `${widgets}/a`, { body: { ...both, status: { phase: "z" } }, type: merge });
    expect(viaMain.body).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 }, status: { phase: "y" } });
    const labelled = await request("PATCH", `${widgets}/a`, {
      body: { metadata: { labels: { l: "n" } } },
      type: merge,
    });
    expect(labelled.body.metadata.generation).toBe(2);
    expect((await request("GET", `${widgets}/a/status`)).body).toEqual(labelled.body);
  });

  it("is replaced only with a resourceVersion", async () => {
    const { request } = await withWidgets();
    await request("POST", widgets, { body: widget("a") });
    const { status, body } = await request("PUT", `${widgets}/a`, { body: widget("a", { size: 2 }) });
    expect([status, body.message]).toEqual([422, expect.stringContaining("0x0: must be specified for an update")]);
  });

  it("is selected by the fields its definition names", async () => {
    const { request } = await withWidgets();
    await request("POST", widgets, { body: widget("a") });
    await request("POST", widgets, { body: widget("b", { size: 1, color: "blue" }) });
    const { body } = await request("GET", `${widgets}?fieldSelector=spec.color%3Dblue`);
    expect(body.items).toMatchObject([{ metadata: { name: "b" } }]);
  });
});
