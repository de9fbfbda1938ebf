import type { KubeObject, Logger } from "@skerry/contracts";
import {
  FakeKubeApi,
  fairWeather,
  type KubeWeather,
  ProcessClock,
  SeededRandom,
  SimClock,
  SimDisk,
  SimNetwork,
  simKubeApi,
} from "@skerry/testing/simulation";
import { type BugName, hastyStorage } from "./bugs.ts";
import { CloudProcess, configMaps, reported, reports } from "./cloud-process.ts";
import { EdgeProcess, type Ledgers } from "./edge-process.ts";
import { LogLedger } from "./log-ledger.ts";
import { ObjectLedger } from "./object-ledger.ts";
import { StateLedger } from "./state-ledger.ts";
import { Story } from "./story.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly trace?: boolean;
  readonly bug?: BugName;
  /** Messages are duplicated and reordered at times, which no honest transport does. */
  readonly mangling?: boolean;
  /** Cloud kernels over the one API. Default: two with every fourth seed, else one. */
  readonly clouds?: number;
}

export const objectNames = ["m0", "m1", "m2", "m3", "m4", "m5"];
const wall = Date.UTC(2026, 0, 1);
/** Milliseconds that a process gets to stop in order. */
const stopWithinMs = 8_000;

/** Cloud kernels over one API, edge nodes with their disks, and the network between, in one process on virtual time. */
export class SimWorld implements Ledgers {
  readonly clock = new SimClock();
  readonly random: SeededRandom;
  readonly story: Story;
  readonly states: StateLedger;
  readonly objects: ObjectLedger;
  readonly logs: LogLedger;
  readonly network: SimNetwork;
  readonly api = new FakeKubeApi();
  readonly nodes: readonly string[];
  readonly cloudNames: readonly string[];
  readonly disks = new Map<string, SimDisk>();
  readonly edges = new Map<string, EdgeProcess>();
  readonly clouds = new Map<string, CloudProcess>();
  readonly isMangling: boolean;
  weather = fairWeather;
  /** Cloud kernels whose watches are behind, and how far: in milliseconds. */
  readonly lags = new Map<string, number>();
  readonly #bug: BugName | undefined;
  readonly #walls = new Map<string, number>();

  constructor({ seed, trace = false, bug, clouds = seed % 4 === 0 ? 2 : 1, mangling = false }: WorldOptions) {
    this.random = new SeededRandom(seed);
    this.story = new Story(this.clock, trace);
    this.states = new StateLedger(this.story);
    this.objects = new ObjectLedger(this.story);
    this.logs = new LogLedger(this.story);
    this.network = new SimNetwork(this.clock, this.random);
    this.#bug = bug;
    this.isMangling = mangling;
    this.nodes = named("edge", 1 + this.below(3));
    this.cloudNames = named("cloud", clouds);
    for (const node of this.nodes) this.disks.set(node, new SimDisk(this.clock, this.random));
  }

  below(limit: number): number {
    return Math.floor(this.random.next() * limit);
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new Error("there is nothing to pick from");
    return picked;
  }

  async start(): Promise<void> {
    this.api.watch(reports, {
      upsert: (object) => {
        const { key, value } = reported(object);
        this.story.say(`received ${key}=${value}`);
        this.states.received(key, value);
      },
      remove: () => undefined,
      synced: () => undefined,
    });
    for (const name of this.cloudNames) await this.startCloud(name);
    for (const node of this.nodes) this.startEdge(node);
    await this.clock.advance(1_000);
  }

  async startCloud(name: string): Promise<void> {
    const clock = new ProcessClock(this.clock, () => wall);
    const api = simKubeApi({ api: this.api, clock, random: this.random, weather: () => this.#weatherOf(name) });
    const host = this.network.host({ name, identity: "skerry-cloud" });
    const cloud = new CloudProcess({ ...this.#shared(), name, clock, host, api, log: this.#log(name), bug: this.#bug });
    this.clouds.set(name, cloud);
    this.story.say(`${name} starts`);
    await cloud.start();
  }

  startEdge(node: string): void {
    const clock = new ProcessClock(this.clock, () => this.#walls.get(node) ?? wall);
    const host = this.network.host({
      name: node,
      identity: `system:node:${node}`,
      dials: () => this.pick(this.cloudNames),
    });
    const opened = this.disk(node).open();
    const storage = this.#bug === "acknowledges before the write" ? hastyStorage(opened) : opened;
    const edge = new EdgeProcess({ ...this.#shared(), node, clock, host, storage, log: this.#log(node) });
    this.edges.set(node, edge);
    this.story.say(`${node} starts`);
    edge.start().catch((error: unknown) => {
      this.story.say(`${node} does not start: ${error instanceof Error ? error.message : error}`);
    });
  }

  disk(node: string): SimDisk {
    const disk = this.disks.get(node);
    if (!disk) throw new Error(`there is no node ${node}`);
    return disk;
  }

  /** The power of a node is cut, or only its process killed; it stays down until it is started. */
  crashEdge(node: string, isSilent: boolean): void {
    this.edges.get(node)?.kill(isSilent);
    this.disk(node).crash();
    if (this.#bug === "loses the outbox at a restart") this.disk(node).wipe("outbox");
    if (this.#bug === "loses the replica at a restart") this.disk(node).wipe("replica");
    this.edges.delete(node);
  }

  /** Starts what is down. */
  async startAll(): Promise<void> {
    for (const node of this.nodes) if (!this.edges.has(node)) this.startEdge(node);
    for (const name of this.cloudNames) if (!this.clouds.has(name)) await this.startCloud(name);
  }

  async restartEdge(node: string): Promise<void> {
    await this.#within(this.edges.get(node)?.stop(), () => this.edges.get(node)?.kill(false));
    this.disk(node).crash();
    this.startEdge(node);
  }

  crashCloud(name: string, isSilent: boolean): void {
    this.clouds.get(name)?.kill(isSilent);
    this.clouds.delete(name);
  }

  async restartCloud(name: string): Promise<void> {
    await this.#within(this.clouds.get(name)?.stop(), () => this.clouds.get(name)?.kill(false));
    await this.startCloud(name);
  }

  jump(node: string, ms: number): void {
    this.#walls.set(node, (this.#walls.get(node) ?? wall) + ms);
  }

  /** What a node should hold, as text. */
  wanted(node: string): readonly string[] {
    return this.concerning(node).map(described).sort();
  }

  /** What a node should hold: what its name is on, and what that leads to. */
  concerning(node: string): readonly KubeObject[] {
    const all = new Map(objectNames.map((name) => [name, this.api.peek(configMaps, { name, namespace: "default" })]));
    const isFor = (object: KubeObject | undefined) =>
      object?.metadata.labels?.["nodes"]?.split(".").includes(node) === true;
    const held = new Set(objectNames.filter((name) => isFor(all.get(name))));
    for (const name of held) {
      const next = (all.get(name)?.["data"] as { readonly next?: string } | undefined)?.next;
      if (next !== undefined) held.add(next);
    }
    return [...held].flatMap((name) => all.get(name) ?? []);
  }

  holds(node: string): readonly string[] {
    return [...(this.edges.get(node)?.held().values() ?? [])].map(described).sort();
  }

  /** Nothing of it goes on. */
  end(): void {
    for (const edge of this.edges.values()) edge.kill(true);
    for (const cloud of this.clouds.values()) cloud.kill(true);
  }

  #weatherOf(cloud: string): KubeWeather {
    const lag = this.lags.get(cloud);
    return lag === undefined ? this.weather : { ...this.weather, watchLagMs: lag };
  }

  #shared(): Ledgers & { readonly random: SeededRandom } {
    const { story, states, objects, logs, random } = this;
    return { story, states, objects, logs, random };
  }

  /** Lets time pass until it is done, but not for ever. */
  async #within(work: Promise<void> | undefined, giveUp: () => void): Promise<void> {
    let isDone = work === undefined;
    const done = () => {
      isDone = true;
    };
    work?.then(done, done);
    for (let waited = 0; waited < stopWithinMs && !isDone; waited += 50) await this.clock.advance(50);
    if (!isDone) giveUp();
  }

  #log(process: string): Logger {
    const say = (level: string) => (message: string) => this.story.say(`${process} ${level}: ${message}`);
    return { debug: () => undefined, info: () => undefined, warn: say("warn"), error: say("error") };
  }
}

function described(object: KubeObject): string {
  return `${object.metadata.name} ${JSON.stringify(object["data"])}`;
}

function named(kind: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);
}
