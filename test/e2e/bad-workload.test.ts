import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Kube } from "./clients.ts";
import { programs } from "./programs.ts";
import { eventually, Installation, skerry } from "./skerry.ts";
import { HelloWasm, type SeenContainer, type SeenPod } from "./workload.ts";

const podsPath = "/api/v1/namespaces/default/pods";
const mapsPath = "/api/v1/namespaces/default/configmaps";
let installation: Installation;
let kube: Kube;
let hello: HelloWasm;
let neighbour: SeenPod;

beforeAll(async () => {
  installation = await Installation.create();
  kube = await Kube.from((await installation.start()).kubeconfig);
  hello = new HelloWasm(kube, installation.home);
  await skerry(["apply", "-f", HelloWasm.manifest, "--home", installation.home]);
  [neighbour] = (await hello.running(1)) as [SeenPod];
});

afterAll(() => installation.remove());

afterEach(async () => {
  await hello.goesOn(neighbour);
});

async function post(path: string, object: object): Promise<void> {
  const { status, body } = await kube.post(path, object);
  if (status !== 201) throw new Error(JSON.stringify(body));
}

/** Runs a program of a ConfigMap of the same name in a Pod. */
async function runPod(name: string, module: string, spec: object = {}, container: object = {}): Promise<void> {
  await post(mapsPath, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    binaryData: { "program.wasm": module },
  });
  await createPod(name, spec, container);
}

function createPod(name: string, spec: object = {}, container: object = {}): Promise<void> {
  const main = {
    name: "main",
    image: "scratch",
    command: ["/app/program.wasm"],
    resources: { limits: { memory: "4Mi" } },
    volumeMounts: [{ name: "app", mountPath: "/app" }],
    ...container,
  };
  return post(podsPath, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      runtimeClassName: "wasm",
      terminationGracePeriodSeconds: 1,
      containers: [main],
      volumes: [{ name: "app", configMap: { name } }],
      ...spec,
    },
  });
}

const pod = async (name: string): Promise<SeenPod> => (await kube.get(`${podsPath}/${name}`)).body;

function container(name: string, what: string, fits: (container: SeenContainer) => boolean): Promise<SeenContainer> {
  return eventually(`${name}: ${what}`, async () => {
    const first = (await pod(name)).status.containerStatuses?.[0];
    return first !== undefined && fits(first) ? first : undefined;
  });
}

const event = (name: string, reason: string) =>
  eventually(`${name}: event ${reason}`, async () =>
    (await hello.events(name)).find((candidate) => candidate.reason === reason),
  );

async function gone(name: string): Promise<void> {
  await kube.delete(`${podsPath}/${name}`);
  await eventually(`${name} gone`, async () =>
    (await kube.get(`${podsPath}/${name}`)).status === 404 ? true : undefined,
  );
}

describe("a module", () => {
  it.each([
    ["is-text", "is not WebAssembly", programs.text, /not .*WebAssembly/i],
    ["no-start", "has no _start", programs.noStart, /_start/],
    ["sockets", "asks for sockets", programs.sockets, /sock_accept/],
  ])("%s: that %s is not run, and container state and event say why", async (name, _, module, sentence) => {
    await runPod(name, module);
    const { state, ready } = await container(name, "waiting", (found) => found.state.waiting?.message !== undefined);
    expect(state.waiting?.reason).toBe("CreateContainerError");
    expect(state.waiting?.message).toMatch(sentence);
    expect(ready).toBe(false);
    expect(await event(name, "Failed")).toMatchObject({ type: "Warning", message: expect.stringMatching(sentence) });
    await gone(name);
  });

  it("that loops runs, disturbs nobody, and is killed after its grace", async () => {
    await runPod("loops", programs.loops);
    await container("loops", "running", ({ state }) => state.running !== undefined);
    await hello.goesOn(neighbour);
    await gone("loops");
  });

  it("that allocates without end is OOMKilled and restarted", async () => {
    await runPod("allocates", programs.allocates);
    const { lastState } = await container("allocates", "restarted", ({ restartCount }) => restartCount >= 1);
    expect(lastState?.terminated).toMatchObject({ reason: "OOMKilled", exitCode: 137 });
    await gone("allocates");
  });

  it("that traps ends with 134 and goes into CrashLoopBackOff", async () => {
    await runPod("traps", programs.traps);
    const isBackedOff = ({ state }: SeenContainer) => state.waiting?.reason === "CrashLoopBackOff";
    const { lastState } = await container("traps", "CrashLoopBackOff", isBackedOff);
    expect(lastState?.terminated).toMatchObject({ reason: "Error", exitCode: 134 });
    await gone("traps");
  });

  it("that exits at once is done where it is not to be restarted", async () => {
    await runPod("ends", programs.ends, { restartPolicy: "Never" });
    const done = await container("ends", "terminated", ({ state }) => state.terminated !== undefined);
    expect(done.state.terminated).toMatchObject({ reason: "Completed", exitCode: 0 });
    expect((await pod("ends")).status.phase).toBe("Succeeded");
    await gone("ends");
  });
});

describe("a ConfigMap", () => {
  it("that is missing keeps the Pod waiting, with FailedMount, until it is there", async () => {
    await createPod("missing");
    expect(await event("missing", "FailedMount")).toMatchObject({
      type: "Warning",
      message: expect.stringContaining('configmap "missing" not found'),
    });
    expect((await pod("missing")).status.containerStatuses?.[0]?.state.waiting?.reason).toBe("ContainerCreating");
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "missing" } };
    await post(mapsPath, { ...map, binaryData: { "program.wasm": programs.loops } });
    await container("missing", "running", ({ state }) => state.running !== undefined);
    await gone("missing");
  });

  it("that is missing for a variable is CreateContainerConfigError", async () => {
    const env = [{ name: "A", valueFrom: { configMapKeyRef: { name: "nowhere", key: "a" } } }];
    await runPod("no-variable", programs.loops, {}, { env });
    const isConfigError = ({ state }: SeenContainer) => state.waiting?.reason === "CreateContainerConfigError";
    const { state } = await container("no-variable", "CreateContainerConfigError", isConfigError);
    expect(state.waiting?.message).toContain('configmap "nowhere" not found');
    await gone("no-variable");
  });

  it("that is too big is refused by the API", async () => {
    const binaryData = { big: Buffer.alloc(1_100_000).toString("base64") };
    const { status, body } = await kube.post(mapsPath, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "too-big" },
      binaryData,
    });
    expect(status).toBe(422);
    expect(body.message).toMatch(/Too long|must have at most|too large/i);
  });
});

describe("a Pod", () => {
  it("whose image cannot be had is ErrImagePull, then ImagePullBackOff", async () => {
    await runPod("no-image", programs.ends, {}, { image: "127.0.0.1:1/nobody/nothing:1" });
    const isBackedOff = ({ state }: SeenContainer) => state.waiting?.reason === "ImagePullBackOff";
    const { state } = await container("no-image", "ImagePullBackOff", isBackedOff);
    expect(state.waiting?.message).toContain("127.0.0.1:1/nobody/nothing:1");
    await eventually("an event that says why", async () =>
      (await hello.events("no-image")).find(
        ({ reason, message }) => reason === "Failed" && message.startsWith("Failed to pull image"),
      ),
    );
    await gone("no-image");
  });

  it("for a node that does not exist stays Pending, and an event says why", async () => {
    await createPod("nowhere", { nodeName: "edge-404" });
    const about = await eventually("an event", async () => (await hello.events("nowhere"))[0]);
    expect(about).toMatchObject({ type: "Warning", message: expect.stringContaining("edge-404") });
    expect((await pod("nowhere")).status.phase).toBe("Pending");
    await kube.delete(`${podsPath}/nowhere?gracePeriodSeconds=0`);
  });

  it("that no node fits is Unschedulable", async () => {
    await createPod("unfit", { nodeSelector: { colour: "green" } });
    expect((await event("unfit", "FailedScheduling")).message).toBe(
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    );
    const { status } = await pod("unfit");
    const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
    expect(scheduled).toMatchObject({ status: "False", reason: "Unschedulable" });
    await gone("unfit");
  });

  it("of an unknown RuntimeClass is refused", async () => {
    await expect(createPod("no-class", { runtimeClassName: "firecracker" })).rejects.toThrow(/firecracker/);
  });
});
