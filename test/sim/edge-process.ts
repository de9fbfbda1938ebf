import {
  type EventLog,
  LinkState,
  Replica,
  Storage,
  type Transport,
  Transport as TransportToken,
  Uplink,
  UplinkLog,
} from "@skerry/contracts";
import { type MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { startTestNode } from "@skerry/testing";
import { plugin as edgeLink } from "../../kernel/src/link/edge/index.ts";
import type { Bugs } from "./bugs.ts";
import type { SimClock } from "./network/sim-clock.ts";
import type { SimHost } from "./network/sim-network.ts";
import { shown } from "./objects.ts";
import type { SimRandom } from "./sim-random.ts";
import type { Story } from "./story.ts";
import { timing } from "./timing.ts";
import type { Truth } from "./truth.ts";

export interface EdgeParts {
  readonly host: SimHost;
  readonly disk: MemoryDisk;
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly truth: Truth;
  readonly story: Story;
  readonly bugs: Bugs;
}

/** One run of an edge's process, from its start to its end, with those who put states and append entries. */
export class EdgeProcess {
  readonly #parts: EdgeParts;
  readonly #kernel: Awaited<ReturnType<typeof startTestNode>>;
  readonly #log: EventLog;

  private constructor(parts: EdgeParts, kernel: Awaited<ReturnType<typeof startTestNode>>) {
    this.#parts = parts;
    this.#kernel = kernel;
    this.#log = kernel.service(UplinkLog).open("event", { whenFull: "refuse" });
  }

  static async start(parts: EdgeParts): Promise<EdgeProcess> {
    const { host, disk, clock, random, bugs } = parts;
    const transport: Transport = host;
    const kernel = await startTestNode({
      plugins: [{ plugin: edgeLink, settings: { heartbeatMs: timing.heartbeatMs, reconnect: timing.reconnect } }],
      with: [
        [TransportToken, transport],
        [Storage, bugs.storage(new MemoryStorage(disk))],
      ],
      node: { name: host.name },
      clock,
      random,
    });
    return new EdgeProcess(parts, kernel);
  }

  get state(): string {
    return this.#kernel.service(LinkState).current().state;
  }

  get pending(): number {
    return this.#kernel.service(Uplink).pending() + this.#log.status().entries;
  }

  holds(): readonly string[] {
    return this.#kernel.service(Replica).list({ group: "", kind: "ConfigMap" }).map(shown).sort();
  }

  put(name: string): void {
    const { truth, story, host } = this.#parts;
    const key = `${host.name}/${name}`;
    const version = truth.next(key);
    story.operation(`${key} put ${version}`);
    this.#kernel
      .service(Uplink)
      .put({ type: "twin", name }, version)
      .then(
        () => host.isDead || truth.acknowledged(key, version),
        (error: unknown) => story.tell(`${key} put ${version} failed: ${codeOf(error)}`),
      );
  }

  append(): void {
    const { truth, story, host } = this.#parts;
    const value = truth.nextEntry(host.name);
    story.operation(`${host.name} append ${value}`);
    this.#log.append("node", value).then(
      () => host.isDead || truth.kept(host.name, value),
      (error: unknown) => story.tell(`${host.name} append ${value} failed: ${codeOf(error)}`),
    );
  }

  async stop(): Promise<void> {
    await this.#kernel.stop();
  }
}

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown }).code ?? error);
}
