import { describe, expect, it } from "vitest";
import { startTestCluster } from "./test-cluster.ts";

const deployments = "/apis/apps/v1/namespaces/default/deployments";
const replicaSets = "/apis/apps/v1/namespaces/default/replicasets";
const services = "/api/v1/namespaces/default/services";
const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
const merge = "application/merge-patch+json";
const table = "application/json;as=Table;v=v1;g=meta.k8s.io";

const deployment = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { creationTimestamp: null, labels: { app: name } },
      spec: { containers: [{ name: "main", image: "scratch" }] },
    },
    ...spec,
  },
});
const service = (name: string, spec: object = {}) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });

describe("deployments", () => {
  it("get defaults, a generation for their spec, and a status of their own", async () => {
    const { request } = await startTestCluster();
    const { status, body } = await request("POST", deployments, { body: deployment("web") });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        replicas: 1,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        template: { spec: { restartPolicy: "Always", containers: [{ imagePullPolicy: "Always" }] } },
      },
      status: {},
    });
    expect(body.spec.template.metadata).toEqual({ labels: { app: "web" } });
    expect(body.spec.template.spec.tolerations).toBeUndefined();
    const written = { status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 } };
    const after = await request("PATCH", `${deployments}/web/status`, { body: written, type: merge });
    expect(after.body).toMatchObject({ metadata: { generation: 1 }, ...written });
    const shown = await request("GET", deployments, { accept: table });
    expect(shown.body.rows[0].cells.slice(0, 4)).toEqual(["web", "1/1", 1, 1]);
    expect(shown.body.rows[0].cells.slice(5)).toEqual(["main", "scratch", "app=web"]);
  });

  it("are scaled", async () => {
    const { request } = await startTestCluster();
    await request("POST", deployments, { body: deployment("web") });
    const scale = `${deployments}/web/scale`;
    const { body } = await request("GET", scale);
    expect(body).toMatchObject({
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "web", namespace: "default" },
      spec: { replicas: 1 },
      status: { replicas: 0, selector: "app=web" },
    });
    const patched = await request("PATCH", scale, { body: { spec: { replicas: 3 } }, type: merge });
    expect(patched.body.spec).toEqual({ replicas: 3 });
    expect((await request("PUT", scale, { body: { ...body, spec: { replicas: 2 } } })).status).toBe(409);
    const put = { ...patched.body, spec: { replicas: 2 } };
    expect((await request("PUT", scale, { body: put })).body.spec).toEqual({ replicas: 2 });
    expect((await request("PATCH", scale, { body: { spec: { replicas: -1 } }, type: merge })).status).toBe(422);
    expect((await request("GET", `${deployments}/web`)).body).toMatchObject({
      metadata: { generation: 3 },
      spec: { replicas: 2 },
    });
    expect((await request("DELETE", scale)).status).toBe(405);
  });

  it.each([
    [{ selector: undefined }, "spec.selector: Required value"],
    [{ selector: {} }, "spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
    [{ selector: { matchLabels: { app: "b" } } }, "`selector` does not match template `labels`"],
    [{ replicas: -1 }, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
    [{ strategy: { type: "Slow" } }, 'spec.strategy.type: Unsupported value: "Slow"'],
    [{ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }, "spec.strategy.rollingUpdate: Forbidden"],
    [
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
      "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
    ],
    [{ strategy: { rollingUpdate: { maxSurge: "half" } } }, "a valid percent string must be a numeric string"],
    [{ progressDeadlineSeconds: 5, minReadySeconds: 5 }, "must be greater than minReadySeconds"],
    [
      { template: { metadata: { labels: { app: "web" } }, spec: { containers: [] } } },
      "spec.template.spec.containers: Required value",
    ],
    [
      {
        template: {
          metadata: { labels: { app: "web" } },
          spec: { restartPolicy: "Never", containers: [{ name: "a", image: "x" }] },
        },
      },
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
  ])("are refused in the words of Kubernetes: %j", async (spec, message) => {
    const { request } = await startTestCluster();
    const { status, body } = await request("POST", deployments, { body: deployment("web", spec) });
    expect(status).toBe(422);
    expect(body.message).toContain(message);
  });

  it("keep their selector, as ReplicaSets do", async () => {
    const { request } = await startTestCluster();
    for (const url of [deployments, replicaSets]) {
      expect((await request("POST", url, { body: deployment("web") })).status).toBe(201);
      const spec = {
        selector: { matchLabels: { tier: "a" } },
        template: { metadata: { labels: { tier: "a" } } },
      };
      const { body } = await request("PATCH", `${url}/web`, { body: { spec }, type: merge });
      expect(body.message).toContain("field is immutable");
    }
    const shown = await request("GET", replicaSets, { accept: table });
    expect(shown.body.rows[0].cells.slice(0, 4)).toEqual(["web", 1, 0, 0]);
  });

  it("wait for the garbage collector when their dependents are to be kept or to go first", async () => {
    const { request } = await startTestCluster();
    const finalizersAfter = async (options: object, query = "") => {
      await request("POST", deployments, { body: deployment("web") });
      const { body } = await request("DELETE", `${deployments}/web${query}`, { body: options });
      const { finalizers } = body.metadata;
      await request("PATCH", `${deployments}/web`, { body: { metadata: { finalizers: null } }, type: merge });
      expect((await request("GET", `${deployments}/web`)).status).toBe(404);
      return finalizers;
    };
    expect(await finalizersAfter({ propagationPolicy: "Orphan" })).toEqual(["orphan"]);
    expect(await finalizersAfter({}, "?propagationPolicy=Foreground")).toEqual(["foregroundDeletion"]);
    expect(await finalizersAfter({ orphanDependents: true })).toEqual(["orphan"]);
    expect(await finalizersAfter({ orphanDependents: false })).toBeUndefined();
    const both = { orphanDependents: true, propagationPolicy: "Orphan" };
    expect((await request("DELETE", `${deployments}/web`, { body: both })).status).toBe(422);
  });
});

describe("services", () => {
  it("get addresses of their own, which they keep", async () => {
    const { request } = await startTestCluster();
    const addresses = [];
    for (const name of ["a", "b"]) {
      const { body } = await request("POST", services, { body: service(name) });
      expect(body.spec).toMatchObject({
        type: "ClusterIP",
        sessionAffinity: "None",
        internalTrafficPolicy: "Cluster",
        ipFamilies: ["IPv4"],
        ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      });
      addresses.push(body.spec.clusterIP);
    }
    expect(addresses).toEqual(["10.96.0.10", "10.96.0.11"]);
    const { body } = await request("PUT", `${services}/b`, { body: service("b", { selector: { app: "b" } }) });
    expect(body.spec.clusterIP).toBe("10.96.0.11");
    const moved = await request("PATCH", `${services}/b`, { body: { spec: { clusterIP: "10.96.0.9" } }, type: merge });
    expect(moved.body.message).toContain("may not change once set");
    const shown = await request("GET", services, { accept: table });
    expect(shown.body.rows[1].cells).toEqual(["b", "ClusterIP", "10.96.0.11", "<none>", "80/TCP", "0s", "app=b"]);
  });

  it.each([
    [{ ports: [] }, "spec.ports: Required value"],
    [{ ports: [{ port: 0 }] }, "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    [{ ports: [{ port: 1 }, { port: 2 }] }, "spec.ports[0].name: Required value"],
    [{ type: "Other" }, 'spec.type: Unsupported value: "Other"'],
    [{ type: "ExternalName" }, "spec.externalName: Required value"],
    [{ clusterIP: "192.168.0.1" }, "the provided IP is not in the valid range"],
  ])("are refused in the words of Kubernetes: %j", async (spec, message) => {
    const { request } = await startTestCluster();
    expect((await request("POST", services, { body: service("a", spec) })).body.message).toContain(message);
  });

  it("have endpoint slices, and may have no address", async () => {
    const { request } = await startTestCluster();
    expect((await request("POST", services, { body: service("a", { clusterIP: "None" }) })).body.spec.clusterIP).toBe(
      "None",
    );
    const slice = { metadata: { name: "a-1" }, addressType: "IPv4", ports: [{ port: 80 }], endpoints: [] };
    const full = { ...slice, endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: true } }] };
    expect((await request("POST", slices, { body: full })).status).toBe(201);
    const shown = await request("GET", slices, { accept: table });
    expect(shown.body.rows[0].cells.slice(0, 4)).toEqual(["a-1", "IPv4", "80", "10.0.0.1"]);
    const wrong = await request("POST", slices, {
      body: { metadata: { name: "b" }, addressType: "X25", endpoints: [] },
    });
    expect(wrong.body.message).toContain('addressType: Unsupported value: "X25"');
  });
});

describe("discovery of workloads", () => {
  it("names scale, binding and the category all", async () => {
    const { request } = await startTestCluster();
    const { resources } = (await request("GET", "/apis/apps/v1")).body;
    expect(resources).toContainEqual({
      name: "deployments/scale",
      singularName: "",
      namespaced: true,
      group: "autoscaling",
      version: "v1",
      kind: "Scale",
      verbs: ["get", "patch", "update"],
    });
    const core = (await request("GET", "/api/v1")).body.resources;
    expect(core).toContainEqual(expect.objectContaining({ name: "pods", categories: ["all"], shortNames: ["po"] }));
    expect(core).toContainEqual(expect.objectContaining({ name: "pods/binding", kind: "Binding", verbs: ["create"] }));
    expect((await request("GET", "/apis/apps/v1/namespaces/default/daemonsets")).status).toBe(404);
  });
});
