import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Kube, Mqtt, readMeter } from "./clients.ts";
import { Gate } from "./gate.ts";
import { expiredCertificate } from "./issued-certificate.ts";
import { Background, type Endpoints, eventually, Installation, skerry } from "./skerry.ts";
import { HelloWasm, type SeenPod } from "./workload.ts";

const devicePath = "/apis/devices.skerry.dev/v1alpha1/namespaces/default/devices/meter-1";
let installation: Installation;
let endpoints: Endpoints;
let kube: Kube;
let hello: HelloWasm;
let gate: Gate;
let meter: Background;
let cloud: Background;
let edge: Background | undefined;

beforeAll(async () => {
  installation = await Installation.create();
  endpoints = await installation.start();
  kube = await Kube.from(endpoints.kubeconfig);
  hello = new HelloWasm(kube, installation.home);
  await skerry(["apply", "-f", HelloWasm.manifest, "--home", installation.home]);
  await hello.running(1);
  await installation.stop();
  const ports = JSON.parse(await readFile(join(installation.home, "ports.json"), "utf8"));
  gate = await Gate.to(ports.link);
  meter = Background.skerry(["demo-meter", "--home", installation.home]);
  cloud = Background.skerry(["cloud", "--home", installation.home]);
  await eventually("the API", async () => ((await kube.get("/version")).status === 200 ? true : undefined));
});

afterEach(async () => {
  await edge?.stop();
  edge = undefined;
  await gate.close();
});

afterAll(async () => {
  for (const process of [cloud, meter]) await process?.stop();
  await installation.remove();
});

const status = async () => {
  const { out } = await skerry(["status", "edge", "--home", installation.home, "-o", "json"]);
  return JSON.parse(out).edge;
};

/** Boots the edge kernel from its disk. */
async function boot(options: { readonly set?: readonly string[]; readonly environment?: NodeJS.ProcessEnv } = {}) {
  const { set = [], environment } = options;
  const all = [`transport-websocket.url=wss://127.0.0.1:${gate.port}`, ...set].flatMap((one) => ["--set", one]);
  edge = Background.skerry(["edge", "--home", installation.home, ...all], environment);
  await eventually("the edge node", async () => ((await status()).state === "running" ? true : undefined));
}

/** The node does its work without the cloud, and says why it has to, and what can be done. */
async function standsAlone(limit: number, code: string, reason: RegExp): Promise<void> {
  const { link } = await eventually("a reason", async () => {
    const found = await status();
    return found.link.attempts > 0 && found.link.code === code ? found : undefined;
  });
  expect(link).toMatchObject({ state: "offline", code, reason: expect.stringMatching(reason) });
  expect(link.advice).toMatch(/check/i);
  const { out } = await skerry(["status", "edge", "--home", installation.home]);
  expect(out).toMatch(/link\s+offline since \S+/);
  expect(out).toContain(link.advice.slice(0, 30));
  await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/#");
  await bus.client.publishAsync(
    "skerry/default/meter-1/set/limit",
    JSON.stringify({ value: limit, id: `to ${limit}` }),
  );
  await eventually("the limit applied", async () =>
    bus.messages.find(({ text }) => text.includes(`"to ${limit}"`) && text.includes("applied")),
  );
  expect(await readMeter(endpoints.meter)).toMatchObject({ limit });
  await eventually("a value polled now", async () =>
    bus.messages.find(({ topic, retain }) => topic.endsWith("/reported/voltage") && !retain),
  );
  await eventually("the workload", async () =>
    JSON.stringify((await status()).workloads).includes("Running") ? true : undefined,
  );
}

/** Within 3 s of now: what was set at the edge, fresh values, and the same Pod running. */
async function inStep(limit: number, pod: SeenPod | undefined): Promise<void> {
  const healed = Date.now();
  await eventually(
    "agreement",
    async () => {
      const { spec, status: found } = (await kube.get(devicePath)).body;
      const isSet = spec.desired.limit === limit && found.desired.limit.state === "applied";
      const isFresh = Date.parse(found.reported.voltage.at) > healed - 3_000;
      const [seen] = await hello.pods();
      const isSame = seen?.metadata.uid === pod?.metadata.uid && seen?.status.containerStatuses?.[0]?.ready;
      return isSet && isFresh && isSame ? true : undefined;
    },
    3,
  );
}

describe("a node that starts from its disk", () => {
  it("without any network: works, says so, and is in step within 3 s of its return", async () => {
    const [pod] = await hello.pods();
    await boot();
    await standsAlone(31, "unreachable", /nobody listens there/);
    await gate.open();
    await inStep(31, pod);
  });

  it("with its clock at 1970: works, and its settings count once the clock is right", async () => {
    const [pod] = await hello.pods();
    const file = join(installation.home, "clock-shift");
    await writeFile(file, String(-Date.now()));
    const preload = `--require ${resolve(import.meta.dirname, "shifted-clock.cjs")}`;
    await boot({ environment: { NODE_OPTIONS: preload, SKERRY_TEST_CLOCK_FILE: file } });
    expect((await status()).link.since).toMatch(/^1970-/);
    await standsAlone(32, "unreachable", /nobody listens there/);
    await writeFile(file, "0");
    await gate.open();
    await inStep(32, pod);
  });

  it("while the cloud has another address: says which one it tries, and is in step once it knows", async () => {
    const [pod] = await hello.pods();
    await boot();
    await standsAlone(33, "unreachable", new RegExp(`127\\.0\\.0\\.1:${gate.port}`));
    await edge?.stop();
    const ports = JSON.parse(await readFile(join(installation.home, "ports.json"), "utf8"));
    await boot({ set: [`transport-websocket.url=wss://localhost:${ports.link}`] });
    await inStep(33, pod);
  });

  it("with an expired certificate: says when it expired, and takes a new one without a restart", async () => {
    const [pod] = await hello.pods();
    const pki = join(installation.home, "pki");
    const certificate = await expiredCertificate(pki, "edge");
    await gate.open();
    await boot({ set: [`transport-websocket.tls.certificate=${certificate}`] });
    await standsAlone(34, "untrusted", /expired/);
    await copyFile(join(pki, "edge.crt"), certificate);
    await inStep(34, pod);
  });
});

describe("a node that is cut off, seen from Kubernetes", () => {
  const node = async () => (await kube.get("/api/v1/nodes/edge-1")).body;
  const conditionOf = async (type: string) =>
    (await node()).status.conditions.find((condition: { type: string }) => condition.type === type)?.status;
  const podReady = async () =>
    (await hello.pods())[0]?.status.conditions?.find((condition) => condition.type === "Ready")?.status;
  const reasons = async () => (await hello.events("edge-1")).map(({ reason }) => reason);

  it("is unreachable, its Pod stays bound and is not ready; when it is back all is as before", async () => {
    const [pod] = await hello.pods();
    await gate.open();
    await boot();
    await eventually("the link", async () => ((await conditionOf("EdgeLink")) === "True" ? true : undefined));
    await eventually("a ready Pod", async () => ((await podReady()) === "True" ? true : undefined));
    const { body } = await kube.get(`/api/v1/namespaces/default/pods/${pod?.metadata.name}`);
    const seconds = body.spec.tolerations.map((it: { tolerationSeconds?: number }) => it.tolerationSeconds);
    expect(seconds).toEqual([undefined, undefined]);
    await gate.close();
    await eventually("taints", async () =>
      JSON.stringify((await node()).spec.taints ?? []).includes("unreachable") ? true : undefined,
    );
    await eventually("a Pod that is not ready", async () => ((await podReady()) === "False" ? true : undefined));
    expect(await conditionOf("EdgeLink")).toBe("False");
    const [kept] = await hello.pods();
    expect(kept).toMatchObject({ metadata: { uid: pod?.metadata.uid }, spec: { nodeName: "edge-1" } });
    expect(kept?.metadata.deletionTimestamp).toBeUndefined();
    expect(kept?.status.containerStatuses?.[0]?.ready).toBe(true);
    await gate.open();
    await eventually("the Pod ready again", async () => ((await podReady()) === "True" ? true : undefined), 3);
    await eventually("no taints", async () => ((await node()).spec.taints ?? []).length === 0 || undefined, 3);
    const told = expect.arrayContaining(["NodeOffline", "NodeOnline", "EdgeOffline", "EdgeOnline"]);
    await eventually("the Events", async () => expect(await reasons()).toEqual(told) ?? true, 10);
  });
});
