import { rm } from "node:fs/promises";
import {
  Clock,
  type JsonObject,
  LinkState,
  Logger,
  NodeInfo,
  type ObjectRef,
  Random,
  Replica,
  type RuntimeChange,
  Storage,
  type Timer,
  Uplink,
  type WorkloadRuntime,
  workloadRuntimePoint,
} from "@skerry/contracts";
import { type Contributions, defineToken, inject, optional, type Startable, type Stoppable } from "@skerry/plugin";
import { ImagePulls } from "./containers/image-pulls.ts";
import { hostFacts } from "./host-facts.ts";
import type { Pod, PodIdentity } from "./pod/pod.ts";
import { readPod } from "./pod/read-pod.ts";
import type { PodRecord } from "./pod-record.ts";
import { PodRecords } from "./pod-records.ts";
import { ProbeNetwork } from "./probes/probe-network.ts";
import { type NodeContext, retryMs } from "./run/pod-context.ts";
import { PodWorker } from "./run/pod-worker.ts";
import { type TokenKeeper, TokenKeeperToken } from "./tokens/token-keeper.ts";
import { foldersOfPods } from "./volumes/pod-folders.ts";
import { VolumeWriter } from "./volumes/volume-writer.ts";

/** For the plugin's own classes. */
export const EdgePodsToken = defineToken<EdgePods>("pods.edge-pods/1");

const podKind = { group: "", kind: "Pod" };
const kinds = [
  podKind,
  { group: "", kind: "ConfigMap" },
  { group: "", kind: "Secret" },
  { group: "node.k8s.io", kind: "RuntimeClass" },
];

export interface KnownPod {
  readonly identity: PodIdentity;
  /** `v1.PodStatus`. */
  readonly status: JsonObject;
}

/**
 * Keeps the Pods of this node in step with the replica: each has a worker of its own, which looks at what there is and
 * does what is to be done. All state is in the replica, in the runtimes' records and in the store; nothing asks the cloud.
 */
export class EdgePods implements Startable, Stoppable {
  readonly #workers = new Map<string, PodWorker>();
  readonly #subscriptions: Disposable[] = [];
  /** Whose each sandbox is, by the runtime that has it. */
  readonly #owners = new Map<WorkloadRuntime, Map<string, string>>();
  readonly #context: NodeContext;
  #records = new Map<string, PodRecord>();
  #retry: Timer | undefined;
  #isStopped = false;
  #takingStock: Promise<void> = Promise.resolve();

  constructor(
    @inject(Replica) private readonly replica: Replica,
    @inject(Uplink) uplink: Uplink,
    @inject(Storage) storage: Storage,
    @inject(Clock) clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(NodeInfo) private readonly node: NodeInfo,
    @inject(workloadRuntimePoint.contributions) private readonly contributions: Contributions<WorkloadRuntime>,
    @inject(Random) random: Random,
    @inject(ProbeNetwork) network: ProbeNetwork,
    @inject(TokenKeeperToken) private readonly tokens: TokenKeeper,
    @inject(optional(LinkState)) private readonly link: LinkState | undefined,
  ) {
    this.#context = {
      replica,
      uplink,
      clock,
      logger,
      records: new PodRecords(storage, logger),
      random,
      begunAt: clock.now(),
      network,
      pulls: new ImagePulls(),
      writer: new VolumeWriter(),
      tokens,
      home: node.home,
      nodeName: node.name,
      place: hostFacts,
      runtimes: () => this.contributions.all().map(({ value }) => value),
    };
  }

  async start(): Promise<void> {
    await this.tokens.load();
    const records = await this.#context.records.load();
    this.#records = new Map(records.map((record) => [record.identity.uid, record]));
    for (const runtime of this.#context.runtimes()) {
      this.#subscriptions.push(runtime.watch((change) => this.#runtimeChanged(runtime, change)));
    }
    await this.#takeStock();
    for (const { identity } of records) this.#touch(identity);
    this.#subscriptions.push(this.replica.watch(kinds, (ref) => this.#objectChanged(ref)));
    this.#subscriptions.push(this.tokens.watch(() => this.#touchAll()));
    const link = this.link?.watch(({ state }) => state === "online" && this.#repeatAll());
    if (link !== undefined) this.#subscriptions.push(link);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const subscription of this.#subscriptions.splice(0)) subscription[Symbol.dispose]();
    this.#retry?.[Symbol.dispose]();
    await this.#takingStock;
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
  }

  /** Resolves when no look at a Pod is under way. What the runtimes do goes on. */
  async idle(): Promise<void> {
    await this.#takingStock;
    await Promise.all([...this.#workers.values()].map((worker) => worker.idle()));
  }

  /** The Pods that this node has not let go, by name. */
  known(): readonly KnownPod[] {
    const all = [...this.#workers.values()].flatMap(({ identity, status }) =>
      status === undefined ? [] : [{ identity, status }],
    );
    return all.sort((left, right) => (nameOf(left.identity) < nameOf(right.identity) ? -1 : 1));
  }

  /**
   * Finds what the runtimes and the disk have from before; what belongs to no Pod is let go. A runtime that cannot be
   * asked now is asked again, and until then no folder is taken for a stranger's.
   */
  async #takeStock(): Promise<void> {
    try {
      const wanted = this.replica.list(podKind).map((object) => this.#read(object)?.metadata.uid);
      const known = new Set<string | undefined>([...this.#records.keys(), ...this.#workers.keys(), ...wanted]);
      for (const runtime of this.#context.runtimes()) {
        for (const { id, config } of await runtime.sandboxes()) {
          this.#ownersIn(runtime).set(id, config.pod.uid);
          known.add(config.pod.uid);
          this.#touch(config.pod);
        }
      }
      await this.tokens.keepOnly(new Set([...known, ...this.#workers.keys()]));
      for (const { path, uid } of await foldersOfPods(this.node.home)) {
        if (!known.has(uid) && !this.#workers.has(uid)) await rm(path, { recursive: true, force: true });
      }
    } catch (error) {
      if (this.#isStopped) return;
      this.logger.warn("what there is of Pods from before is not known yet; trying again", { error });
      this.#retry = this.#context.clock.after(retryMs, () => {
        this.#takingStock = this.#takeStock();
      });
    }
  }

  #objectChanged(ref: ObjectRef): void {
    if (ref.kind !== podKind.kind) {
      for (const worker of [...this.#workers.values()]) worker.objectChanged(ref);
      return;
    }
    const pod = this.#wanted(ref);
    const { namespace = "default", name } = ref;
    if (pod !== undefined) this.#touch({ namespace, name, uid: pod.metadata.uid });
    for (const worker of [...this.#workers.values()]) {
      if (worker.identity.name === name && worker.identity.namespace === namespace) worker.podChanged();
    }
  }

  async #learn(runtime: WorkloadRuntime, sandbox: string): Promise<void> {
    const owners = this.#ownersIn(runtime);
    const known = new Map((await runtime.sandboxes()).map(({ id, config }) => [id, config.pod.uid]));
    for (const id of [...owners.keys()]) if (!known.has(id)) owners.delete(id);
    for (const [id, uid] of known) owners.set(id, uid);
    this.#workers.get(known.get(sandbox) ?? "")?.touch();
  }

  #runtimeChanged(runtime: WorkloadRuntime, { sandbox }: RuntimeChange): void {
    const owner = this.#ownersIn(runtime).get(sandbox);
    if (owner !== undefined) return this.#workers.get(owner)?.touch();
    this.#learn(runtime, sandbox).catch((error: unknown) => this.logger.warn("a runtime cannot be asked", { error }));
  }

  #ownersIn(runtime: WorkloadRuntime): Map<string, string> {
    const owners = this.#owners.get(runtime) ?? new Map<string, string>();
    this.#owners.set(runtime, owners);
    return owners;
  }

  #touch({ namespace, name, uid }: PodIdentity): void {
    if (this.#isStopped) return;
    const worker = this.#workers.get(uid) ?? this.#added({ namespace, name, uid });
    worker.touch();
  }

  #added(identity: PodIdentity): PodWorker {
    const { uid, namespace, name } = identity;
    const wanted = () => {
      const pod = this.#wanted({ ...podKind, namespace, name });
      return pod?.metadata.uid === uid ? pod : undefined;
    };
    const gone = () => {
      // Its object may have come back in the meantime.
      if (wanted() === undefined) this.#workers.delete(uid);
      else this.#workers.get(uid)?.touch();
    };
    const worker = new PodWorker(identity, this.#context, wanted, gone, this.#records.get(uid));
    this.#records.delete(uid);
    this.#workers.set(uid, worker);
    return worker;
  }

  #wanted(ref: ObjectRef): Pod | undefined {
    const object = this.replica.get(ref);
    return object === undefined ? undefined : this.#read(object);
  }

  /** A Pod of this node that can be read. */
  #read(object: NonNullable<ReturnType<Replica["get"]>>): Pod | undefined {
    const pod = readPod(object);
    if (typeof pod !== "string") return pod.spec.nodeName === this.node.name ? pod : undefined;
    const { namespace, name } = object.metadata;
    this.logger.warn("a Pod cannot be read and is not run", { pod: `${namespace}/${name}`, problem: pod });
    return undefined;
  }

  #touchAll(): void {
    for (const worker of this.#workers.values()) worker.touch();
  }

  #repeatAll(): void {
    for (const worker of this.#workers.values()) worker.repeat();
  }
}

function nameOf({ namespace, name }: PodIdentity): string {
  return `${namespace}/${name}`;
}
