import type {
  JsonValue,
  KubeApi,
  KubeObject,
  LogBatch,
  Logger,
  LogReceiver,
  ReplicaInterest,
  ReportOrder,
  Resource,
  UplinkReceiver,
  UplinkReport,
} from "@skerry/contracts";
import type { ProcessClock, SeededRandom, SimHost } from "@skerry/testing/simulation";
import { CloudLink } from "../../kernel/src/link/cloud/cloud-link.ts";
import { type BugName, forgetful, hasty, repeating } from "./bugs.ts";
import type { Ledgers } from "./edge-process.ts";
import { cloudSettings } from "./link-settings.ts";

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

/** What the API keeps of each state: the last that was received. */
export const reports: Resource = {
  group: "",
  version: "v1",
  kind: "Report",
  plural: "reports",
  namespaced: true,
};

interface ReportSpec {
  readonly value: JsonValue;
  readonly order?: ReportOrder;
}

function reportOf(node: string, name: string, spec: ReportSpec): KubeObject {
  return { apiVersion: "v1", kind: "Report", metadata: { name, namespace: node }, spec };
}

/** Key and number of the state that an object of the API holds. */
export function reported({ metadata, spec }: KubeObject): { readonly key: string; readonly value: number } {
  const { value } = (spec as ReportSpec).value as { readonly value: number };
  return { key: `${metadata.namespace}/${metadata.name}`, value };
}

function apiWith(bug: BugName | undefined, api: KubeApi): KubeApi {
  if (bug === "forgets to remove an object") return forgetful(api);
  return bug === "judges by a view that is behind" ? hasty(api) : api;
}

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
      this.#watched(apiWith(bug, parts.api)),
      { all: () => [from(interest)] },
      { all: () => [from(receiver)] },
      { all: () => logs.map(from) },
      { all: () => [] },
      cloudSettings,
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

  /** As the contract asks: what an object of the API has from this life of the node's outbox is not overtaken by older. */
  async #state({ node, name, value, order }: UplinkReport): Promise<void> {
    const { api } = this.#parts;
    const object = reportOf(node, name, { value, ...(order === undefined ? {} : { order }) });
    const before = await api.get(reports, object.metadata);
    if (!before) return void (await api.create(object, reports));
    const known = (before.spec as ReportSpec).order;
    if (order && known?.epoch === order.epoch && known.sequence >= order.sequence) return;
    const { resourceVersion } = before.metadata;
    const guard = order === undefined || resourceVersion === undefined ? {} : { metadata: { resourceVersion } };
    await api.patch(reports, object.metadata, { spec: object.spec, ...guard }, { fieldManager: "simulation" });
  }

  async #entries(type: string, batch: LogBatch): Promise<void> {
    const { logs, story, name: cloud, random, bug } = this.#parts;
    const [first, last] = [batch.entries[0]?.sequence, batch.entries.at(-1)?.sequence];
    if (bug === "loses entries of a log" && random.next() < 0.1) return;
    // A request that takes its time and may fail.
    await this.#parts.api.get(reports, { name: type, namespace: batch.node });
    if (this.#isDead) return;
    story.say(`${cloud} received ${batch.node}/${type} ${first}..${last}`);
    logs.received(`${batch.node}/${type}`, batch);
  }
}
