import { readdir, rm } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  Clock,
  type JsonObject,
  type JsonValue,
  LinkState,
  Logger,
  NodeInfo,
  Replica,
  type Timer,
  Uplink,
  type WorkloadRuntime,
  workloadRuntimePoint,
} from "@skerry/contracts";
import { type Contributions, defineToken, inject, optional, type Startable, type Stoppable } from "@skerry/plugin";
import { type PodReport, podUplinkType } from "../shared/pod-report.ts";
import type { Pod } from "./pod.ts";
import { PodRunner } from "./pod-runner.ts";

/** For the plugin's own classes. */
export const EdgePodsToken = defineToken<EdgePods>("pods.edge-pods/1");

const kinds = [
  { group: "", kind: "Pod" },
  { group: "", kind: "ConfigMap" },
  { group: "", kind: "Secret" },
  { group: "node.k8s.io", kind: "RuntimeClass" },
];
const retryMs = 2_000;

/** One Pod that this node has, or had and is getting rid of. */
interface Entry {
  readonly runner: PodRunner;
  /** As it was when it was last seen. */
  pod: Pod | undefined;
  /** What was handed over last. */
  report: PodReport | undefined;
  timer: Timer | undefined;
  running: Promise<void> | undefined;
  isTouched: boolean;
}

export interface PodSummary {
  readonly pod: string;
  readonly phase: string;
  readonly ready: string;
  readonly restarts: number;
}

/** Keeps this node's Pods in step with the replica: each Pod one pass at a time, different ones side by side. */
export class EdgePods implements Startable, Stoppable {
  readonly #entries = new Map<string, Entry>();
  readonly #subscriptions: Disposable[] = [];
  #stopped = false;

  constructor(
    @inject(Replica) private readonly replica: Replica,
    @inject(Uplink) private readonly uplink: Uplink,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(NodeInfo) private readonly node: NodeInfo,
    @inject(workloadRuntimePoint.contributions) private readonly runtimes: Contributions<WorkloadRuntime>,
    @inject(optional(LinkState)) private readonly link: LinkState | undefined,
  ) {}

  async start(): Promise<void> {
    await this.#adopt();
    this.#subscriptions.push(
      this.replica.watch(kinds, ({ kind, namespace, name }) => this.#objectChanged(kind, namespace, name)),
    );
    for (const { value } of this.runtimes.all()) {
      this.#subscriptions.push(value.watch(({ sandbox }) => void this.#runtimeChanged(value, sandbox)));
    }
    const link = this.link?.watch(({ state }) => {
      if (state === "online") this.#reportAll();
    });
    if (link !== undefined) this.#subscriptions.push(link);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    for (const { timer } of this.#entries.values()) timer?.[Symbol.dispose]();
    await Promise.all([...this.#entries.values()].map(({ running }) => running));
  }

  summary(): readonly PodSummary[] {
    return [...this.#entries.values()].flatMap(({ runner, report }) => {
      const { namespace, name } = runner.identity;
      const status = report?.status ?? {};
      const containers = (status["containerStatuses"] ?? []) as unknown as readonly JsonObject[];
      const ready = containers.filter((container) => container["ready"] === true).length;
      const restarts = containers.reduce((sum, container) => sum + Number(container["restartCount"] ?? 0), 0);
      const phase = String(status["phase"] ?? "Pending");
      return [{ pod: `${namespace}/${name}`, phase, ready: `${ready}/${containers.length}`, restarts }];
    });
  }

  /** What the runtimes and the disk have of Pods from before: those that are not wanted any more are let go. */
  async #adopt(): Promise<void> {
    for (const { value } of this.runtimes.all()) {
      for (const { config } of await value.sandboxes()) this.#touch(config.pod);
    }
    const folder = join(this.node.home, "pods");
    for (const name of await readdir(folder).catch(() => [])) {
      const [, uid = name] = /_([^_]+)$/.exec(name) ?? [];
      const isWanted = this.replica.list({ group: "", kind: "Pod" }).some(({ metadata }) => metadata.uid === uid);
      if (!isWanted && !this.#entries.has(uid)) await rm(join(folder, name), { recursive: true, force: true });
    }
  }

  #objectChanged(kind: string, namespace: string | undefined, name: string): void {
    if (kind === "Pod") {
      const pod = this.replica.get({ group: "", kind, ...(namespace === undefined ? {} : { namespace }), name }) as
        | Pod
        | undefined;
      for (const [uid, { runner }] of this.#entries) {
        const { identity } = runner;
        if (identity.name === name && identity.namespace === namespace && uid !== pod?.metadata.uid)
          this.#touch(identity);
      }
      if (pod?.spec.nodeName !== this.node.name || pod.metadata.uid === undefined) return;
      this.#touch({ namespace: namespace ?? "default", name, uid: pod.metadata.uid });
      return;
    }
    // Few Pods, and most passes change nothing: looking at all of them is simpler than an index.
    for (const { runner } of this.#entries.values()) {
      if (namespace === undefined || runner.identity.namespace === namespace) this.#touch(runner.identity);
    }
  }

  async #runtimeChanged(runtime: WorkloadRuntime, sandbox: string): Promise<void> {
    const found = (await runtime.sandboxes()).find(({ id }) => id === sandbox);
    if (found !== undefined) this.#touch(found.config.pod);
  }

  #touch(identity: { readonly namespace: string; readonly name: string; readonly uid: string }): void {
    if (this.#stopped) return;
    const entry = this.#entry(identity);
    entry.timer?.[Symbol.dispose]();
    entry.timer = undefined;
    entry.isTouched = true;
    entry.running ??= this.#run(identity.uid, entry).finally(() => {
      entry.running = undefined;
      if (entry.isTouched) this.#touch(identity);
    });
  }

  #entry(identity: { readonly namespace: string; readonly name: string; readonly uid: string }): Entry {
    const present = this.#entries.get(identity.uid);
    if (present !== undefined) return present;
    const { replica, clock, logger, node } = this;
    const runtimeFor = (handler: string) =>
      this.runtimes.all().find(({ value }) => value.info.handlers.includes(handler))?.value;
    const runner = new PodRunner(identity, {
      replica,
      clock,
      logger,
      home: node.home,
      hostIp: hostAddress(),
      runtimeFor,
    });
    const entry = { runner, pod: undefined, report: undefined, timer: undefined, running: undefined, isTouched: false };
    this.#entries.set(identity.uid, entry);
    return entry;
  }

  async #run(uid: string, entry: Entry): Promise<void> {
    await Promise.resolve();
    while (entry.isTouched && !this.#stopped) {
      entry.isTouched = false;
      try {
        await this.#pass(uid, entry);
      } catch (error) {
        this.logger.warn("a Pod was not brought in step", { pod: entry.runner.identity.name, error });
        this.#later(entry, retryMs);
      }
    }
  }

  async #pass(uid: string, entry: Entry): Promise<void> {
    const { runner } = entry;
    const wanted = this.#wanted(runner.identity);
    entry.pod = wanted ?? entry.pod;
    if (wanted !== undefined && wanted.metadata.deletionTimestamp === undefined) {
      const { report, againMs } = await runner.run(wanted);
      await this.#report(entry, report);
      if (againMs !== undefined) this.#later(entry, againMs);
      return;
    }
    const released = await runner.release(entry.pod, graceOf(entry.pod));
    if (wanted !== undefined && released !== undefined) return this.#report(entry, released.report);
    await this.uplink.forget({ type: podUplinkType, name: nameOf(runner) });
    if (this.#wanted(runner.identity) === undefined) this.#entries.delete(uid);
  }

  #wanted({ namespace, name, uid }: PodRunner["identity"]): Pod | undefined {
    const pod = this.replica.get({ group: "", kind: "Pod", namespace, name }) as Pod | undefined;
    return pod?.metadata.uid === uid && pod.spec.nodeName === this.node.name ? pod : undefined;
  }

  async #report(entry: Entry, report: PodReport): Promise<void> {
    if (isDeepStrictEqual(entry.report, report)) return;
    entry.report = report;
    await this.uplink.put({ type: podUplinkType, name: nameOf(entry.runner) }, report as unknown as JsonValue);
  }

  /** Somebody may have changed the Pods' status while there was no link. */
  #reportAll(): void {
    for (const { runner, report } of this.#entries.values()) {
      if (report === undefined) continue;
      this.uplink
        .put({ type: podUplinkType, name: nameOf(runner) }, report as unknown as JsonValue)
        .catch((error: unknown) => this.logger.warn("a Pod was not reported", { pod: runner.identity.name, error }));
    }
  }

  #later(entry: Entry, ms: number): void {
    if (this.#stopped) return;
    entry.timer?.[Symbol.dispose]();
    entry.timer = this.clock.after(ms, () => this.#touch(entry.runner.identity));
  }
}

function nameOf({ identity: { namespace, name, uid } }: PodRunner): string {
  return `${namespace}/${name}/${uid}`;
}

/** In milliseconds. */
function graceOf(pod: Pod | undefined): number {
  const deletion = pod?.metadata as { readonly deletionGracePeriodSeconds?: number } | undefined;
  return (deletion?.deletionGracePeriodSeconds ?? pod?.spec.terminationGracePeriodSeconds ?? 30) * 1000;
}

function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}
