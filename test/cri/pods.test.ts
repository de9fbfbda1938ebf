import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, run } from "../e2e/skerry.ts";
import type { SeenPod } from "../e2e/workload.ts";
import { ContainerNode } from "./container-node.ts";

const pods = "/api/v1/namespaces/default/pods";
const deployments = "/apis/apps/v1/namespaces/default/deployments";

let node: ContainerNode;

beforeAll(async () => {
  node = await ContainerNode.start();
});

afterAll(() => node?.[Symbol.asyncDispose]());

const container = (over: object = {}) => ({
  name: "main",
  image: node.runtime.image,
  command: ["/bin/sh", "-c", 'trap "exit 0" TERM; echo "started as $NAME"; while :; do sleep 1 & wait $!; done'],
  env: [{ name: "NAME", value: "one" }],
  ...over,
});

async function create(path: string, object: object): Promise<void> {
  const { status, body } = await node.kube.post(path, object);
  if (status !== 201) throw new Error(JSON.stringify(body));
}

const seen = async (label: string): Promise<readonly SeenPod[]> =>
  (await node.kube.get(`${pods}?labelSelector=app%3D${label}`)).body.items;

const running = (label: string, count: number) =>
  eventually(`${count} running Pods of ${label}`, async () => {
    const found = (await seen(label)).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const ready = found.filter(({ status }) =>
      status.containerStatuses?.every((one) => one.ready && one.state.running),
    );
    return ready.length === count && found.length === count ? ready : undefined;
  });

/** Ids and processes of the containers that run, as containerd has them. */
async function tasks(): Promise<Readonly<Record<string, string>>> {
  const { out } = await run("ctr", ["-a", node.runtime.containerd.socket, "-n", "k8s.io", "tasks", "list"]);
  const rows = out
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return Object.fromEntries(rows.filter(([, , state]) => state === "RUNNING").map(([id = "", pid = ""]) => [id, pid]));
}

it("a Deployment runs in real containers, with its ConfigMap, is changed, scaled, and let go of", async () => {
  await create("/api/v1/namespaces/default/configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "greeting" },
    data: { text: "from a file" },
  });
  const labels = { app: "plain" };
  await create(deployments, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "plain" },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [container({ volumeMounts: [{ name: "greeting", mountPath: "/greeting" }] })],
          volumes: [{ name: "greeting", configMap: { name: "greeting" } }],
        },
      },
    },
  });
  const [first] = await running("plain", 2);
  expect(first?.spec.nodeName).toBe("edge-1");
  const { status } = (await node.kube.get(`${pods}/${first?.metadata.name}`)).body;
  expect(status.podIP).toMatch(/^10\.197\.0\.\d+$/);
  expect(status.containerStatuses[0]).toMatchObject({
    image: node.runtime.image,
    imageID: expect.stringContaining("sha256:"),
    containerID: expect.stringMatching(/:\/\/[0-9a-f]{64}$/),
  });
  const [pid = ""] = Object.values(await tasks());
  expect(await readFile(`/proc/${pid}/cgroup`, "utf8")).toContain(node.runtime.containerd.cgroupParent);

  await node.kube.merge(`${deployments}/plain/scale`, { spec: { replicas: 1 } });
  const [kept] = await running("plain", 1);
  const changed = { template: { spec: { containers: [container({ env: [{ name: "NAME", value: "two" }] })] } } };
  await node.kube.merge(`${deployments}/plain`, { spec: changed });
  await eventually("another Pod", async () => {
    const [only, ...rest] = await seen("plain");
    return rest.length === 0 && only !== undefined && only.metadata.uid !== kept?.metadata.uid ? only : undefined;
  });
  const [now] = await running("plain", 1);
  const log = join(node.installation.home, `edge/pods/default_${now?.metadata.name}_${now?.metadata.uid}/main/0.log`);
  expect(await readFile(log, "utf8")).toMatch(/ stdout F started as two\n$/);

  await node.kube.delete(`${deployments}/plain?propagationPolicy=Background`);
  await eventually("no Pods", async () => ((await seen("plain")).length === 0 ? true : undefined));
  await eventually("no containers", async () => (Object.keys(await tasks()).length === 0 ? true : undefined));
});

it("containers go on while containerd or the node's kernel is killed, and are the same afterwards", async () => {
  await create(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "steady", labels: { app: "steady" } },
    spec: { terminationGracePeriodSeconds: 1, containers: [container()] },
  });
  const [before] = await running("steady", 1);
  const processes = await tasks();
  await node.runtime.containerd.kill();
  await node.runtime.containerd.run();
  const { pids: killed } = await node.installation.endpoints();
  process.kill(killed.edge, "SIGKILL");
  await eventually("another edge process", async () => {
    const { pids } = await node.installation.endpoints();
    return pids.edge === killed.edge ? undefined : pids.edge;
  });
  await eventually("its link", async () => {
    const { body } = await node.kube.get("/api/v1/nodes/edge-1");
    const link = body.status.conditions.find(({ type }: { type: string }) => type === "EdgeLink");
    return link?.status === "True" ? true : undefined;
  });
  const [after] = await running("steady", 1);
  expect(await tasks()).toEqual(processes);
  expect([after?.metadata.uid, after?.status.containerStatuses?.[0]?.restartCount]).toEqual([before?.metadata.uid, 0]);

  // What ends by itself is started again, and counted.
  const [pid = ""] = Object.entries(await tasks())
    .flatMap(([, one]) => [one])
    .slice(-1);
  const ids = after?.status.containerStatuses?.[0] as unknown as { containerID: string };
  const main = (await tasks())[ids.containerID.split("//")[1] ?? ""] ?? pid;
  process.kill(Number(main), "SIGKILL");
  await eventually("a restart", async () => {
    const [pod] = await seen("steady");
    return pod?.status.containerStatuses?.[0]?.restartCount === 1 ? true : undefined;
  });
  await node.kube.delete(`${pods}/steady`);
  await eventually("no Pods", async () => ((await seen("steady")).length === 0 ? true : undefined));
});

it("what a container runtime refuses is said in the Pod, and harms no other", async () => {
  const bad = { missing: `${node.runtime.registry.host}/nothing:1`, program: node.runtime.image };
  for (const [name, of] of Object.entries(bad)) {
    await create(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, labels: { app: name } },
      spec: { restartPolicy: "Never", containers: [{ name: "main", image: of, command: ["/no/such/program"] }] },
    });
  }
  const state = async (name: string) =>
    (await node.kube.get(`${pods}/${name}`)).body.status?.containerStatuses?.[0]?.state;
  const waiting = await eventually("ErrImagePull", async () => {
    const found = (await state("missing"))?.waiting;
    return /^(ErrImagePull|ImagePullBackOff)$/.test(found?.reason) ? found : undefined;
  });
  expect(waiting.message).toContain("nothing:1");
  const ended = await eventually("StartError", async () => (await state("program"))?.terminated);
  expect(ended).toMatchObject({ reason: "StartError", exitCode: 128 });
  for (const name of Object.keys(bad)) await node.kube.delete(`${pods}/${name}`);
});
