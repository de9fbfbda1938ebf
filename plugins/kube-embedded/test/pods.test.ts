import { FakeClock } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { startTestCluster, type TestCluster } from "./test-cluster.ts";

const pods = "/api/v1/namespaces/default/pods";
const table = "application/json;as=Table;v=v1;g=meta.k8s.io";

const pod = (name: string, spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "main", image: "scratch" }], ...spec },
});

async function bind({ request }: TestCluster, name: string, node = "edge-1") {
  return request("POST", `${pods}/${name}/binding`, {
    body: { apiVersion: "v1", kind: "Binding", metadata: { name }, target: { kind: "Node", name: node } },
  });
}

async function cells({ request }: TestCluster, url: string): Promise<readonly unknown[]> {
  return (await request("GET", url, { accept: table })).body.rows[0].cells;
}

describe("a new pod", () => {
  it("gets the defaults of Kubernetes", async () => {
    const { request } = await startTestCluster();
    const { status, body } = await request("POST", pods, {
      body: pod("a", {
        containers: [
          {
            name: "main",
            image: "registry.example/x:1.0",
            ports: [{ containerPort: 80 }],
            livenessProbe: { httpGet: { port: 80 } },
            resources: { limits: { memory: "16Mi" } },
          },
        ],
        volumes: [{ name: "module", configMap: { name: "m" } }, { name: "scratch" }],
      }),
    });
    expect(status).toBe(201);
    expect(body.spec).toMatchObject({
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      terminationGracePeriodSeconds: 30,
      schedulerName: "default-scheduler",
      enableServiceLinks: true,
      serviceAccountName: "default",
      securityContext: {},
      priority: 0,
      volumes: [{ configMap: { name: "m", defaultMode: 420 } }, { emptyDir: {} }, { projected: {} }],
      tolerations: [
        { key: "node.kubernetes.io/not-ready", effect: "NoExecute", tolerationSeconds: 300 },
        { key: "node.kubernetes.io/unreachable", effect: "NoExecute", tolerationSeconds: 300 },
      ],
    });
    expect(body.spec.containers[0]).toMatchObject({
      imagePullPolicy: "IfNotPresent",
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
      ports: [{ containerPort: 80, protocol: "TCP" }],
      resources: { limits: { memory: "16Mi" }, requests: { memory: "16Mi" } },
      livenessProbe: { httpGet: { path: "/", scheme: "HTTP" }, periodSeconds: 10, failureThreshold: 3 },
    });
    expect(body.status).toEqual({ phase: "Pending", qosClass: "Burstable" });
  });

  it("gets nodes and tolerations of its runtime class, which has to exist", async () => {
    const { request } = await startTestCluster();
    const wasm = pod("a", { runtimeClassName: "wasm" });
    expect((await request("POST", pods, { body: wasm })).body).toMatchObject({
      code: 403,
      message: 'pods "a" is forbidden: pod rejected: RuntimeClass "wasm" not found',
    });
    const classes = "/apis/node.k8s.io/v1/runtimeclasses";
    const runtimeClass = {
      metadata: { name: "wasm" },
      handler: "wasm",
      overhead: { podFixed: { memory: "1Mi" } },
      scheduling: { nodeSelector: { "skerry.dev/edge": "true" }, tolerations: [{ key: "edge", operator: "Exists" }] },
    };
    expect((await request("POST", classes, { body: runtimeClass })).status).toBe(201);
    const { body } = await request("POST", pods, { body: wasm });
    expect(body.spec).toMatchObject({
      nodeSelector: { "skerry.dev/edge": "true" },
      overhead: { memory: "1Mi" },
      tolerations: [{ key: "edge", operator: "Exists" }, {}, {}],
    });
    const torn = pod("b", { runtimeClassName: "wasm", nodeSelector: { "skerry.dev/edge": "no" } });
    expect((await request("POST", pods, { body: torn })).status).toBe(403);
    const changed = await request("PATCH", `${classes}/wasm`, {
      body: { handler: "runc" },
      type: "application/merge-patch+json",
    });
    expect(changed.body.message).toBe(
      'RuntimeClass.node.k8s.io "wasm" is invalid: handler: Invalid value: "runc": field is immutable',
    );
  });

  it.each([
    [{ containers: [] }, "spec.containers: Required value"],
    [{ containers: [{ name: "A", image: "x" }] }, 'spec.containers[0].name: Invalid value: "A": a lowercase RFC 1123'],
    [
      {
        containers: [
          { name: "a", image: "x" },
          { name: "a", image: "x" },
        ],
      },
      'spec.containers[1].name: Duplicate value: "a"',
    ],
    [{ containers: [{ name: "a" }] }, "spec.containers[0].image: Required value"],
    [
      { containers: [{ name: "a", image: "x", volumeMounts: [{ name: "m", mountPath: "/m" }] }] },
      'spec.containers[0].volumeMounts[0].name: Not found: "m"',
    ],
    [
      { containers: [{ name: "a", image: "x", env: [{ name: "a=b" }] }] },
      'spec.containers[0].env[0].name: Invalid value: "a=b"',
    ],
    [
      { containers: [{ name: "a", image: "x", ports: [{ containerPort: 70_000 }] }] },
      "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ],
    [
      { containers: [{ name: "a", image: "x", resources: { limits: { cpu: "1" }, requests: { cpu: "1500m" } } }] },
      'spec.containers[0].resources.requests: Invalid value: "1500m": must be less than or equal to cpu limit of 1',
    ],
    [
      { containers: [{ name: "a", image: "x", resources: { limits: { memory: "much" } } }] },
      'spec.containers[0].resources.limits[memory]: Invalid value: "much": quantities must match',
    ],
    [
      { containers: [{ name: "a", image: "x", livenessProbe: { periodSeconds: 1 } }] },
      "spec.containers[0].livenessProbe: Required value: must specify a handler type",
    ],
    [{ restartPolicy: "Sometimes" }, 'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always"'],
    [
      { volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/" } }] },
      "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
    ],
    [{ tolerations: [{ operator: "Equal" }] }, "spec.tolerations[0].operator: Invalid value"],
  ])("is refused in the words of Kubernetes: %j", async (spec, message) => {
    const { request } = await startTestCluster();
    const { status, body } = await request("POST", pods, { body: pod("a", spec) });
    expect(status).toBe(422);
    expect(body.message).toContain(message);
  });

  it("is checked for fields that nobody knows", async () => {
    const { request } = await startTestCluster();
    const body = pod("a", { containers: [{ name: "a", image: "x", enviroment: [] }] });
    expect((await request("POST", `${pods}?fieldValidation=Strict`, { body })).body.message).toContain(
      'unknown field "spec.containers[0].enviroment"',
    );
  });
});

describe("a pod", () => {
  it("is bound to a node once, and keeps everything but its image", async () => {
    const cluster = await startTestCluster();
    const { request } = cluster;
    await request("POST", pods, { body: pod("a") });
    expect((await bind(cluster, "a")).status).toBe(201);
    const { body } = await request("GET", `${pods}/a`);
    expect(body.spec.nodeName).toBe("edge-1");
    expect(body.status.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
    expect((await bind(cluster, "a")).body.message).toContain('pod a is already assigned to node "edge-1"');
    const patch = (spec: object) =>
      request("PATCH", `${pods}/a`, { body: { spec }, type: "application/strategic-merge-patch+json" });
    expect((await patch({ containers: [{ name: "main", image: "other" }] })).body.spec.containers[0].image).toBe(
      "other",
    );
    const refused = await patch({ nodeName: "edge-2" });
    expect(refused.status).toBe(422);
    expect(refused.body.message).toContain("spec: Forbidden: pod updates may not change fields other than");
    const selected = await request("GET", `${pods}?fieldSelector=spec.nodeName=edge-1,status.phase=Pending`);
    expect(selected.body.items).toHaveLength(1);
  });

  it("stays for its grace, which can only become shorter, and goes at 0", async () => {
    const clock = new FakeClock();
    const cluster = await startTestCluster({ clock });
    const { request } = cluster;
    await request("POST", pods, { body: pod("a") });
    await bind(cluster, "a");
    const { status, body } = await request("DELETE", `${pods}/a`);
    expect(status).toBe(200);
    expect(body.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(Date.parse(body.metadata.deletionTimestamp)).toBe(Math.floor(clock.now() / 1000) * 1000 + 30_000);
    await request("DELETE", `${pods}/a?gracePeriodSeconds=60`);
    await request("DELETE", `${pods}/a`, { body: { gracePeriodSeconds: 5 } });
    expect((await request("GET", `${pods}/a`)).body.metadata.deletionGracePeriodSeconds).toBe(5);
    expect((await cells(cluster, pods)).slice(0, 4)).toEqual(["a", "0/1", "Terminating", "0"]);
    expect((await request("DELETE", `${pods}/a`, { body: { gracePeriodSeconds: 0 } })).status).toBe(200);
    expect((await request("GET", `${pods}/a`)).status).toBe(404);
  });

  it("goes at once without a node or when it has ended; its namespace waits for the others", async () => {
    const cluster = await startTestCluster();
    const { request } = cluster;
    await request("POST", "/api/v1/namespaces", { body: { metadata: { name: "site" } } });
    const inSite = pods.replace("default", "site");
    for (const name of ["free", "bound"]) await request("POST", inSite, { body: pod(name) });
    const body = { target: { name: "edge-1" } };
    await request("POST", `${inSite}/bound/binding`, { body });
    await request("DELETE", "/api/v1/namespaces/site");
    const left = (await request("GET", inSite)).body.items;
    expect(left.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(["bound"]);
    await request("DELETE", `${inSite}/bound?gracePeriodSeconds=0`);
    expect((await request("GET", "/api/v1/namespaces/site")).status).toBe(404);

    await request("POST", pods, { body: pod("done") });
    await bind(cluster, "done");
    const merge = "application/merge-patch+json";
    await request("PATCH", `${pods}/done/status`, { body: { status: { phase: "Succeeded" } }, type: merge });
    await request("DELETE", pods);
    expect((await request("GET", pods)).body.items).toEqual([]);
  });

  it("says of logs and the like that they are not served", async () => {
    const { request } = await startTestCluster();
    for (const part of ["log", "exec", "attach", "portforward", "eviction", "ephemeralcontainers"]) {
      const { status, body } = await request(part === "log" ? "GET" : "POST", `${pods}/a/${part}`, { body: {} });
      expect(status).toBe(405);
      expect(body.message).toMatch(/pod|container/);
    }
  });
});

describe("the table of pods", () => {
  const now = new FakeClock().now();
  const before = (seconds: number) => `${new Date(now - seconds * 1000).toISOString().slice(0, 19)}Z`;
  const state = (state: object, more: object = {}) => ({
    name: "main",
    image: "x",
    imageID: "",
    ready: false,
    restartCount: 0,
    state,
    ...more,
  });

  it.each([
    ["Running", "1/1", "0", { phase: "Running", containerStatuses: [state({ running: {} }, { ready: true })] }],
    [
      "CrashLoopBackOff",
      "0/1",
      "2 (3s ago)",
      {
        phase: "Running",
        containerStatuses: [
          state(
            { waiting: { reason: "CrashLoopBackOff" } },
            { restartCount: 2, lastState: { terminated: { exitCode: 1, finishedAt: before(3) } } },
          ),
        ],
      },
    ],
    [
      "Completed",
      "0/1",
      "0",
      { phase: "Succeeded", containerStatuses: [state({ terminated: { exitCode: 0, reason: "Completed" } })] },
    ],
    ["ExitCode:3", "0/1", "0", { phase: "Failed", containerStatuses: [state({ terminated: { exitCode: 3 } })] }],
    ["Init:0/1", "0/1", "0", { phase: "Pending", initContainerStatuses: [state({ running: {} }, { name: "first" })] }],
    [
      "Init:Error",
      "0/1",
      "0",
      {
        phase: "Pending",
        initContainerStatuses: [state({ terminated: { exitCode: 1, reason: "Error" } }, { name: "first" })],
      },
    ],
    ["Evicted", "0/1", "0", { phase: "Failed", reason: "Evicted" }],
  ])("shows %s", async (reason, ready, restarts, status) => {
    const cluster = await startTestCluster();
    const { request } = cluster;
    const spec = { initContainers: [{ name: "first", image: "x" }] };
    await request("POST", pods, { body: pod("a", spec) });
    const type = "application/merge-patch+json";
    expect((await request("PATCH", `${pods}/a/status`, { body: { status }, type })).status).toBe(200);
    expect((await cells(cluster, pods)).slice(1, 4)).toEqual([ready, reason, restarts]);
  });
});
