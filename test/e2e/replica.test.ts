import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Kube } from "./clients.ts";
import { eventually, Installation, skerry } from "./skerry.ts";

const core = "/api/v1/namespaces/default";
let installation: Installation;
let kube: Kube;

beforeAll(async () => {
  installation = await Installation.create();
  kube = await Kube.from((await installation.start()).kubeconfig);
  for (const name of ["init", "env", "env-from", "volume", "projected", "both", "nobody"]) {
    await kube.post(`${core}/configmaps`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name },
      data: { a: "1" },
    });
    await kube.post(`${core}/secrets`, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name },
      stringData: { a: "1" },
    });
  }
});

afterAll(() => installation.remove());

/** ConfigMaps and Secrets that the node holds, as `kind/name`. */
async function held(): Promise<readonly string[]> {
  const { out } = await skerry(["replica", "--home", installation.home]);
  return out.split("\n").flatMap((line) => /^default\/((?:configmap|secret)\/.+)$/.exec(line)?.[1] ?? []);
}

const holds = (names: readonly string[]) =>
  eventually(`the node holding ${names.join(", ")}`, async () =>
    JSON.stringify(await held()) === JSON.stringify(names) ? true : undefined,
  );

const pod = (name: string, spec: object) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { nodeName: "edge-1", runtimeClassName: "wasm", terminationGracePeriodSeconds: 0, ...spec },
});

const reference = (name: string) => ({ name: "A", valueFrom: { configMapKeyRef: { name, key: "a" } } });

const first = pod("first", {
  initContainers: [{ name: "init", image: "scratch", env: [reference("init")] }],
  containers: [
    {
      name: "main",
      image: "scratch",
      env: [reference("env"), { name: "B", valueFrom: { secretKeyRef: { name: "env", key: "a" } } }],
      envFrom: [{ configMapRef: { name: "env-from" } }, { secretRef: { name: "env-from" } }],
    },
  ],
  volumes: [
    { name: "a", configMap: { name: "volume" } },
    { name: "b", secret: { secretName: "volume" } },
    { name: "c", projected: { sources: [{ configMap: { name: "projected" } }, { secret: { name: "projected" } }] } },
    { name: "d", configMap: { name: "both" } },
  ],
});

const second = pod("second", {
  containers: [{ name: "main", image: "scratch" }],
  volumes: [{ name: "d", configMap: { name: "both" } }],
});

describe("a node's replica", () => {
  it("has exactly the ConfigMaps and Secrets that its Pods name", async () => {
    expect(await held()).toEqual([]);
    for (const object of [first, second]) expect((await kube.post(`${core}/pods`, object)).status).toBe(201);
    await holds([
      ...["both", "env", "env-from", "init", "kube-root-ca.crt", "projected", "volume"].map(
        (name) => `configmap/${name}`,
      ),
      ...["env", "env-from", "projected", "volume"].map((name) => `secret/${name}`),
    ]);
  });

  it("forgets each with its last reference", async () => {
    await kube.delete(`${core}/pods/first`);
    await holds(["configmap/both", "configmap/kube-root-ca.crt"]);
    await kube.delete(`${core}/pods/second`);
    await holds([]);
  });

  it("shows names and no contents", async () => {
    const { out, code } = await skerry(["replica", "-o", "json", "--home", installation.home]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toContainEqual({
      group: "devices.skerry.dev",
      kind: "Device",
      namespace: "default",
      name: "meter-1",
    });
    expect((await skerry(["replica", "--all", "--home", installation.home])).code).toBe(2);
  });
});
