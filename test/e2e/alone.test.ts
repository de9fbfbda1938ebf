import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Kube, Mqtt, readMeter } from "./clients.ts";
import { alive, Background, type Endpoints, eventually, Installation, skerry } from "./skerry.ts";
import { HelloWasm, type SeenPod } from "./workload.ts";

const devicePath = "/apis/devices.skerry.dev/v1alpha1/namespaces/default/devices/meter-1";
let installation: Installation;
let endpoints: Endpoints;
let kube: Kube;
let hello: HelloWasm;
let pod: SeenPod;

beforeAll(async () => {
  installation = await Installation.create();
  endpoints = await installation.start();
  kube = await Kube.from(endpoints.kubeconfig);
  hello = new HelloWasm(kube, installation.home);
  await skerry(["apply", "-f", HelloWasm.manifest, "--home", installation.home]);
  [pod] = (await hello.running(1)) as [SeenPod];
});

afterAll(() => installation.remove());

const device = async () => (await kube.get(devicePath)).body;
const status = async () => {
  const { out } = await skerry(["status", "edge", "--home", installation.home, "-o", "json"]);
  return JSON.parse(out).edge;
};

/** Sets a property over MQTT and waits until the device has it. */
async function set(property: string, value: unknown): Promise<void> {
  await using bus = await Mqtt.connect(endpoints.mqtt, `skerry/default/meter-1/result/${property}`);
  const id = `${property} ${String(value)}`;
  await bus.client.publishAsync(`skerry/default/meter-1/set/${property}`, JSON.stringify({ value, id }));
  await eventually(`${id} applied`, async () =>
    bus.messages.find(({ text }) => JSON.parse(text).id === id && JSON.parse(text).state === "applied"),
  );
}

/** Waits for a reported voltage that was read after now. */
async function valuesGoOn(): Promise<void> {
  const now = Date.now();
  await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/reported/voltage");
  await eventually("a new voltage", async () =>
    Date.parse(bus.last("skerry/default/meter-1/reported/voltage")?.at ?? "") > now ? true : undefined,
  );
}

/** Within 3 s of the API answering: the device's newest values, what was set at the edge, and the Pod. */
async function agree(desired: Record<string, unknown>): Promise<void> {
  await eventually("the API", async () => ((await kube.get("/version")).status === 200 ? true : undefined), 30);
  const answering = Date.now();
  await eventually(
    "agreement",
    async () => {
      const { spec, status: found } = await device();
      const isSet = Object.entries(desired).every(
        ([name, value]) => spec.desired[name] === value && found.desired[name].state === "applied",
      );
      const isFresh = Date.parse(found.reported.voltage.at) > answering - 3_000;
      const isConnected = found.conditions.some(
        (condition: { type: string; status: string }) => condition.type === "Connected" && condition.status === "True",
      );
      const [seen] = await hello.pods();
      const isRunning = seen?.metadata.uid === pod.metadata.uid && seen.status.containerStatuses?.[0]?.ready;
      return isSet && isFresh && isConnected && isRunning ? true : undefined;
    },
    3,
  );
}

describe("kill -9 of the cloud", () => {
  it("leaves values, local sets and the workload going, and is said by skerry status", async () => {
    // Stopped, its parent cannot start it again: without a cloud for as long as the test wants.
    process.kill(installation.pid, "SIGSTOP");
    process.kill(endpoints.pids.cloud, "SIGKILL");
    await eventually("offline", async () => ((await status()).link.state === "offline" ? true : undefined));
    await valuesGoOn();
    await set("relay", true);
    await set("limit", 21);
    expect(await readMeter(endpoints.meter)).toMatchObject({ relay: true, limit: 21 });
    await hello.goesOn(pod);
    const { link } = await status();
    expect(Date.parse(link.since)).toBeLessThanOrEqual(Date.now());
    expect(link.pending).toBeGreaterThan(0);
    const { out } = await skerry(["status", "edge", "--home", installation.home]);
    expect(out).toMatch(/link\s+offline since \S+/);
    expect(out).toMatch(/devices\s+\S*meter-1/);
    expect(out).toMatch(/workloads\s+\S*hello-wasm-.*Running/);
  });

  it("ends when the supervisor has it back: kubectl is right within 3 s", async () => {
    process.kill(installation.pid, "SIGCONT");
    await agree({ relay: true, limit: 21 });
    expect((await hello.pods())[0]?.status.containerStatuses?.[0]?.restartCount).toBe(0);
  });
});

describe("an edge node by itself", () => {
  let meter: Background;
  let edge: Background;
  let cloud: Background;

  afterAll(async () => {
    for (const process of [cloud, edge, meter]) await process?.stop();
  });

  it("starts from disk with no cloud at all: polled, settable, the workload runs", async () => {
    await installation.stop();
    expect(Object.values(endpoints.pids).some(alive)).toBe(false);
    meter = Background.skerry(["demo-meter", "--home", installation.home]);
    edge = Background.skerry(["edge", "--home", installation.home]);
    await eventually("the edge node", async () => ((await status()).state === "running" ? true : undefined));
    await valuesGoOn();
    await set("limit", 23);
    await set("relay", false);
    expect(await readMeter(endpoints.meter)).toMatchObject({ relay: false, limit: 23 });
    await eventually("the workload", async () => {
      const { workloads } = await status();
      return JSON.stringify(workloads).includes("Running") ? true : undefined;
    });
    await eventually("its first line", async () => (await hello.log(pod, 1))[0]);
    await hello.goesOn(pod, 1);
    expect((await status()).link.state).toBe("offline");
  });

  it("agrees with the cloud within 3 s of its start, and nothing acknowledged was lost", async () => {
    cloud = Background.skerry(["cloud", "--home", installation.home]);
    await agree({ relay: false, limit: 23 });
    expect((await hello.pods())[0]?.status.containerStatuses?.[0]?.restartCount).toBe(1);
    await eventually("an empty outbox", async () => ((await status()).link.pending === 0 ? true : undefined), 10);
  });
});
