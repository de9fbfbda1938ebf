import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject, NodeInfo, PodToken, PodTokenRequest, PodTokens, WorkloadRuntime } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import {
  FakeClock,
  FakeLinkState,
  FakeReplica,
  FakeSealer,
  FakeUplink,
  FakeWorkloadRuntime,
  RecordingLogger,
  SeededRandom,
} from "@skerry/testing";
import { onTestFinished } from "vitest";
import { EdgePods } from "../../src/edge/edge-pods.ts";
import type { ProbeNetwork } from "../../src/edge/probes/probe-network.ts";
import { TokenKeeper } from "../../src/edge/tokens/token-keeper.ts";
import { TokenStore } from "../../src/edge/tokens/token-store.ts";
import { errors } from "../../src/errors.ts";
import type { PodReport } from "../../src/shared/pod-report.ts";

/** A cloud that gives `token-<n>`, from 1. */
export class FakePodTokens implements PodTokens {
  readonly requests: PodTokenRequest[] = [];
  /** Why it gives none; `away`: there is no way to it. */
  refusal: string | undefined;
  readonly #watchers = new Set<() => void>();

  isOpen(): boolean {
    return this.refusal !== "away";
  }

  async request(request: PodTokenRequest): Promise<PodToken> {
    if (this.refusal === "away") throw errors.create("SKERRY_PODS_TOKENS_AWAY", { problem: "there is no link" });
    this.requests.push(request);
    if (this.refusal !== undefined) throw errors.create("SKERRY_PODS_TOKEN_REFUSED", { problem: this.refusal });
    return { token: `token-${this.requests.length}`, lifetimeSeconds: request.expirationSeconds };
  }

  watch(opened: () => void): Disposable {
    this.#watchers.add(opened);
    return { [Symbol.dispose]: () => void this.#watchers.delete(opened) };
  }

  open(): void {
    this.refusal = undefined;
    for (const opened of this.#watchers) opened();
  }
}

export const runtimeClass: KubeObject = {
  apiVersion: "node.k8s.io/v1",
  kind: "RuntimeClass",
  metadata: { name: "wasm" },
  handler: "wasm",
};

type Json = Readonly<Record<string, unknown>>;

/** A Pod of this node with one container `main`, unless the specification says otherwise. */
export function podObject(spec: Json = {}, metadata: Json = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default", uid: "uid-1", ...metadata },
    spec: { nodeName: "edge-1", runtimeClassName: "wasm", containers: [container()], ...spec },
  };
}

export function container(over: Json = {}): Json {
  return { name: "main", image: "scratch", command: ["/app/main.wasm"], imagePullPolicy: "Always", ...over };
}

export function configMap(name: string, data: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

export function secret(name: string, data: Readonly<Record<string, string>>): KubeObject {
  const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "default" },
    data: Object.fromEntries(encoded),
  };
}

export interface SeenStatus {
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  readonly startTime: string;
  readonly podIP?: string;
  readonly conditions: readonly {
    type: string;
    status: string;
    reason?: string;
    message?: string;
    lastTransitionTime: string;
  }[];
  readonly initContainerStatuses?: readonly SeenContainer[];
  readonly containerStatuses: readonly SeenContainer[];
}

export interface SeenContainer {
  readonly name: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly containerID?: string;
  readonly imageID: string;
  readonly state: {
    readonly waiting?: { reason: string; message?: string };
    readonly running?: { startedAt: string };
    readonly terminated?: { reason: string; exitCode: number; message?: string };
  };
  readonly lastState: { readonly terminated?: { reason: string; exitCode: number; message?: string } };
}

/** An edge node with Pods: the real reconciler on a real folder, with fakes around it. */
export class EdgeWorld {
  readonly clock = new FakeClock();
  readonly replica = new FakeReplica();
  readonly uplink = new FakeUplink();
  readonly link = new FakeLinkState();
  readonly logger = new RecordingLogger();
  readonly disk = new MemoryDisk();
  readonly runtime: FakeWorkloadRuntime;
  /** What probes find; a test puts its own answers in place of these. */
  readonly network: { -readonly [verb in keyof ProbeNetwork]: ProbeNetwork[verb] } = {
    connect: async () => undefined,
    get: async () => ({ status: 200, body: "" }),
    health: async () => "SERVING",
  };
  readonly sealer = new FakeSealer();
  readonly tokens = new FakePodTokens();
  readonly home: string;
  pods!: EdgePods;
  #storage = new MemoryStorage(this.disk);

  private constructor(home: string, isConfined: boolean) {
    this.home = home;
    this.runtime = new FakeWorkloadRuntime({ clock: this.clock, isConfined, ips: isConfined ? [] : ["10.1.0.7"] });
  }

  /** As `start`, with a runtime of containers that have a network. */
  static withContainers(...objects: readonly KubeObject[]): Promise<EdgeWorld> {
    return EdgeWorld.#start(objects, false);
  }

  /** @param objects what the replica has at the start; the RuntimeClass `wasm` is there as well */
  static start(...objects: readonly KubeObject[]): Promise<EdgeWorld> {
    return EdgeWorld.#start(objects, true);
  }

  static async #start(objects: readonly KubeObject[], isConfined: boolean): Promise<EdgeWorld> {
    const world = new EdgeWorld(await mkdtemp(join(tmpdir(), "skerry-pods-")), isConfined);
    world.replica.put(runtimeClass);
    for (const object of objects) world.replica.put(object);
    onTestFinished(async () => {
      await world.pods.stop();
      await rm(world.home, { recursive: true, force: true });
    });
    await world.boot();
    return world;
  }

  async boot(runtimes: readonly WorkloadRuntime[] = [this.runtime]): Promise<void> {
    const node: NodeInfo = { name: "edge-1", profile: "edge", home: this.home, programs: "/nowhere", version: "0" };
    const contributions = { all: () => runtimes.map((value) => ({ plugin: "runtime-fake", value })) };
    const { replica, uplink, clock, logger, link, network } = this;
    const [storage, random] = [this.#storage, new SeededRandom()];
    const tokens = new TokenKeeper(new TokenStore(storage, this.sealer, logger), clock, logger, this.tokens);
    const parts = [
      replica,
      uplink,
      storage,
      clock,
      logger,
      node,
      contributions,
      random,
      network,
      tokens,
      link,
    ] as const;
    this.pods = new EdgePods(...parts);
    await this.pods.start();
    await this.settle();
  }

  /** The node ends and comes back; `killed` is a power cut. */
  async restart(how: "stopped" | "killed" = "stopped"): Promise<void> {
    if (how === "killed") this.runtime.crash();
    await this.pods.stop();
    if (how === "stopped") await this.runtime.stop();
    this.#storage = new MemoryStorage(this.disk);
    await this.runtime.start();
    await this.boot();
  }

  async put(...objects: readonly KubeObject[]): Promise<void> {
    for (const object of objects) this.replica.put(object);
    await this.settle();
  }

  async remove(object: KubeObject): Promise<void> {
    const { name, namespace } = object.metadata;
    const [version = "", group = ""] = object.apiVersion.split("/").reverse();
    this.replica.remove({
      group: version === object.apiVersion ? "" : group,
      kind: object.kind,
      name,
      ...(namespace && { namespace }),
    });
    await this.settle();
  }

  /** The user deletes the Pod. */
  async delete(pod: KubeObject, graceSeconds = 30): Promise<void> {
    const deletionTimestamp = new Date(this.clock.now() + graceSeconds * 1000).toISOString();
    const metadata = { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: graceSeconds };
    await this.put({ ...pod, metadata });
  }

  /** Ends the newest attempt of a container. */
  async exit(name: string, code: number): Promise<void> {
    this.runtime.exit(this.runtime.named(name)?.id ?? "", code);
    await this.settle();
  }

  /** Ends what runs of one Pod. */
  async crash(uid: string, code: number): Promise<void> {
    const own = (await this.runtime.sandboxes()).filter(({ config }) => config.pod.uid === uid).map(({ id }) => id);
    for (const { id, sandbox } of await this.runtime.containers())
      if (own.includes(sandbox)) this.runtime.exit(id, code);
    await this.settle();
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.settle();
  }

  /** Until nothing happens any more without time passing: looks, and the disk operations in them, have ended. */
  async settle(): Promise<void> {
    await this.pods.idle();
    // Runtimes tell of changes a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    await this.pods.idle();
  }

  report(pod = "default/web/uid-1"): PodReport | undefined {
    return this.uplink.latest("pod", pod) as unknown as PodReport | undefined;
  }

  status(pod?: string): SeenStatus {
    return this.report(pod)?.status as unknown as SeenStatus;
  }

  main(pod?: string): SeenContainer | undefined {
    return this.status(pod)?.containerStatuses?.[0];
  }

  condition(type: string): string | undefined {
    return this.status().conditions.find((condition) => condition.type === type)?.status;
  }

  /** Reason, message and count of each event. */
  events(pod?: string): readonly string[] {
    return (this.report(pod)?.events ?? []).map(({ reason, message, count }) => `${count} ${reason}: ${message}`);
  }

  async exists(path: string): Promise<boolean> {
    return access(join(this.home, path)).then(
      () => true,
      () => false,
    );
  }
}
