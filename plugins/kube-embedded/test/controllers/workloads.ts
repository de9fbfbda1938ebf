import type { ApiObject } from "../../src/registry/api-object.ts";
import { startTestCluster, type TestCluster, type TestClusterOptions } from "../test-cluster.ts";

export const apps = "/apis/apps/v1/namespaces/default";
export const core = "/api/v1/namespaces/default";

export const template = (image = "scratch", labels: Readonly<Record<string, string>> = { app: "web" }) => ({
  metadata: { labels },
  spec: { containers: [{ name: "main", image }] },
});

export const replicaSet = (name: string, spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name },
  spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template: template(), ...spec },
});

export const deployment = (name: string, spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template: template(), ...spec },
});

// biome-ignore lint/suspicious/noExplicitAny: tests look at objects as they come.
export type Seen = any;

/** A cluster whose nodes are played by the test: Pods become what it says. */
export async function startWorkloads(options: TestClusterOptions = {}) {
  const cluster = await startTestCluster({ controllers: true, ...options });
  return { ...cluster, ...actions(cluster) };
}

export type Workloads = Awaited<ReturnType<typeof startWorkloads>>;

function actions(cluster: TestCluster) {
  const { request, store, clock } = cluster;

  /** Lets the controllers do all that can be done at this moment. */
  const quiet = async (): Promise<void> => {
    for (let still = 0, seen = -1; still < 3; still = store.version === seen ? still + 1 : 0) {
      seen = store.version;
      await clock.advance(0);
    }
  };

  const send = async (method: string, path: string, body?: unknown, type?: string): Promise<Seen> => {
    const answer = await request(method, path, { ...(body === undefined ? {} : { body }), ...(type ? { type } : {}) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    await quiet();
    return answer.body;
  };
  const patch = (path: string, body: unknown) => send("PATCH", path, body, "application/merge-patch+json");
  const list = async (path: string): Promise<Seen[]> => (await request("GET", path)).body.items;

  const pods = () => list(`${core}/pods`);
  /** Changes a Pod's status as its node would; not waiting for what follows. */
  const setPod = async (name: string, status: object): Promise<void> => {
    await request("PATCH", `${core}/pods/${name}/status`, { body: { status }, type: "application/merge-patch+json" });
  };
  const ready = (name: string, isReady = true) =>
    setPod(name, {
      phase: "Running",
      conditions: [{ type: "Ready", status: isReady ? "True" : "False", lastTransitionTime: now() }],
    });
  const allReady = async (): Promise<void> => {
    for (const { metadata } of (await pods()).filter(isActive)) await ready(metadata.name);
    await quiet();
  };
  /** All Pods become ready, again and again, until nothing changes any more. */
  const rolledOut = async (): Promise<void> => {
    for (let before = -1; before !== store.version; ) {
      before = store.version;
      for (const pod of await pods()) if (isActive(pod) && !isReady(pod)) await ready(pod.metadata.name);
      await quiet();
    }
  };
  const now = () => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;

  const events = async (kind: string, name: string): Promise<string[]> =>
    (await list(`${core}/events`))
      .filter((event) => event.involvedObject.kind === kind && event.involvedObject.name === name)
      .map((event) => `${event.type} ${event.reason} ${event.message}`);

  return { quiet, send, patch, list, pods, setPod, ready, allReady, rolledOut, events };
}

export function isActive({ metadata, status }: Seen): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase !== "Failed" && status?.phase !== "Succeeded";
}

export function isReady(pod: Seen): boolean {
  return (pod.status?.conditions ?? []).some((it: Seen) => it.type === "Ready" && it.status === "True");
}

/** An object for pure functions. */
export function object(kind: string, metadata: object, rest: object = {}): ApiObject {
  return { apiVersion: "v1", kind, metadata: { name: "x", ...metadata }, ...rest } as ApiObject;
}
