import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { widget, widgetDefinition } from "../../plugins/kube-embedded/test/test-cluster.ts";
import { startTestEndpoint } from "../../plugins/kube-embedded/test/test-endpoint.ts";
import { Kubectl } from "./kubectl.ts";

async function start() {
  const started = await startTestEndpoint("reader-token,reader,1");
  const home = await mkdtemp(join(tmpdir(), "skerry-kubectl-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return { ...started, kubectl: await Kubectl.create(started.endpoint.connection(), home), home };
}

async function startWithWidgets() {
  const started = await start();
  await started.kubectl.send(widgetDefinition(), "create", "-f", "-");
  await started.kubectl.ok("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=10s");
  return started;
}

const configMap = (data: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", ...metadata },
  data,
});

describe("kubectl finds its way", () => {
  it("through versions, resources and raw paths", async () => {
    const { kubectl } = await startWithWidgets();
    expect(await kubectl.ok("version")).toMatch(/Server Version: v1\.32\.0\+skerry/);
    const resources = await kubectl.ok("api-resources");
    expect(resources).toMatch(/^configmaps\s+cm\s+v1\s+true\s+ConfigMap$/m);
    expect(resources).toMatch(/^widgets\s+wd\s+example\.com\/v1\s+true\s+Widget$/m);
    expect(await kubectl.ok("api-versions")).toContain("coordination.k8s.io/v1\n");
    expect(await kubectl.ok("get", "--raw", "/readyz")).toBe("ok");
    expect(JSON.parse(await kubectl.ok("get", "--raw", "/api/v1/namespaces")).items).toHaveLength(4);
  });

  it("through fields, of kinds built in and defined", async () => {
    const { kubectl } = await startWithWidgets();
    expect(await kubectl.ok("explain", "node.status.conditions")).toContain("conditions");
    expect(await kubectl.ok("explain", "configmap.data")).toMatch(/FIELD: data <map\[string\]string>/);
    const text = await kubectl.ok("explain", "widget.spec");
    expect(text).toMatch(/GROUP:\s+example\.com/);
    expect(text).toMatch(/size\s+<integer> -required-\s+How big it is\./);
    expect(await kubectl.ok("explain", "wd", "--recursive")).toMatch(/color\s+<string>/);
    expect(await kubectl.fail(["explain", "widget.spec.nothing"])).toContain('field "nothing" does not exist');
  });
});

describe("kubectl works on objects", () => {
  it("creates, gets, changes and deletes a ConfigMap", async () => {
    const { kubectl } = await start();
    expect(await kubectl.ok("create", "configmap", "settings", "--from-literal=a=1")).toBe(
      "configmap/settings created\n",
    );
    expect(await kubectl.ok("get", "cm", "--field-selector=metadata.name=settings")).toMatch(
      /^NAME\s+DATA\s+AGE\nsettings\s+1\s+\d+s\n$/,
    );
    expect(await kubectl.ok("get", "cm", "settings", "-o", "jsonpath={.data.a}")).toBe("1");
    expect(await kubectl.ok("label", "cm", "settings", "tier=front")).toBe("configmap/settings labeled\n");
    expect(await kubectl.ok("annotate", "cm", "settings", "why=because")).toBe("configmap/settings annotated\n");
    expect(await kubectl.ok("get", "cm", "-l", "tier in (front,back)", "-o", "name")).toBe("configmap/settings\n");
    expect(await kubectl.ok("get", "cm", "-L", "tier", "--no-headers")).toMatch(/front\n$/);
    expect(await kubectl.ok("label", "cm", "settings", "tier-")).toBe("configmap/settings unlabeled\n");
    const description = await kubectl.ok("describe", "cm", "settings");
    expect(description).toMatch(/Name:\s+settings[\s\S]*Annotations:\s+why: because[\s\S]*a:\n----\n1/);
    for (const [type, patch] of [
      ["strategic", '{"data":{"b":"2"}}'],
      ["merge", '{"data":{"a":null}}'],
      ["json", '[{"op":"add","path":"/data/c","value":"3"}]'],
    ]) {
      const patched = await kubectl.ok("patch", "cm", "settings", "--type", type ?? "", "-p", patch ?? "");
      expect(patched).toBe("configmap/settings patched\n");
    }
    expect(await kubectl.ok("get", "cm", "settings", "-o", "jsonpath={.data}")).toBe('{"b":"2","c":"3"}');
    expect(await kubectl.ok("delete", "cm", "settings")).toBe('configmap "settings" deleted\n');
    expect(await kubectl.ok("get", "cm", "settings", "--ignore-not-found")).toBe("");
  });

  it("applies: creates, changes, removes what is no longer said, and compares", async () => {
    const { kubectl } = await start();
    const apply = (object: unknown, ...args: string[]) => kubectl.send(object, "apply", "-f", "-", ...args);
    expect(await apply(configMap({ a: "1", b: "2" }))).toBe("configmap/settings created\n");
    expect(await apply(configMap({ a: "1", b: "2" }))).toBe("configmap/settings unchanged\n");
    expect(await apply(configMap({ a: "3" }), "--dry-run=server")).toBe(
      "configmap/settings configured (server dry run)\n",
    );
    expect(await apply(configMap({ a: "3" }))).toBe("configmap/settings configured\n");
    expect(await kubectl.ok("get", "cm", "settings", "-o", "jsonpath={.data}")).toBe('{"a":"3"}');
    const difference = await kubectl.run(["diff", "-f", "-"], configMap({ a: "4" }));
    expect([difference.code, difference.out]).toEqual([1, expect.stringMatching(/^-\s+a: "3"\n\+\s+a: "4"$/m)]);
    expect(await kubectl.fail(["apply", "--server-side", "-f", "-"], configMap({}))).toContain("server-side apply");
  });

  it("replaces, edits, and is told when somebody was faster", async () => {
    const { kubectl } = await start();
    await kubectl.send(configMap({ a: "first" }), "create", "-f", "-");
    const read = JSON.parse(await kubectl.ok("get", "cm", "settings", "-o", "json"));
    expect(await kubectl.send({ ...read, data: { a: "second" } }, "replace", "-f", "-")).toBe(
      "configmap/settings replaced\n",
    );
    expect(await kubectl.fail(["replace", "-f", "-"], { ...read, data: { a: "late" } })).toContain(
      'Operation cannot be fulfilled on configmaps "settings": the object has been modified',
    );
    const edited = await kubectl.run(["edit", "cm", "settings"], undefined, { KUBE_EDITOR: "sed -i s/second/third/" });
    expect(edited).toEqual({ code: 0, out: "configmap/settings edited\n", err: "" });
    expect(await kubectl.ok("get", "cm", "settings", "-o", "jsonpath={.data.a}")).toBe("third");
  });

  it("keeps secrets, and shows events beside what they are about", async () => {
    const { kubectl } = await start();
    await kubectl.ok("create", "secret", "generic", "key", "--from-literal=password=hush");
    expect(await kubectl.ok("get", "secret")).toMatch(/key\s+Opaque\s+1\s/);
    expect(await kubectl.ok("get", "secret", "key", "-o", "jsonpath={.data.password}")).toBe("aHVzaA==");
    await kubectl.send(configMap({}), "create", "-f", "-");
    const uid = await kubectl.ok("get", "cm", "settings", "-o", "jsonpath={.metadata.uid}");
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "settings.1" },
      involvedObject: { apiVersion: "v1", kind: "ConfigMap", name: "settings", namespace: "default", uid },
      reason: "Noticed",
      message: "somebody looked",
      type: "Normal",
      count: 1,
      firstTimestamp: new Date().toISOString(),
      lastTimestamp: new Date().toISOString(),
    };
    await kubectl.send(event, "create", "-f", "-");
    expect(await kubectl.ok("get", "events")).toMatch(/Normal\s+Noticed\s+configmap\/settings\s+somebody looked/);
    expect(await kubectl.ok("events", "--for", "configmap/settings")).toContain("somebody looked");
    expect(await kubectl.ok("describe", "cm", "settings")).toContain("somebody looked");
  });

  it("makes namespaces and takes them away with what is in them", async () => {
    const { kubectl } = await start();
    await kubectl.ok("create", "namespace", "site");
    expect(await kubectl.ok("get", "ns", "site")).toMatch(/site\s+Active/);
    await kubectl.send(configMap({}), "create", "-n", "site", "-f", "-");
    expect(await kubectl.ok("get", "cm", "-A")).toMatch(/^site\s+settings/m);
    expect(await kubectl.ok("describe", "ns", "site")).toMatch(/Status:\s+Active/);
    expect(await kubectl.ok("delete", "namespace", "site")).toBe('namespace "site" deleted\n');
    expect(await kubectl.fail(["get", "ns", "site"])).toBe(
      'Error from server (NotFound): namespaces "site" not found\n',
    );
    expect(await kubectl.fail(["create", "cm", "x", "-n", "site"])).toContain('namespaces "site" not found');
  });

  it("registers a node, cordons and taints it", async () => {
    const { kubectl } = await start();
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "edge-1", labels: { "node-role.kubernetes.io/edge": "" } },
      status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1.32.0-skerry" } },
    };
    await kubectl.send(node, "create", "-f", "-");
    expect(await kubectl.ok("get", "nodes")).toMatch(/edge-1\s+Ready\s+edge\s+\S+\s+v1\.32\.0-skerry/);
    expect(await kubectl.ok("cordon", "edge-1")).toBe("node/edge-1 cordoned\n");
    expect(await kubectl.ok("get", "nodes")).toMatch(/Ready,SchedulingDisabled/);
    expect(await kubectl.ok("taint", "node", "edge-1", "edge=true:NoSchedule")).toBe("node/edge-1 tainted\n");
    const description = await kubectl.ok("describe", "node", "edge-1");
    for (const part of ["Taints:", "edge=true:NoSchedule", "Unschedulable:", "Non-terminated Pods:"]) {
      expect(description).toContain(part);
    }
    expect(await kubectl.ok("drain", "edge-1")).toContain("node/edge-1 drained");
    expect(await kubectl.ok("run", "x", "--image=x")).toBe("pod/x created\n");
    expect(await kubectl.ok("create", "deployment", "web", "--image=x:1", "--port=80")).toContain("web created");
    expect(await kubectl.ok("expose", "deployment", "web")).toBe("service/web exposed\n");
    expect(await kubectl.ok("create", "serviceaccount", "bot")).toBe("serviceaccount/bot created\n");
    expect(await kubectl.ok("get", "services", "web")).toMatch(/web\s+ClusterIP\s+10\.96\.0\.\d+\s+<none>\s+80\/TCP/);
    expect(await kubectl.fail(["logs", "x"])).toContain("the logs of a pod cannot be read through this server yet");
    await kubectl.ok("delete", "deployment,service", "web");
    await kubectl.ok("delete", "pod", "x", "--now");
    expect(await kubectl.ok("wait", "--for=condition=Ready", "node/edge-1")).toContain("condition met");
  });
});

describe("kubectl works on custom resources", () => {
  it("as on its own, with columns, short names and categories", async () => {
    const { kubectl } = await startWithWidgets();
    await kubectl.send(widget("one", { size: 3 }), "apply", "-f", "-");
    expect(await kubectl.ok("get", "wd")).toBe("NAME   SIZE\none    3\n");
    expect(await kubectl.ok("get", "all", "-o", "name")).toBe("widget.example.com/one\n");
    expect(await kubectl.ok("describe", "widget", "one")).toMatch(/Spec:\n\s+Color:\s+red\n\s+Size:\s+3/);
    expect(await kubectl.send(widget("one", { size: 4 }), "apply", "-f", "-")).toBe(
      "widget.example.com/one configured\n",
    );
    const patch = ["patch", "wd", "one", "--type=merge", "--subresource=status", "-p", '{"status":{"phase":"Up"}}'];
    expect(await kubectl.ok(...patch)).toBe("widget.example.com/one patched\n");
    expect(await kubectl.ok("wait", "--for=jsonpath={.status.phase}=Up", "wd/one")).toContain("condition met");
    expect(await kubectl.ok("delete", "wd", "--all")).toBe('widget.example.com "one" deleted\n');
  });

  it("refuses what the schema refuses, and what it does not know", async () => {
    const { kubectl } = await startWithWidgets();
    expect(await kubectl.fail(["apply", "-f", "-"], widget("one", { size: 0 }))).toMatch(
      /The Widget "one" is invalid: spec\.size: Invalid value: 0/,
    );
    const misspelt = widget("one", { size: 1, colour: "blue" });
    expect(await kubectl.fail(["apply", "-f", "-"], misspelt)).toContain(
      'strict decoding error: unknown field "spec.colour"',
    );
    const warned = await kubectl.run(["apply", "--validate=warn", "-f", "-"], misspelt);
    expect(warned).toMatchObject({ code: 0, err: 'Warning: unknown field "spec.colour"\n' });
    expect(await kubectl.fail(["apply", "-f", "-"], { ...configMap({}), dta: {} })).toContain('unknown field "dta"');
    expect(await kubectl.fail(["patch", "wd", "one", "--type=strategic", "-p", "{}"])).toContain("unknown format");
  });

  it("watches, waits, and sees the kind go with its definition", async () => {
    const { kubectl } = await startWithWidgets();
    const { out } = kubectl.follow("get", "wd", "--watch", "--output-watch-events");
    await kubectl.send(widget("one"), "create", "-f", "-");
    await expect.poll(out, { timeout: 20_000 }).toMatch(/EVENT\s+NAME\s+SIZE\nADDED\s+one\s+1\n/);
    await kubectl.ok("patch", "wd", "one", "--type=merge", "-p", '{"spec":{"size":2}}');
    await kubectl.ok("delete", "wd", "one", "--wait");
    await expect.poll(out, { timeout: 20_000 }).toMatch(/MODIFIED\s+one\s+2\nDELETED\s+one\s+2\n/);
    expect(await kubectl.ok("delete", "crd", "widgets.example.com")).toContain("deleted");
    expect(await kubectl.ok("api-resources", "--api-group=example.com", "--no-headers")).toBe("");
  });
});

describe("kubectl is held to who it is", () => {
  it("may ask what it may do", async () => {
    const { kubectl } = await start();
    expect(await kubectl.ok("auth", "can-i", "delete", "configmaps")).toBe("yes\n");
    expect(await kubectl.ok("auth", "can-i", "--list")).toMatch(/\*\.\*\s+\[\]\s+\[\]\s+\[\*\]/);
    expect(await kubectl.ok("auth", "whoami")).toMatch(/Username\s+admin/);
    const denied = await kubectl.run(["auth", "can-i", "list", "configmaps", "--as", "eve"]);
    expect([denied.code, denied.out]).toEqual([1, "no\n"]);
    expect(await kubectl.fail(["get", "nodes", "--as", "eve"])).toBe(
      'Error from server (Forbidden): nodes is forbidden: User "eve" cannot list resource "nodes" in API group "" at the cluster scope\n',
    );
  });

  it("with a token, good or bad", async () => {
    const { endpoint, home } = await start();
    const as = (token: string) =>
      Kubectl.create({ ...endpoint.connection(), credentials: { type: "token", token } }, home);
    expect(await (await as("reader-token")).ok("auth", "whoami")).toMatch(/Username\s+reader/);
    expect(await (await as("wrong")).fail(["get", "nodes"])).toMatch(/Unauthorized|must be logged in/);
  });
});

it("kubectl creates tokens of ServiceAccounts, and whoever has one is let in by it", async () => {
  const { kubectl, endpoint } = await start();
  await kubectl.ok("create", "serviceaccount", "robot");
  const token = (await kubectl.ok("create", "token", "robot", "--duration=20m")).trim();
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(await kubectl.fail(["create", "token", "robot", "--duration=1m"])).toContain("less than 10 minutes");
  expect(await kubectl.fail(["create", "token", "nobody"])).toContain('serviceaccounts "nobody" not found');
  const home = await mkdtemp(join(tmpdir(), "skerry-kubectl-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const robot = await Kubectl.create({ ...endpoint.connection(), credentials: { type: "token", token } }, home);
  expect(await robot.ok("auth", "whoami")).toMatch(/Username\s+system:serviceaccount:default:robot/);
  expect(await robot.fail(["get", "secrets"])).toContain('cannot list resource "secrets"');
});
