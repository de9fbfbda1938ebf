import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Balancer } from "./balancer.ts";
import { Kube, Mqtt, readMeter } from "./clients.ts";
import { Background, type Endpoints, eventually, Installation, skerry } from "./skerry.ts";

const devicePath = "/apis/devices.skerry.dev/v1alpha1/namespaces/default/devices/meter-1";
const leasePath = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/edge-1";

/** A cloud kernel of the profile cloud-cluster, with the home it runs in. */
interface CloudKernel {
  readonly home: string;
  readonly process: Background;
  readonly port: number;
}

let installation: Installation;
let endpoints: Endpoints;
let kube: Kube;
let balancer: Balancer;
const running: Background[] = [];
const kernels: CloudKernel[] = [];

function start(...args: readonly string[]): Background {
  const process = Background.skerry(args);
  running.push(process);
  return process;
}

const settings = (given: Readonly<Record<string, string | number>>) =>
  Object.entries(given).flatMap(([path, value]) => ["--set", `${path}=${value}`]);

async function startKernel(name: string): Promise<CloudKernel> {
  const pki = (file: string) => join(installation.home, "pki", file);
  const home = join(installation.home, "..", name);
  const process = start(
    ...["cloud-cluster", "--home", home, "--name", name, "--log", "json"],
    ...settings({
      "kubeconfig.file": endpoints.kubeconfig,
      "transport-websocket.listen.port": 0,
      "transport-websocket.tls.ca": pki("ca.crt"),
      "transport-websocket.tls.certificate": pki("server.crt"),
      "transport-websocket.tls.key": pki("server.key"),
    }),
  );
  const port = await eventually(`${name} listening`, async () => {
    const address = /"listening for edge nodes","address":"127\.0\.0\.1:(\d+)"/.exec(process.output)?.[1];
    return address === undefined ? undefined : Number(address);
  });
  return { home, process, port };
}

beforeAll(async () => {
  installation = await Installation.create();
  endpoints = await installation.start();
  kube = await Kube.from(endpoints.kubeconfig);
  await installation.stop();
  start("demo-meter", "--home", installation.home);
  start("cloud", "--home", installation.home);
  await eventually("the API", async () => ((await kube.get("/version")).status === 200 ? true : undefined));
  kernels.push(await startKernel("cloud-a"), await startKernel("cloud-b"));
  balancer = await Balancer.over(...kernels.map(({ port }) => port));
  start(
    ...["edge", "--home", installation.home],
    ...settings({ "transport-websocket.url": `wss://127.0.0.1:${balancer.port}` }),
  );
});

afterAll(async () => {
  for (const process of running.reverse()) await process.stop();
  await balancer?.close();
  await installation.remove();
});

async function nodesOf({ home }: CloudKernel): Promise<string> {
  const { out } = await skerry(["status", "cloud-cluster", "--home", home]);
  return /^ {2}nodes .*$/m.exec(out)?.[0] ?? "";
}

const serves = (kernel: CloudKernel) =>
  eventually("a session", async () => (/edge-1 +connected/.test(await nodesOf(kernel)) ? kernel : undefined));

const reported = async () => (await kube.get(devicePath)).body.status.reported;

const reports = (limit: number) =>
  eventually(`limit ${limit} in the API`, async () => ((await reported()).limit.value === limit ? true : undefined));

async function isRenewed(): Promise<void> {
  const before = (await kube.get(leasePath)).body.spec.renewTime;
  await eventually("a renewed Lease", async () => {
    const { renewTime, holderIdentity } = (await kube.get(leasePath)).body.spec;
    expect(holderIdentity).toBe("edge-1");
    return renewTime > before ? true : undefined;
  });
}

it("goes on with another cloud kernel when the one that served the node is killed, and loses nothing", async () => {
  const [first, second] = kernels as [CloudKernel, CloudKernel];
  await serves(first);
  await reports(16);
  await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/#");
  const conditions: string[] = [];
  using _ = kube.watch("/api/v1/nodes?watch=1&fieldSelector=metadata.name%3Dedge-1", ({ object }) => {
    const ready = object.status?.conditions?.find(({ type }: { readonly type: string }) => type === "Ready");
    conditions.push(ready?.status);
  });
  const applied = (id: string) =>
    eventually(`${id} applied`, async () =>
      bus.messages.find(({ text }) => text.includes(`"${id}"`) && text.includes('"applied"')),
    );
  const set = async (limit: number) => {
    const id = `to ${limit}`;
    await bus.client.publishAsync("skerry/default/meter-1/set/limit", JSON.stringify({ value: limit, id }));
    await applied(id);
  };
  await set(20);
  await reports(20);

  await set(21);
  await first.process.kill();
  await set(22);
  await kube.merge(devicePath, { spec: { desired: { relay: true } } });
  await serves(second);
  await reports(22);
  await eventually("the wish of the cluster in the device", async () =>
    (await readMeter(endpoints.meter)).relay ? true : undefined,
  );
  const { spec } = (await kube.get(devicePath)).body;
  expect(spec.desired).toMatchObject({ limit: 22, relay: true });

  const { at } = (await reported()).voltage;
  await eventually("a newer voltage", async () => ((await reported()).voltage.at > at ? true : undefined));
  await isRenewed();
  expect(new Set(conditions)).toEqual(new Set(["True"]));
});

it("is moved from kernel to kernel while a wish changes, and never goes back to an older one", async () => {
  await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/desired/limit");
  let [serving] = kernels.slice(1) as [CloudKernel];
  for (const [round, limit] of [30, 31, 32].entries()) {
    const next = await startKernel(`cloud-${round}`);
    balancer.targets.splice(0, balancer.targets.length, next.port);
    const written = kube.merge(devicePath, { spec: { desired: { limit } } });
    await serving.process.kill();
    expect((await written).status).toBe(200);
    serving = await serves(next);
    await reports(limit);
  }
  const wishes = bus.messages.map(({ text }) => JSON.parse(text).value);
  expect(wishes.at(-1)).toBe(32);
  expect(wishes).toEqual([...wishes].sort((one, other) => one - other));
});
