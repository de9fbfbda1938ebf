import { FakeRegistry } from "@skerry/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Kube } from "../e2e/clients.ts";
import { eventually, Installation } from "../e2e/skerry.ts";
import { publishBusybox } from "./busybox-image.ts";
import { Containerd } from "./containerd.ts";

const pods = "/api/v1/namespaces/default/pods";

let registry: FakeRegistry;
let containerd: Containerd;
let installation: Installation;
let kube: Kube;
let image: string;

beforeAll(async () => {
  registry = await FakeRegistry.start();
  image = await publishBusybox(registry);
  containerd = await Containerd.start(image);
  installation = await Installation.create();
  const { kubeconfig } = await installation.start({
    SKERRY_RUNTIME_CRI__SOCKET: containerd.socket,
    SKERRY_RUNTIME_CRI__CGROUP_PARENT: containerd.cgroupParent,
  });
  kube = await Kube.from(kubeconfig);
});

afterAll(async () => {
  await installation?.remove();
  await containerd?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
});

async function create(name: string, script: string, over: object): Promise<void> {
  const container = { name: "main", image, command: ["/bin/sh", "-c", `trap "exit 0" TERM; ${script}`], ...over };
  const spec = { terminationGracePeriodSeconds: 2, containers: [container] };
  const { status, body } = await kube.post(pods, { apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
  if (status !== 201) throw new Error(JSON.stringify(body));
}

interface Main {
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly containerID?: string;
}

const main = (name: string, what: string, is: (status: Main) => boolean) =>
  eventually(what, async () => {
    const found = (await kube.get(`${pods}/${name}`)).body.status?.containerStatuses?.[0];
    return found !== undefined && is(found) ? found : undefined;
  });

const events = async (name: string): Promise<readonly string[]> => {
  const { body } = await kube.get(`/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3D${name}`);
  return body.items.map(({ reason, message }: { reason: string; message: string }) => `${reason}: ${message}`);
};

const wait = "while :; do sleep 1 & wait $!; done";
const often = { periodSeconds: 1, failureThreshold: 1 };

describe("in a real container", () => {
  it("exec: a file that goes makes the Pod unready, and then has the container restarted", async () => {
    const exec = (file: string) => ({ exec: { command: ["cat", file] }, ...often });
    await create("files", `touch /live; (sleep 2; touch /ready; sleep 4; rm /ready; sleep 2; rm /live) & ${wait}`, {
      livenessProbe: { ...exec("/live"), initialDelaySeconds: 1 },
      readinessProbe: exec("/ready"),
    });
    await main("files", "an unready start", ({ ready, started }) => started && !ready);
    const { containerID } = await main("files", "a ready container", ({ ready }) => ready);
    await main("files", "an unready container", ({ ready, restartCount }) => !ready && restartCount === 0);
    const after = await main("files", "a restart", ({ restartCount }) => restartCount === 1);
    expect(after.containerID).not.toBe(containerID);
    expect(await events("files")).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Unhealthy: Readiness probe failed: cat: can't open '\/ready'/),
        expect.stringMatching(/^Unhealthy: Liveness probe failed: cat: can't open '\/live'/),
        "Killing: Container main failed liveness probe, will be restarted",
      ]),
    );
    await kube.delete(`${pods}/files`);
  });

  it("httpGet and tcpSocket: over the Pod's own network, by the name of a port", async () => {
    const script = "(sleep 3; touch /tmp/ready) & exec httpd -f -p 8080 -h /tmp";
    await create("web", script, {
      ports: [{ name: "http", containerPort: 8080 }],
      startupProbe: { tcpSocket: { port: "http" }, periodSeconds: 1, failureThreshold: 30 },
      readinessProbe: { httpGet: { port: "http", path: "/ready" }, periodSeconds: 1 },
    });
    await main("web", "a started container", ({ started, ready }) => started && !ready);
    await main("web", "a ready container", ({ ready, restartCount }) => ready && restartCount === 0);
    expect(await events("web")).toContain("Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404");
    await kube.delete(`${pods}/web`);
  });

  it("a node's kernel that is killed goes on, and restarts nothing that is well", async () => {
    await create("steady", `touch /live; (sleep 8; rm /live) & ${wait}`, {
      startupProbe: { exec: { command: ["cat", "/live"] }, periodSeconds: 1 },
      livenessProbe: { exec: { command: ["cat", "/live"] }, ...often },
    });
    const before = await main("steady", "a ready container", ({ ready }) => ready);
    const { pids } = await installation.endpoints();
    process.kill(pids.edge, "SIGKILL");
    await eventually("another edge process", async () =>
      (await installation.endpoints()).pids.edge === pids.edge ? undefined : true,
    );
    await eventually("its link", async () => {
      const { body } = await kube.get("/api/v1/nodes/edge-1");
      const link = body.status.conditions.find(({ type }: { type: string }) => type === "EdgeLink");
      return link?.status === "True" ? true : undefined;
    });
    expect(await main("steady", "the same container", ({ ready }) => ready)).toEqual(before);
    await main("steady", "a restart by the probes of the new process", ({ restartCount }) => restartCount === 1);
    await kube.delete(`${pods}/steady`);
  });
});
