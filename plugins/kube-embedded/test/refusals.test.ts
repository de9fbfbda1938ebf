import { describe, expect, it } from "vitest";
import { configMap, configMaps, startTestCluster, widget, widgets, withWidgets } from "./test-cluster.ts";

describe("what is not there", () => {
  it.each([
    ["an object", `${configMaps}/a`, 'configmaps "a" not found'],
    ["a resource", "/api/v1/gadgets", "the server could not find the requested resource"],
    ["a group", "/apis/nowhere.example/v1/things", "the server could not find the requested resource"],
    ["a path", "/nowhere", "the server could not find the requested resource"],
    ["a subresource", `${configMaps}/a/status`, "the server could not find the requested resource"],
    ["a cluster-wide resource in a namespace", "/api/v1/namespaces/default/nodes", "the server could not find"],
    ["a namespaced object without its namespace", "/api/v1/configmaps/a", "the server could not find"],
  ])("%s is 404 with a Status", async (_, path, message) => {
    const { request } = await startTestCluster();
    const { status, body } = await request("GET", path);
    expect({ status, ...body }).toMatchObject({
      status: "Failure",
      kind: "Status",
      apiVersion: "v1",
      reason: "NotFound",
      code: 404,
    });
    expect(body.message).toContain(message);
  });

  it("names the group of custom resources", async () => {
    const { request } = await withWidgets();
    const { body } = await request("GET", `${widgets}/a`);
    expect(body).toMatchObject({
      message: 'widgets.example.com "a" not found',
      details: { name: "a", group: "example.com", kind: "widgets" },
    });
  });
});

describe("bad bodies", () => {
  const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;

  it.each([
    ["no JSON", "{", 400, /not valid JSON/],
    ["no object", "[]", 400, /must be a JSON object/],
    ["nothing", "", 400, /not valid JSON/],
    ["another kind", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } }, 400, /"Secret".*ConfigMap/],
    ["another version", { ...configMap("a"), apiVersion: "apps/v1" }, 400, /does not match the expected API version/],
    ["another namespace", configMap("a", {}, { namespace: "other" }), 400, /namespace of the provided object/],
    ["too deep a nesting", nested(100), 400, /deeper than 64/],
    ["an integer that would be rounded", '{"data":{"a":12345678901234567890}}', 400, /12345678901234567890/],
    ["the key __proto__", '{"data":{"__proto__":"x"}}', 400, /__proto__/],
    ["labels that are no map", configMap("a", {}, { labels: ["x"] }), 400, /metadata\.labels must be an object/],
    ["no name", configMap(""), 422, /name or generateName is required/],
    ["a bad name", configMap("Not_A_Name"), 422, /metadata\.name: Invalid value: "Not_A_Name": a lowercase RFC 1123/],
    ["a bad label", configMap("a", {}, { labels: { "a b": "c" } }), 422, /metadata\.labels: Invalid value: "a b"/],
    ["a bad label value", configMap("a", {}, { labels: { a: "b c" } }), 422, /a valid label must be/],
    ["a bad key", configMap("a", { "x/y": "z" }), 422, /a valid config key/],
    ["a wrong type", configMap("a", { n: 1 }), 422, /data\.n/],
  ])("with %s are refused with the reason", async (_, body, code, message) => {
    const { request, store } = await startTestCluster();
    const before = store.version;
    const answer = await request("POST", configMaps, { body });
    expect(answer.status).toBe(code);
    expect(answer.body).toMatchObject({ kind: "Status", code, reason: code === 400 ? "BadRequest" : "Invalid" });
    expect(answer.body.message).toMatch(message);
    expect(store.version).toBe(before);
  });

  it("of unknown types are 415, and answers in unknown types 406", async () => {
    const { request } = await startTestCluster();
    const protobuf = "application/vnd.kubernetes.protobuf";
    expect((await request("POST", configMaps, { body: configMap("a"), type: "application/cbor" })).status).toBe(415);
    expect((await request("GET", configMaps, { accept: protobuf })).status).toBe(406);
    expect((await request("GET", configMaps, { accept: `${protobuf}, */*` })).status).toBe(200);
  });

  it("in YAML are read like JSON", async () => {
    const { request } = await startTestCluster();
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: v\n";
    const type = "application/yaml";
    expect(await request("POST", configMaps, { body: yaml, type })).toMatchObject({
      status: 201,
      body: { data: { k: "v" } },
    });
    const bomb = `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a, ${i === 0 ? "*a" : `*b${i - 1}, *b${i - 1}`}]`).join("\n")}`;
    expect((await request("POST", configMaps, { body: bomb, type })).status).toBe(400);
    expect((await request("POST", configMaps, { body: "a: [", type })).status).toBe(400);
    const answer = await request("GET", `${configMaps}/a`, { accept: "application/yaml" });
    expect(answer).toMatchObject({ type: "application/yaml", body: expect.stringContaining("k: v") });
  });

  it("answer methods that a path does not have with 405", async () => {
    const { request } = await startTestCluster();
    expect((await request("POST", "/version")).status).toBe(405);
    expect((await request("POST", "/api/v1/configmaps", { body: configMap("a") })).status).toBe(405);
    expect((await request("PUT", configMaps, { body: configMap("a") })).status).toBe(405);
    expect((await request("TRACE", configMaps)).status).toBe(405);
    expect((await request("GET", "/api/v1/namespaces/default/pods/a/log")).body).toMatchObject({
      code: 405,
      message: "the logs of a pod cannot be read through this server yet",
    });
  });
});

describe("field validation", () => {
  const misspelt = widget("a", { size: 1, colour: "blue" });
  const path = (mode: string) => `${widgets}?fieldValidation=${mode}`;

  it("strict refuses unknown and duplicate fields", async () => {
    const { request } = await withWidgets();
    expect(await request("POST", path("Strict"), { body: misspelt })).toMatchObject({
      status: 400,
      body: {
        message:
          'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.colour"',
      },
    });
    const twice = JSON.stringify(widget("a")).replace('"size":1', '"size":1,"size":2');
    const { status, body } = await request("POST", path("Strict"), { body: twice });
    expect([status, body.message]).toEqual([400, expect.stringContaining('duplicate field "spec.size"')]);
    const builtIn = await request("POST", `${configMaps}?fieldValidation=Strict`, {
      body: { ...configMap("a"), dta: {} },
    });
    expect(builtIn.body.message).toContain('strict decoding error: unknown field "dta"');
  });

  it("warns, which is the default, and drops them", async () => {
    const { request } = await withWidgets();
    const { status, body, warnings } = await request("POST", widgets, { body: misspelt });
    expect(status).toBe(201);
    expect(body.spec).toEqual({ size: 1, color: "red" });
    expect(warnings).toEqual(['unknown field "spec.colour"']);
    expect((await request("POST", path("Ignore"), { body: widget("b", { size: 1, x: 1 }) })).warnings).toEqual([]);
    expect((await request("POST", path("Maybe"), { body: misspelt })).status).toBe(400);
  });

  it("holds for the outcome of a patch, as 422", async () => {
    const { request } = await withWidgets();
    await request("POST", widgets, { body: widget("a") });
    const options = { body: { spec: { colour: "blue" } }, type: "application/merge-patch+json" };
    const { status, body } = await request("PATCH", `${widgets}/a?fieldValidation=Strict`, options);
    expect([status, body.details.causes[0].field]).toEqual([422, "patch"]);
    expect(body.message).toContain('unknown field "spec.colour"');
  });
});

describe("patches", () => {
  const type = (name: string) => `application/${name}`;

  it("of every kind change built-in objects; custom ones take no strategic merge", async () => {
    const { request } = await withWidgets();
    await request("POST", configMaps, { body: configMap("a", { n: "0" }) });
    await request("POST", widgets, { body: widget("a") });
    const patch = (path: string, name: string, body: unknown) => request("PATCH", path, { body, type: type(name) });
    const a = `${configMaps}/a`;
    const operations = [{ op: "replace", path: "/data/n", value: "1" }];
    expect((await patch(a, "json-patch+json", operations)).body.data).toEqual({ n: "1" });
    expect((await patch(a, "merge-patch+json", { data: { m: "2" } })).body.data).toEqual({ n: "1", m: "2" });
    expect((await patch(a, "strategic-merge-patch+json", { data: { n: null } })).body.data).toEqual({ m: "2" });
    expect((await patch(`${widgets}/a`, "strategic-merge-patch+json", {})).status).toBe(415);
    const apply = await patch(a, "apply-patch+yaml", {});
    expect([apply.status, apply.body.message]).toEqual([415, expect.stringContaining("server-side apply")]);
    expect((await patch(`${configMaps}/b`, "merge-patch+json", {})).status).toBe(404);
    expect((await patch(a, "merge-patch+json", [])).status).toBe(400);
    expect((await patch(a, "json-patch+json", {})).status).toBe(400);
  });

  it("are compare-and-swap when they carry a resourceVersion", async () => {
    const { request } = await startTestCluster();
    const { resourceVersion } = (await request("POST", configMaps, { body: configMap("a") })).body.metadata;
    const swap = (n: string) =>
      request("PATCH", `${configMaps}/a`, {
        body: { metadata: { resourceVersion }, data: { n } },
        type: type("merge-patch+json"),
      });
    expect((await swap("1")).status).toBe(200);
    expect((await swap("2")).status).toBe(409);
  });

  it("can change neither name nor identity", async () => {
    const { request } = await startTestCluster();
    const { uid } = (await request("POST", configMaps, { body: configMap("a") })).body.metadata;
    const patch = (metadata: object) =>
      request("PATCH", `${configMaps}/a`, { body: { metadata }, type: type("merge-patch+json") });
    expect((await patch({ name: "b" })).status).toBe(400);
    expect((await patch({ uid: "other" })).status).toBe(409);
    const { body } = await patch({ uid: null, creationTimestamp: null, labels: { x: "y" } });
    expect(body.metadata).toMatchObject({ uid, creationTimestamp: "2026-01-01T00:00:00Z", labels: { x: "y" } });
  });
});
