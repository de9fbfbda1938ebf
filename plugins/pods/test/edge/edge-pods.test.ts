import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject } from "@skerry/contracts";
import { FakeClock, FakeReplica, FakeUplink, FakeWorkloadRuntime, RecordingLogger } from "@skerry/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EdgePods } from "../../src/edge/index.ts";
import type { PodReport } from "../../src/shared/pod-report.ts";

let home: string;
let clock: FakeClock;
let replica: FakeReplica;
let uplink: FakeUplink;
let runtime: FakeWorkloadRuntime;
let pods: EdgePods;

const wasm = { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: "wasm" }, handler: "wasm" };
const pod = (spec: object = {}, metadata: object = {}, container: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "default", uid: "u1", ...metadata },
  spec: {
    nodeName: "edge-1",
    runtimeClassName: "wasm",
    containers: [{ name: "main", image: "scratch", command: ["/run"], ...container }],
    ...spec,
  },
});

function make(): EdgePods {
  const node = { name: "edge-1", profile: "edge", home, programs: "/nonexistent", version: "0" };
  const runtimes = { all: () => [{ plugin: "fake", value: runtime }] };
  return new EdgePods(replica, uplink, clock, new RecordingLogger(), node, runtimes, undefined);
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "skerry-pods-"));
  clock = new FakeClock();
  replica = new FakeReplica();
  uplink = new FakeUplink();
  runtime = new FakeWorkloadRuntime({ clock });
  replica.put(wasm);
  pods = make();
  await pods.start();
});

afterEach(async () => {
  await pods.stop();
  await rm(home, { recursive: true, force: true });
});

const report = () => uplink.latest("pod", "default/web/u1") as unknown as PodReport | undefined;
// biome-ignore lint/suspicious/noExplicitAny: a status is looked at as it comes.
const container = (): any => (report()?.status["containerStatuses"] as any)?.[0];
const running = () => vi.waitFor(() => expect(container()?.state.running).toBeDefined());
const reasons = () => report()?.events.map(({ reason }) => reason) ?? [];

describe("a Pod of this node", () => {
  it("runs, is reported as the kubelet does, and is released when it is deleted", async () => {
    replica.put(pod());
    await running();
    expect(report()?.status).toMatchObject({ phase: "Running" });
    expect(reasons()).toEqual(["Pulled", "Created", "Started"]);
    replica.put(pod({}, { deletionTimestamp: "2026-01-01T00:00:01Z", deletionGracePeriodSeconds: 1 }));
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(report()?.released).toBe(true);
    });
    expect(reasons()).toContain("Killing");
    expect(await runtime.sandboxes()).toEqual([]);
    expect(await readdir(join(home, "pods"))).toEqual([]);
  });

  it("of another node is none of its business", async () => {
    replica.put(pod({ nodeName: "edge-2" }));
    await clock.advance(1_000);
    expect(pods.summary()).toEqual([]);
  });

  it("is restarted at once after its first crash, then after 10 s, and that is said", async () => {
    replica.put(pod());
    await running();
    const crash = async () => {
      const [current] = (await runtime.containers()).filter(({ state }) => state === "running");
      runtime.exit(current?.id ?? "", 3);
    };
    await crash();
    await vi.waitFor(() =>
      expect(container()).toMatchObject({ restartCount: 1, state: { running: expect.anything() } }),
    );
    await crash();
    await vi.waitFor(() => expect(container().state.waiting?.reason).toBe("CrashLoopBackOff"));
    expect(container().lastState.terminated).toMatchObject({ exitCode: 3, reason: "Error" });
    expect(reasons()).toContain("BackOff");
    await clock.advance(10_000);
    await vi.waitFor(() =>
      expect(container()).toMatchObject({ restartCount: 2, state: { running: expect.anything() } }),
    );
  });

  it("waits for a ConfigMap that is missing, then has it as files", async () => {
    const volumes = [{ name: "app", configMap: { name: "settings" } }];
    replica.put(pod({ volumes }, {}, { volumeMounts: [{ name: "app", mountPath: "/app" }] }));
    await vi.waitFor(() => expect(reasons()).toContain("FailedMount"));
    expect(container().state.waiting.reason).toBe("ContainerCreating");
    const metadata = { name: "settings", namespace: "default" };
    replica.put({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { colour: "green" } });
    await running();
    expect(await readFile(join(home, "pods/u1/volumes/app/colour"), "utf8")).toBe("green");
  });

  it("whose image does not exist is pulled again later and later", async () => {
    replica.put(pod({}, {}, { image: "nobody/nothing:1" }));
    await vi.waitFor(() => expect(container()?.state.waiting.reason).toBe("ImagePullBackOff"));
    const failed = report()
      ?.events.filter(({ reason }) => reason === "Failed")
      .map(({ message }) => message);
    expect(failed?.[0]).toMatch(/^Failed to pull image "nobody\/nothing:1"/);
    expect(failed).toContain("Error: ErrImagePull");
  });

  it("hears of fields that have no effect here", async () => {
    replica.put(pod({ hostNetwork: true }, {}, { livenessProbe: { tcpSocket: { port: 1 } } }));
    await running();
    const told = report()?.events.find(({ reason }) => reason === "UnsupportedField");
    expect(told?.message).toContain("spec.hostNetwork, spec.containers{main}.livenessProbe");
  });

  it("goes on after a restart of the node, counted", async () => {
    replica.put(pod());
    await running();
    await pods.stop();
    runtime.crash();
    await runtime.start();
    pods = make();
    await pods.start();
    await vi.waitFor(() =>
      expect(container()).toMatchObject({ restartCount: 1, state: { running: expect.anything() } }),
    );
  });
});
