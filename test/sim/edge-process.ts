import type { EventLog, KubeObject, Logger, Storage } from "@skerry/contracts";
import { FakeSealer, type ProcessClock, type SeededRandom, type SimHost } from "@skerry/testing/simulation";
import { EdgeLink } from "../../kernel/src/link/edge/edge-link.ts";
import { edgeSettings } from "./link-settings.ts";
import type { LogLedger } from "./log-ledger.ts";
import type { ObjectLedger } from "./object-ledger.ts";
import type { StateLedger } from "./state-ledger.ts";
import type { Story } from "./story.ts";

export interface Ledgers {
  readonly story: Story;
  readonly states: StateLedger;
  readonly objects: ObjectLedger;
  readonly logs: LogLedger;
}

export interface EdgeParts extends Ledgers {
  readonly node: string;
  readonly clock: ProcessClock;
  readonly random: SeededRandom;
  readonly host: SimHost;
  readonly storage: Storage;
  readonly log: Logger;
}

export const configMapKind = { group: "", kind: "ConfigMap" };

/** Budget of the telemetry log: small, so that it forgets. */
const telemetryBytes = 4_000;

/** One run of an edge node's process, and the devices that write through it. */
export class EdgeProcess {
  readonly link: EdgeLink;
  readonly #parts: EdgeParts;
  readonly #logs = new Map<string, EventLog>();
  #isDead = false;
  #isStarted = false;

  constructor(parts: EdgeParts) {
    this.#parts = parts;
    const { host, storage, node, clock, random, log } = parts;
    const info = { name: node, profile: "edge", home: "/nonexistent", programs: "/nonexistent", version: "0.0.0-sim" };
    this.link = new EdgeLink(
      host,
      storage,
      new FakeSealer(),
      { all: () => [] },
      edgeSettings,
      info,
      clock,
      random,
      log,
    );
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  async start(): Promise<void> {
    const { node, story, objects } = this.#parts;
    await this.link.start();
    if (this.#isDead) return;
    this.#isStarted = true;
    story.say(`${node} started`);
    objects.started(node, this.held());
    let isFirst = true;
    this.link.replica.watch([configMapKind], (ref) => {
      if (isFirst || this.#isDead) return;
      objects.changed(node, ref.name, this.link.replica.get(ref));
    });
    isFirst = false;
    this.link.board.watch(({ state, reason }) => this.#isDead || story.say(`${node} ${state}: ${reason}`));
    this.#logs.set("events", this.link.logs.open("events", { whenFull: "refuse" }));
    this.#logs.set("samples", this.link.logs.open("samples", { whenFull: "oldest", maximumBytes: telemetryBytes }));
  }

  /** What this node holds, by name. */
  held(): ReadonlyMap<string, KubeObject> {
    return new Map(this.link.replica.list(configMapKind).map((object) => [object.metadata.name, object]));
  }

  /** @param padding makes the value this much larger */
  put(name: string, padding = ""): void {
    const { node, states, story } = this.#parts;
    if (!this.#isStarted) return;
    const key = `${node}/${name}`;
    const value = states.next(key);
    story.say(`put ${key}=${value}`);
    this.link.outbox.put({ type: "twin", name }, { value, padding }).then(
      () => {
        // A process that is gone told nobody anything.
        if (this.#isDead) return;
        story.say(`acknowledged ${key}=${value}`);
        states.acknowledged(key, value);
      },
      (error: unknown) => this.#failed(`put ${key}=${value}`, error),
    );
  }

  forget(name: string): void {
    const { node, states, story } = this.#parts;
    const key = `${node}/${name}`;
    if (!this.#isStarted) return;
    story.say(`forget ${key}`);
    states.forgotten(key);
    this.link.outbox.forget({ type: "twin", name }).catch((error: unknown) => this.#failed(`forget ${key}`, error));
  }

  append(type: string): void {
    const { node, logs } = this.#parts;
    const log = this.#logs.get(type);
    if (!log) return;
    const name = `${node}/${type}`;
    const value = logs.next(name);
    log.append("sample", value).then(
      (result) => {
        if (!this.#isDead && result === "kept") logs.kept(name, value);
      },
      (error: unknown) => this.#failed(`append ${name}=${value}`, error),
    );
  }

  dropped(type: string): number {
    return this.#logs.get(type)?.status().dropped ?? 0;
  }

  /** Timers that wait, and bytes that the network has not taken. */
  weight(): { readonly timers: number; readonly bytes: number; readonly states: number } {
    const { clock, host } = this.#parts;
    return { timers: clock.pending, bytes: host.buffered, states: this.link.outbox.pending() };
  }

  /** In order, with everything written down. */
  async stop(): Promise<void> {
    await this.link.stop();
    this.kill(false);
  }

  /** At once. @param isSilent with its machine */
  kill(isSilent: boolean): void {
    this.#isDead = true;
    this.#parts.clock.kill();
    this.#parts.host.kill(isSilent);
  }

  #failed(what: string, error: unknown): void {
    if (!this.#isDead) this.#parts.story.say(`${what} failed: ${error instanceof Error ? error.message : error}`);
  }
}
