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
  // The node looks at its disk once a minute; here it looks each second.
  endpoints = await installation.start({ SKERRY_NODES_EDGE__REFRESH_MS: "1000" });
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
  spec: {
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

const diskPressure = async () => {
  const { conditions } = (await kube.get("/api/v1/nodes/edge-1")).body.status;
  return conditions.find(({ type }: { type: string }) => type === "DiskPressure");
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

  it("is kept free of new Pods, which the node's condition and the Pod's event explain", async () => {
    const pressure = await eventually("DiskPressure", async () => {
      const found = await diskPressure();
      return found.status === "True" ? found : undefined;
    });
    expect(pressure.reason).toBe("DiskScarce");
    const [configMap] = await HelloWasm.objects();
    await kube.post("/api/v1/namespaces/default/configmaps", { ...configMap, metadata: { name: "late" } });
    expect((await kube.post("/api/v1/namespaces/default/pods", late)).status).toBe(201);
    const event = await eventually("FailedScheduling", async () =>
      (await hello.events("late")).find(({ reason }) => reason === "FailedScheduling"),
    );
    expect(event.message).toContain("node.kubernetes.io/disk-pressure");
  });

  it("takes the Pod as soon as there is space again", async () => {
    await rm(ballast);
    await eventually("the Pod Running", async () =>
      (await kube.get(podPath)).body.status.phase === "Running" ? true : undefined,
    );
    expect((await diskPressure()).status).toBe("False");
    await kube.delete(podPath);
  });

  it("has lost nothing of what ran before", async () => {
    await valuesGoOn();
    await hello.goesOn(pod);
    const { out } = await skerry(["status", "edge", "--home", installation.home, "-o", "json"]);
    expect(JSON.parse(out).edge.state).toBe("running");
  });
});
