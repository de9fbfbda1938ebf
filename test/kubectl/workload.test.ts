import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, Installation, run } from "../e2e/skerry.ts";

// docs/examples/hello-wasm with the real kubectl, as README shows it.
const example = "docs/examples/hello-wasm";
let installation: Installation;
let kubeconfig: string;

beforeAll(async () => {
  installation = await Installation.create();
  kubeconfig = (await installation.start()).kubeconfig;
});

afterAll(() => installation.remove());

async function kubectl(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await run("kubectl", ["--kubeconfig", kubeconfig, ...args]);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${err}`);
  return out;
}

const rollout = () => kubectl("rollout", "status", "deployment/hello-wasm", "--timeout=60s");

describe("kubectl, on a workload", () => {
  it("applies the folder and waits for the rollout", async () => {
    expect(await kubectl("apply", "-f", example)).toMatch(
      /configmap\/hello-wasm-\w+ created\ndeployment.apps\/hello-wasm created/,
    );
    expect(await rollout()).toContain('deployment "hello-wasm" successfully rolled out');
    expect(await kubectl("apply", "-f", example)).toMatch(/unchanged\ndeployment.apps\/hello-wasm unchanged/);
  });

  it("gets Pods, wide", async () => {
    const text = await kubectl("get", "pods", "-o", "wide");
    expect(text).toMatch(/^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE\s+NOMINATED NODE\s+READINESS GATES/);
    expect(text).toMatch(/^hello-wasm-\w+-\w+\s+1\/1\s+Running\s+0\s+\S+\s+\S+\s+edge-1\s+<none>\s+<none>/m);
  });

  it("gets all of it", async () => {
    const text = await kubectl("get", "all");
    expect(text).toMatch(/^pod\/hello-wasm-/m);
    expect(text).toMatch(/^deployment.apps\/hello-wasm\s+1\/1\s+1\s+1/m);
    expect(text).toMatch(/^replicaset.apps\/hello-wasm-\w+\s+1\s+1\s+1/m);
  });

  it("describes a Pod with its conditions and events", async () => {
    const text = await kubectl("describe", "pods", "-l", "app=hello-wasm");
    expect(text).toMatch(/Node:\s+edge-1/);
    expect(text).toMatch(/Runtime Class Name:\s+wasm/);
    expect(text).toMatch(/State:\s+Running/);
    expect(text).toMatch(/Ready\s+True/);
    expect(text).toMatch(/Normal\s+Scheduled\s+.*Successfully assigned default\/hello-wasm-\S+ to edge-1/);
    expect(text).toMatch(/Normal\s+Started/);
  });

  it("waits for a condition and scales", async () => {
    await kubectl("scale", "deployment/hello-wasm", "--replicas=3");
    await rollout();
    const waited = await kubectl("wait", "--for=condition=Ready", "pods", "-l", "app=hello-wasm");
    expect(waited.match(/condition met/g)).toHaveLength(3);
    await kubectl("scale", "deployment/hello-wasm", "--replicas=1");
    await rollout();
  });

  it("rolls when the environment is changed, and back with rollout undo", async () => {
    await kubectl("set", "env", "deployment/hello-wasm", "GREETING=moin");
    await rollout();
    const greeting = () =>
      kubectl("get", "pods", "-o", 'jsonpath={.items[*].spec.containers[0].env[?(@.name=="GREETING")].value}');
    await eventually("one Pod with the new value", async () => ((await greeting()) === "moin" ? true : undefined));
    expect(await kubectl("rollout", "history", "deployment/hello-wasm")).toMatch(/^1\s.*\n2\s/m);
    await kubectl("rollout", "undo", "deployment/hello-wasm");
    await rollout();
    await eventually("one Pod with the old value", async () => ((await greeting()) === "hello" ? true : undefined));
  });

  it("restarts a rollout, pauses and resumes it", async () => {
    await kubectl("rollout", "restart", "deployment/hello-wasm");
    await rollout();
    await kubectl("rollout", "pause", "deployment/hello-wasm");
    await kubectl("rollout", "resume", "deployment/hello-wasm");
    await rollout();
  });

  it("deletes a Pod, which comes again, and cordons its node", async () => {
    const name = (await kubectl("get", "pods", "-o", "name")).trim();
    await kubectl("delete", name);
    await rollout();
    expect((await kubectl("get", "pods", "-o", "name")).trim()).not.toBe(name);
    await kubectl("cordon", "edge-1");
    expect(await kubectl("get", "nodes")).toMatch(/edge-1\s+Ready,SchedulingDisabled/);
    await kubectl("uncordon", "edge-1");
  });

  it("shows the RuntimeClass", async () => {
    expect(await kubectl("get", "runtimeclasses")).toMatch(/^wasm\s+wasm/m);
  });

  it("deletes everything that it applied", async () => {
    expect(await kubectl("delete", "-f", example)).toMatch(/deployment.apps "hello-wasm" deleted/);
    await eventually("nothing left", async () =>
      (await kubectl("get", "pods,replicasets", "-o", "name")) === "" ? true : undefined,
    );
  });
});
