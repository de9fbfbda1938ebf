import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Kube, Mqtt } from "../e2e/clients.ts";
import { type Endpoints, eventually, Installation, run, skerry } from "../e2e/skerry.ts";
import { HelloWasm, type SeenPod } from "../e2e/workload.ts";

// Needs root, to mount a small file system for the edge node alone.
let installation: Installation;
let endpoints: Endpoints;
let kube: Kube;
let hello: HelloWasm;
let pod: SeenPod;
let edgeHome: string;
let ballast: string;

beforeAll(async () => {
  installation = await Installation.create();
  edgeHome = join(installation.home, "edge");
  ballast = join(edgeHome, "ballast");
  await mkdir(edgeHome);
  const mounted = await run("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", edgeHome]);
  if (mounted.code !== 0) throw new Error(`this suite needs root, to mount a tmpfs: ${mounted.err}`);
  endpoints = await installation.start();
  kube = await Kube.from(endpoints.kubeconfig);
  hello = new HelloWasm(kube, installation.home);
  await skerry(["apply", "-f", HelloWasm.manifest, "--home", installation.home]);
  [pod] = (await hello.running(1)) as [SeenPod];
});

afterAll(async () => {
  await installation.stop();
  await run("umount", [edgeHome]);
  await installation.remove();
});

/** Takes what space there is, to the last block. */
async function fill(): Promise<void> {
  for (const bytes of [1 << 20, 1 << 12, 1]) {
    let isFull = false;
    while (!isFull) {
      await writeFile(ballast, Buffer.alloc(bytes), { flag: "a" }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOSPC") throw error;
        isFull = true;
      });
    }
  }
}

async function valuesGoOn(): Promise<void> {
  const now = Date.now();
  await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/reported/voltage");
  await eventually("a new voltage", async () =>
    Date.parse(bus.last("skerry/default/meter-1/reported/voltage")?.at ?? "") > now ? true : undefined,
  );
}

const podPath = "/api/v1/namespaces/default/pods/late";
const late = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "late" },
  // Bound by hand: the scheduler would keep it off a node whose disk is full.
  spec: {
    nodeName: "edge-1",
    runtimeClassName: "wasm",
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "main",
        image: "scratch",
        command: ["/app/hello.wasm"],
        volumeMounts: [{ name: "app", mountPath: "/app" }],
      },
    ],
    volumes: [{ name: "app", configMap: { name: "late" } }],
  },
};

describe("an edge node whose disk is full", () => {
  it("goes on with devices and workloads", async () => {
    await fill();
    await valuesGoOn();
    expect((await hello.pods())[0]?.status.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
  });

  it("acknowledges nothing that it cannot keep: a set is answered with the reason, or applied", async () => {
    await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/result/relay");
    await bus.client.publishAsync("skerry/default/meter-1/set/relay", JSON.stringify({ value: true, id: "full" }));
    const result = await eventually("the result", async () => bus.last("skerry/default/meter-1/result/relay"));
    expect(["rejected", "applied"]).toContain(result.state);
    if (result.state === "rejected") expect(result.reason).toMatch(/full|space/);
  });

  it("says why a Pod cannot be started, and starts it when there is space again", async () => {
    const [configMap] = await HelloWasm.objects();
    await kube.post("/api/v1/namespaces/default/configmaps", { ...configMap, metadata: { name: "late" } });
    expect((await kube.post("/api/v1/namespaces/default/pods", late)).status).toBe(201);
    const problem = await eventually("an event that says why", async () =>
      (await hello.events("late")).find(({ type }) => type === "Warning"),
    );
    expect(problem.message).toMatch(/full|space/);
    await rm(ballast);
    await eventually("the Pod Running", async () =>
      (await kube.get(podPath)).body.status.phase === "Running" ? true : undefined,
    );
    await kube.delete(podPath);
  });

  it("has lost nothing of what ran before", async () => {
    await valuesGoOn();
    await hello.goesOn(pod);
    const { out } = await skerry(["status", "edge", "--home", installation.home, "-o", "json"]);
    expect(JSON.parse(out).edge.state).toBe("running");
  });
});
