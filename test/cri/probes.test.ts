import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../e2e/skerry.ts";
import { ContainerNode, forever } from "./container-node.ts";

let node: ContainerNode;

beforeAll(async () => {
  node = await ContainerNode.start();
});

afterAll(() => node?.[Symbol.asyncDispose]());

interface Main {
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly containerID?: string;
}

const main = (name: string, what: string, is: (status: Main) => boolean) => node.main<Main>(name, what, is);

const often = { periodSeconds: 1, failureThreshold: 1 };

describe("in a real container", () => {
  it("exec: a file that goes makes the Pod unready, and then has the container restarted", async () => {
    const exec = (file: string) => ({ exec: { command: ["cat", file] }, ...often });
    await node.create(
      "files",
      `touch /live; (sleep 2; touch /ready; sleep 4; rm /ready; sleep 2; rm /live) & ${forever}`,
      {
        livenessProbe: { ...exec("/live"), initialDelaySeconds: 1 },
        readinessProbe: exec("/ready"),
      },
    );
    await main("files", "an unready start", ({ ready, started }) => started && !ready);
    const { containerID } = await main("files", "a ready container", ({ ready }) => ready);
    await main("files", "an unready container", ({ ready, restartCount }) => !ready && restartCount === 0);
    const after = await main("files", "a restart", ({ restartCount }) => restartCount === 1);
    expect(after.containerID).not.toBe(containerID);
    expect(await node.events("files")).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Unhealthy: Readiness probe failed: cat: can't open '\/ready'/),
        expect.stringMatching(/^Unhealthy: Liveness probe failed: cat: can't open '\/live'/),
        "Killing: Container main failed liveness probe, will be restarted",
      ]),
    );
    await node.delete("files");
  });

  it("httpGet and tcpSocket: over the Pod's own network, by the name of a port", async () => {
    const script = "(sleep 3; touch /tmp/ready) & exec httpd -f -p 8080 -h /tmp";
    await node.create("web", script, {
      ports: [{ name: "http", containerPort: 8080 }],
      startupProbe: { tcpSocket: { port: "http" }, periodSeconds: 1, failureThreshold: 30 },
      readinessProbe: { httpGet: { port: "http", path: "/ready" }, periodSeconds: 1 },
    });
    await main("web", "a started container", ({ started, ready }) => started && !ready);
    await main("web", "a ready container", ({ ready, restartCount }) => ready && restartCount === 0);
    expect(await node.events("web")).toContain(
      "Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404",
    );
    await node.delete("web");
  });

  it("a node's kernel that is killed goes on, and restarts nothing that is well", async () => {
    await node.create("steady", `touch /live; (sleep 8; rm /live) & ${forever}`, {
      startupProbe: { exec: { command: ["cat", "/live"] }, periodSeconds: 1 },
      livenessProbe: { exec: { command: ["cat", "/live"] }, ...often },
    });
    const before = await main("steady", "a ready container", ({ ready }) => ready);
    const { pids } = await node.installation.endpoints();
    process.kill(pids.edge, "SIGKILL");
    await eventually("another edge process", async () =>
      (await node.installation.endpoints()).pids.edge === pids.edge ? undefined : true,
    );
    await eventually("its link", async () => {
      const { body } = await node.kube.get("/api/v1/nodes/edge-1");
      const link = body.status.conditions.find(({ type }: { type: string }) => type === "EdgeLink");
      return link?.status === "True" ? true : undefined;
    });
    expect(await main("steady", "the same container", ({ ready }) => ready)).toEqual(before);
    await main("steady", "a restart by the probes of the new process", ({ restartCount }) => restartCount === 1);
    await node.delete("steady");
  });
});
