import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Kube } from "./clients.ts";
import { assemble } from "./programs.ts";
import { eventually, Installation, skerry } from "./skerry.ts";
import { HelloWasm, type SeenPod } from "./workload.ts";

let installation: Installation;
let kube: Kube;
let hello: HelloWasm;

beforeAll(async () => {
  installation = await Installation.create();
  kube = await Kube.from((await installation.start()).kubeconfig);
  hello = new HelloWasm(kube, installation.home);
});

afterAll(() => installation.remove());

const only = async (): Promise<SeenPod> => {
  const [pod] = await hello.pods();
  if (pod === undefined) throw new Error("there is no Pod");
  return pod;
};

describe("docs/examples/hello-wasm", () => {
  it("is applied and runs on edge-1", async () => {
    const { code, out, err } = await skerry(["apply", "-f", HelloWasm.manifest, "--home", installation.home]);
    expect(`${out}${err}`).toMatch(/deployment\S* ?\S*hello-wasm created/i);
    expect(code).toBe(0);
    const [pod] = await hello.running(1);
    expect(pod?.spec.nodeName).toBe("edge-1");
    expect(pod?.status.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
  });

  it("prints into a log in the format of the Container Runtime Interface, with its environment", async () => {
    const pod = await only();
    await hello.goesOn(pod);
    expect((await hello.log(pod))[0]).toBe(`hello from ${pod.metadata.name} on edge-1, 1`);
  });

  it("has the events that a user of Kubernetes knows", async () => {
    const pod = await only();
    const reasons = await eventually("the events", async () => {
      const seen = (await hello.events(pod.metadata.name)).map(({ reason }) => reason);
      return seen.includes("Started") ? seen : undefined;
    });
    expect(reasons).toEqual(expect.arrayContaining(["Scheduled", "Created", "Started"]));
    expect((await hello.events("hello-wasm")).map(({ reason }) => reason)).toContain("ScalingReplicaSet");
  });

  it("is in skerry status", async () => {
    const { out } = await skerry(["status", "edge", "--home", installation.home]);
    expect(out).toMatch(/workloads\s+\S*hello-wasm-\S+.*Running/);
    const json = JSON.parse((await skerry(["status", "edge", "--home", installation.home, "-o", "json"])).out);
    expect(JSON.stringify(json.edge.workloads)).toContain("hello-wasm");
  });

  it("scales up and down", async () => {
    await hello.scale(3);
    const names = (await hello.running(3)).map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(3);
    await hello.scale(1);
    expect(names).toContain((await hello.running(1))[0]?.metadata.name);
  });

  it("rolls its Pods when the environment changes", async () => {
    const before = await only();
    await hello.change({ env: [{ name: "GREETING", value: "good day" }] });
    const [after] = await hello.running(1);
    expect(after?.metadata.name).not.toBe(before.metadata.name);
    const first = await eventually("its first line", async () => after && (await hello.log(after))[0]);
    expect(first).toMatch(/^good day from/);
  });

  it("is restarted after a crash, counted, with CrashLoopBackOff in between", async () => {
    await hello.change({ args: ["--every", "1", "--exit-after", "1", "--code", "3"] });
    const crashed = await eventually("CrashLoopBackOff after a second crash", async () => {
      const pods = await hello.pods();
      return pods.find(({ status }) => {
        const container = status.containerStatuses?.[0];
        return container?.state.waiting?.reason === "CrashLoopBackOff" && container.restartCount >= 1;
      });
    });
    const container = crashed.status.containerStatuses?.[0];
    expect(container?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: "Error" });
    expect(await hello.log(crashed, container?.restartCount)).toContain("that was all");
    const backOff = await eventually("the event", async () =>
      (await hello.events(crashed.metadata.name)).find(({ reason }) => reason === "BackOff"),
    );
    expect(backOff).toMatchObject({ type: "Warning", message: expect.stringContaining("restarting failed container") });
  });

  it("goes with its Deployment: ReplicaSets, Pods, and what they had on the node", async () => {
    expect((await hello.delete()).status).toBe(200);
    await eventually("no Pods", async () => ((await hello.pods()).length === 0 ? true : undefined));
    const { items } = (await kube.get("/apis/apps/v1/namespaces/default/replicasets")).body;
    expect(items).toEqual([]);
    const { out } = await skerry(["status", "edge", "--home", installation.home, "-o", "json"]);
    expect(JSON.stringify(JSON.parse(out).edge.workloads)).not.toContain("hello-wasm");
  });
});

describe("docs/guides/first-workload.md", () => {
  it("runs the module it shows, with the Pod it shows", async () => {
    const guide = await readFile("docs/guides/first-workload.md", "utf8");
    const block = (language: string) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(guide)?.[1] ?? "";
    const binaryData = { "greet.wasm": assemble(block("wat")) };
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "greet" }, binaryData };
    expect((await kube.post("/api/v1/namespaces/default/configmaps", map)).status).toBe(201);
    const file = join(installation.home, "greet.yaml");
    await writeFile(file, block("yaml"));
    expect((await skerry(["apply", "-f", file, "--home", installation.home])).code).toBe(0);
    const path = "/api/v1/namespaces/default/pods/greet";
    const pod = await eventually("greet Completed", async () => {
      const { body } = await kube.get(path);
      return body.status?.phase === "Succeeded" ? (body as SeenPod) : undefined;
    });
    expect(pod.status.containerStatuses?.[0]?.state.terminated).toMatchObject({ reason: "Completed", exitCode: 0 });
    expect(await hello.log(pod)).toEqual(["hello from the edge"]);
    await kube.delete(path);
  });
});
