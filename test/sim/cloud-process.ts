import type {
  KubeApi,
  KubeObject,
  LogBatch,
  Logger,
  LogReceiver,
  ReplicaInterest,
  Resource,
  UplinkReceiver,
  UplinkReport,
} from "@skerry/contracts";
import type { ProcessClock, SeededRandom, SimHost } from "@skerry/testing/simulation";
import { CloudLink } from "../../kernel/src/link/cloud/cloud-link.ts";
import { type BugName, forgetful, repeating } from "./bugs.ts";
import { heartbeatMs, type Ledgers } from "./edge-process.ts";

export const configMaps: Resource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

/** An object concerns the nodes its label names, and leads to the one that `data.next` names. */
export const interest: ReplicaInterest = {
  resources: [configMaps],
  route({ metadata, data }: KubeObject) {
    const next = (data as { readonly next?: string } | undefined)?.next;
    const references = next === undefined ? [] : [{ group: "", kind: "ConfigMap", namespace: "default", name: next }];
    return { nodes: metadata.labels?.["nodes"]?.split(".").filter(Boolean) ?? [], references };
  },
};

export interface CloudParts extends Ledgers {
  readonly name: string;
  readonly clock: ProcessClock;
  readonly random: SeededRandom;
  readonly host: SimHost;
  readonly api: KubeApi;
  readonly log: Logger;
  readonly bug: BugName | undefined;
}

const reports: Resource = { group: "", version: "v1", kind: "Report", plural: "reports", namespaced: true };

/** One run of a cloud kernel's process. What it receives is durable once the API has it. */
export class CloudProcess {
  readonly #parts: CloudParts;
  readonly #link: CloudLink;
  readonly #watches: Disposable[] = [];
  #isDead = false;

  constructor(parts: CloudParts) {
    this.#parts = parts;
    const { host, clock, random, log, bug } = parts;
    const states: UplinkReceiver = { type: "twin", receive: (report) => this.#state(report) };
    const receiver = bug === "delivers an older state again" ? repeating(states, random) : states;
    const logs = ["events", "samples"].map((type): LogReceiver => {
      return { type, receive: (batch) => this.#entries(type, batch) };
    });
    const from = <T>(value: T) => ({ plugin: "simulation", value });
    this.#link = new CloudLink(
      host,
      this.#watched(bug === "forgets to remove an object" ? forgetful(parts.api) : parts.api),
      { all: () => [from(interest)] },
      { all: () => [from(receiver)] },
      { all: () => logs.map(from) },
      { heartbeatMs },
      clock,
      random,
      log,
    );
  }

  async start(): Promise<void> {
    await this.#link.start();
  }

  weight(): { readonly timers: number; readonly bytes: number } {
    return { timers: this.#parts.clock.pending, bytes: this.#parts.host.buffered };
  }

  async stop(): Promise<void> {
    await this.#link.stop();
    this.kill(false);
  }

  kill(isSilent: boolean): void {
    this.#isDead = true;
    for (const watch of this.#watches) watch[Symbol.dispose]();
    this.#parts.clock.kill();
    this.#parts.host.kill(isSilent);
  }

  /** The watches of a process end with it. */
  #watched(api: KubeApi): KubeApi {
    return {
      ...api,
      watch: (resource, handlers, options) => {
        const watch = api.watch(resource, handlers, options);
        this.#watches.push(watch);
        return watch;
      },
    };
  }

  async #state({ node, name, value }: UplinkReport): Promise<void> {
    const { states, story, name: cloud } = this.#parts;
    const key = `${node}/${name}`;
    const number = Number((value as { readonly value?: number }).value);
    await this.#write(key);
    if (this.#isDead) return;
    story.say(`${cloud} received ${key}=${number}`);
    states.received(key, number);
  }

  async #entries(type: string, batch: LogBatch): Promise<void> {
    const { logs, story, name: cloud, random, bug } = this.#parts;
    const [first, last] = [batch.entries[0]?.sequence, batch.entries.at(-1)?.sequence];
    if (bug === "loses entries of a log" && random.next() < 0.1) return;
    await this.#write(`${batch.node}/${type}`);
    if (this.#isDead) return;
    story.say(`${cloud} received ${batch.node}/${type} ${first}..${last}`);
    logs.received(`${batch.node}/${type}`, batch);
  }

  /** A request that takes its time and may fail; what it leaves in the API nobody looks at. */
  async #write(key: string): Promise<void> {
    await this.#parts.api.get(reports, { name: key, namespace: "default" });
  }
}
