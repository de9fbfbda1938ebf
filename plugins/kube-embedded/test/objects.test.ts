import { describe, expect, it } from "vitest";
import { configMap, configMaps, startTestCluster } from "./test-cluster.ts";

const namespaces = "/api/v1/namespaces";
const merge = "application/merge-patch+json";

describe("objects", () => {
  it("exist from the first start: the namespaces of Kubernetes", async () => {
    const { request } = await startTestCluster();
    const { status, body } = await request("GET", namespaces);
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: "NamespaceList", apiVersion: "v1" });
    const names = body.items.map((item: { metadata: { name: string } }) => item.metadata.name);
    expect(names).toEqual(["default", "kube-node-lease", "kube-public", "kube-system"]);
    expect(body.items[0]).toMatchObject({
      metadata: { labels: { "kubernetes.io/metadata.name": "default" } },
      status: { phase: "Active" },
    });
  });

  it("are created with what the server decides, and read back the same", async () => {
    const { request } = await startTestCluster();
    const created = await request("POST", configMaps, {
      body: configMap("a", { key: "value" }, { uid: "mine", creationTimestamp: null, resourceVersion: "" }),
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z", resourceVersion: "5" },
      data: { key: "value" },
    });
    expect(created.body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect((await request("GET", `${configMaps}/a`)).body).toEqual(created.body);
  });

  it("get a generated name, another for each", async () => {
    const { request } = await startTestCluster();
    const body = { ...configMap(""), metadata: { generateName: "job-" } };
    const first = await request("POST", configMaps, { body });
    const second = await request("POST", configMaps, { body });
    expect(first.body.metadata.name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(second.body.metadata.name).not.toBe(first.body.metadata.name);
  });

  it("are replaced only from the state they were read in", async () => {
    const { request } = await startTestCluster();
    const { body } = await request("POST", configMaps, { body: configMap("a", { n: "0" }) });
    const next = { ...body, data: { n: "1" } };
    const replaced = await request("PUT", `${configMaps}/a`, { body: next });
    expect(replaced).toMatchObject({ status: 200, body: { data: { n: "1" } } });
    expect(await request("PUT", `${configMaps}/a`, { body: next })).toMatchObject({
      status: 409,
      body: {
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      },
    });
  });

  it("stay as they are when nothing changes", async () => {
    const { request } = await startTestCluster();
    const { body } = await request("POST", configMaps, { body: configMap("a", { n: "0" }) });
    const same = await request("PUT", `${configMaps}/a`, { body: configMap("a", { n: "0" }) });
    expect(same.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    const patched = await request("PATCH", `${configMaps}/a`, { body: { data: { n: "0" } }, type: merge });
    expect(patched.body).toEqual(body);
  });

  it("are deleted with a Status, and only under the preconditions given", async () => {
    const { request } = await startTestCluster();
    const { uid } = (await request("POST", configMaps, { body: configMap("a") })).body.metadata;
    const wrong = await request("DELETE", `${configMaps}/a`, { body: { preconditions: { uid: "other" } } });
    expect(wrong).toMatchObject({ status: 409, body: { reason: "Conflict" } });
    expect(wrong.body.message).toContain(`UID in precondition: other, UID in object meta: ${uid}`);
    expect(await request("DELETE", `${configMaps}/a`, { body: { preconditions: { uid } } })).toMatchObject({
      status: 200,
      body: { kind: "Status", status: "Success", details: { name: "a", kind: "configmaps", uid } },
    });
    expect((await request("GET", `${configMaps}/a`)).status).toBe(404);
  });

  it("with finalizers wait for them, and take no new ones", async () => {
    const { request } = await startTestCluster();
    const finalizers = ["example.com/hold"];
    await request("POST", configMaps, { body: configMap("a", {}, { finalizers }) });
    const deleted = await request("DELETE", `${configMaps}/a`);
    expect(deleted.body.metadata).toMatchObject({ deletionTimestamp: "2026-01-01T00:00:00Z", finalizers });
    const more = { metadata: { finalizers: [...finalizers, "example.com/more"] } };
    expect(await request("PATCH", `${configMaps}/a`, { body: more, type: merge })).toMatchObject({
      status: 422,
      body: { details: { causes: [{ field: "metadata.finalizers", reason: "FieldValueForbidden" }] } },
    });
    await request("PATCH", `${configMaps}/a`, { body: { metadata: { finalizers: null } }, type: merge });
    expect((await request("GET", `${configMaps}/a`)).status).toBe(404);
  });

  it("are deleted as a collection by labels", async () => {
    const { request } = await startTestCluster();
    for (const [name, tier] of [
      ["a", "x"],
      ["b", "y"],
      ["c", "x"],
    ]) {
      await request("POST", configMaps, { body: configMap(name ?? "", {}, { labels: { tier } }) });
    }
    const { body } = await request("DELETE", `${configMaps}?labelSelector=tier%3Dx`);
    expect(body.items).toHaveLength(2);
    expect((await request("GET", configMaps)).body.items).toMatchObject([{ metadata: { name: "b" } }]);
  });

  it("are not written by a dry run, which is judged like a real one", async () => {
    const { request, store } = await startTestCluster();
    const before = store.version;
    const dry = await request("POST", `${configMaps}?dryRun=All`, { body: configMap("a") });
    expect(dry).toMatchObject({ status: 201, body: { metadata: { name: "a" } } });
    expect(store.version).toBe(before);
    await request("POST", configMaps, { body: configMap("a") });
    expect((await request("POST", `${configMaps}?dryRun=All`, { body: configMap("a") })).status).toBe(409);
    expect((await request("DELETE", `${configMaps}/a?dryRun=All`)).status).toBe(200);
    expect((await request("GET", `${configMaps}/a`)).status).toBe(200);
    expect((await request("POST", `${configMaps}?dryRun=Some`, { body: configMap("b") })).status).toBe(422);
  });

  it("fold a Secret's stringData into its data", async () => {
    const { request } = await startTestCluster();
    const body = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { a: "hello" },
      data: { b: "eA==" },
    };
    const { body: created } = await request("POST", "/api/v1/namespaces/default/secrets", { body });
    expect(created).toMatchObject({ type: "Opaque", data: { a: "aGVsbG8=", b: "eA==" } });
    expect(created).not.toHaveProperty("stringData");
  });

  it("that are immutable stay so", async () => {
    const { request } = await startTestCluster();
    await request("POST", configMaps, { body: { ...configMap("a", { n: "0" }), immutable: true } });
    const { status, body } = await request("PATCH", `${configMaps}/a`, { body: { data: { n: "1" } }, type: merge });
    expect(status).toBe(422);
    expect(body.message).toContain("field is immutable when `immutable` is set");
  });

  it("created by PUT are Leases and Events only", async () => {
    const { request } = await startTestCluster();
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/edge-1";
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "edge-1" }, spec: {} };
    expect((await request("PUT", leases, { body: lease })).status).toBe(201);
    expect((await request("PUT", `${configMaps}/a`, { body: configMap("a") })).status).toBe(404);
  });
});

describe("namespaces", () => {
  it("have to exist before what is in them", async () => {
    const { request } = await startTestCluster();
    expect(await request("POST", "/api/v1/namespaces/nowhere/configmaps", { body: configMap("a") })).toMatchObject({
      status: 404,
      body: { message: 'namespaces "nowhere" not found' },
    });
  });

  it("take their contents with them", async () => {
    const { request, store } = await startTestCluster();
    await request("POST", namespaces, { body: { apiVersion: "v1", kind: "Namespace", metadata: { name: "site" } } });
    const inside = "/api/v1/namespaces/site/configmaps";
    await request("POST", inside, { body: configMap("a") });
    const before = store.size;
    expect(await request("DELETE", `${namespaces}/site`)).toMatchObject({
      status: 200,
      body: { kind: "Namespace", status: { phase: "Terminating" } },
    });
    expect(store.size).toBe(before - 2);
    expect((await request("GET", `${namespaces}/site`)).status).toBe(404);
  });

  it("wait, closed to new objects, while something in them waits", async () => {
    const { request } = await startTestCluster();
    await request("POST", namespaces, { body: { apiVersion: "v1", kind: "Namespace", metadata: { name: "site" } } });
    const inside = "/api/v1/namespaces/site/configmaps";
    await request("POST", inside, { body: configMap("a", {}, { finalizers: ["example.com/hold"] }) });
    await request("DELETE", `${namespaces}/site`);
    expect((await request("GET", `${namespaces}/site`)).body.status.phase).toBe("Terminating");
    expect(await request("POST", inside, { body: configMap("b") })).toMatchObject({
      status: 403,
      body: { details: { causes: [{ reason: "NamespaceTerminating" }] } },
    });
    await request("PATCH", `${inside}/a`, { body: { metadata: { finalizers: [] } }, type: merge });
    expect((await request("GET", `${namespaces}/site`)).status).toBe(404);
  });

  it("that the system needs cannot be deleted", async () => {
    const { request } = await startTestCluster();
    const { status, body } = await request("DELETE", `${namespaces}/kube-system`);
    expect(status).toBe(403);
    expect(body.message).toBe('namespaces "kube-system" is forbidden: this namespace may not be deleted');
  });
});

describe("events", () => {
  const events = "/api/v1/namespaces/default/events";
  const event = (name: string) => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name },
    involvedObject: { kind: "ConfigMap", name: "a", namespace: "default" },
    reason: "Tested",
    message: "a test",
    type: "Normal",
  });

  it("are the same in both groups", async () => {
    const { request } = await startTestCluster();
    await request("POST", events, { body: event("e") });
    const { body } = await request("GET", "/apis/events.k8s.io/v1/namespaces/default/events/e");
    expect(body).toMatchObject({ apiVersion: "events.k8s.io/v1", note: "a test", regarding: { name: "a" } });
    expect(body).not.toHaveProperty("message");
  });

  it("are selected by what they are about", async () => {
    const { request } = await startTestCluster();
    await request("POST", events, { body: event("e") });
    const count = async (name: string) =>
      (await request("GET", `${events}?fieldSelector=involvedObject.name%3D${name}`)).body.items.length;
    expect(await count("a")).toBe(1);
    expect(await count("b")).toBe(0);
  });

  it("are gone an hour after they were last seen", async () => {
    const { request, clock } = await startTestCluster();
    await request("POST", events, { body: event("old") });
    await clock.advance(30 * 60_000);
    await request("POST", events, { body: event("new") });
    await clock.advance(31 * 60_000);
    const { body } = await request("GET", events);
    expect(body.items).toMatchObject([{ metadata: { name: "new" } }]);
  });
});
