import type {
  Device,
  DeviceModel,
  JsonValue,
  ReportedValue,
  TwinCondition,
  TwinDefinition,
  TwinDriver,
  TwinName,
  TwinSession,
  Uplink,
} from "@skerry/contracts";
import { refuseReported } from "../shared/property-value.ts";
import { sameJson } from "../shared/same-json.ts";
import type { TwinReport } from "../shared/twin-report.ts";
import type { DesiredEffect, SetAnswer } from "./desired-effects.ts";
import { propertyOf, type RequestId } from "./desired-entries.ts";
import { type DesiredParts, DesiredValues, type SetOutcome } from "./desired-values.ts";
import { isNews, isWithinDeadband, sampleTime } from "./reported-values.ts";
import { TwinConditions } from "./twin-conditions.ts";
import { TwinDriving } from "./twin-driving.ts";
import type { TwinPublisher } from "./twin-publisher.ts";
import type { TwinRecord } from "./twin-record.ts";
import type { TwinStore } from "./twin-store.ts";
import { clearTopics, propertyTopic } from "./twin-topics.ts";
import { UplinkSender } from "./uplink-sender.ts";

/** What all twins of a node share. */
export interface TwinParts extends Omit<DesiredParts, "ready" | "store" | "act"> {
  readonly publisher: TwinPublisher;
  readonly records: TwinStore;
  readonly uplink: Uplink;
  /** Least time between two snapshots of one twin for the cloud, when only reported values changed. */
  readonly intervalMs: number;
}

/** Requests for one device that may wait for the disk at a time. */
const maximumAsking = 100;

/** One device on this node: what is desired of it, what it reported, and who drives it. */
export class Twin {
  #device: Device;
  #model: DeviceModel | undefined;
  readonly #reported: Map<string, ReportedValue>;
  readonly #desired: DesiredValues;
  readonly #conditions = new TwinConditions();
  readonly #driving: TwinDriving;
  readonly #sender: UplinkSender;
  readonly #waiting = new Map<string, (answer: SetAnswer) => void>();
  #asking = 0;
  #gone = false;

  constructor(
    readonly name: TwinName,
    device: Device,
    record: TwinRecord | undefined,
    private readonly parts: TwinParts,
    /** Resolves when an earlier device of this name has left. */
    left: Promise<void> = Promise.resolve(),
  ) {
    const { logger, records } = parts;
    this.#device = device;
    this.#reported = new Map(record?.reported);
    this.#desired = new DesiredValues(record?.desired ?? new Map(), record?.model ?? "", {
      ...parts,
      ready: left,
      store: (desired, model) => records.put(name, { ...this.record, desired, model }),
      act: (effects) => this.#act(effects),
    });
    this.#driving = new TwinDriving(
      name,
      () => this.#desired.entries,
      () => this.#model,
      logger,
    );
    const snapshot = () => this.#snapshot() as unknown as JsonValue;
    this.#sender = new UplinkSender(name, snapshot, { ...parts, ready: left });
  }

  get uid(): string {
    return this.#device.metadata.uid ?? "";
  }

  /** What a driver is told; `undefined` while the model is not on this node. */
  get definition(): TwinDefinition | undefined {
    return this.#model && { name: this.name, device: this.#device, model: this.#model };
  }

  get record(): TwinRecord {
    const { entries, judgedBy } = this.#desired;
    return { uid: this.uid, model: judgedBy, desired: entries, reported: this.#reported };
  }

  get conditions(): TwinConditions {
    return this.#conditions;
  }

  /**
   * Takes over the present Device and model.
   *
   * @returns whether a driver must know: the connection, the model or the mapper changed
   */
  follow(device: Device, model: DeviceModel | undefined): boolean {
    const [oldDevice, oldModel] = [this.#device, this.#model];
    this.#device = device;
    this.#model = model;
    if (model !== undefined) {
      for (const property of this.#reported.keys()) if (!propertyOf(model, property)) this.#dropReported(property);
    }
    void this.#desired.follow(device, model);
    if (oldDevice.metadata.generation !== device.metadata.generation) this.announce();
    const { desired: _, ...spec } = device.spec;
    const { desired: __, ...oldSpec } = oldDevice.spec;
    return !sameJson(spec, oldSpec) || !sameJson(model?.spec, oldModel?.spec);
  }

  /** Publishes all that is retained, as a broker that just started has nothing. */
  publish(): void {
    const { publisher } = this.parts;
    for (const [property, value] of this.#reported) publisher.reported(this.name, property, value);
    for (const [property, entry] of this.#desired.entries) publisher.desired(this.name, property, entry);
    this.#publishState();
  }

  /** Hands the present state to the link, also when it did not change. */
  announce(): void {
    this.#sender.mark("urgent");
  }

  /**
   * Asks for a value, as a client on this node.
   *
   * @returns the first answer, `pending` once the value is durable or `rejected`; it is on the bus as well
   */
  async set(property: string, value: JsonValue, request: { readonly id?: RequestId }): Promise<SetOutcome> {
    const outcome = await this.#set(property, value, request);
    if (outcome.state === "rejected") this.parts.publisher.result(this.name, property, outcome);
    return outcome;
  }

  /** Calls once with the answer that ends the life of a value that was set as pending; disposing gives up. */
  whenSettled({ version = "" }: SetOutcome, settled: (answer: SetAnswer) => void): Disposable {
    const entry = [...this.#desired.entries.values()].find((candidate) => candidate.version === version);
    if (entry !== undefined && entry.state !== "pending") settled(entry);
    else this.#waiting.set(version, settled);
    return { [Symbol.dispose]: () => void this.#waiting.delete(version) };
  }

  attach(driver: TwinDriver): TwinSession {
    this.#driving.attach(driver);
    const current = () => !this.#gone && this.#driving.driver === driver;
    return {
      report: (property, value, at) => {
        if (current()) this.#report(property, value, at);
      },
      settle: (property, version, outcome) => {
        if (!current()) return;
        this.#driving.settled(property, version);
        void this.#desired.settle(property, version, outcome);
      },
      condition: (condition) => {
        if (current()) this.#condition(condition);
      },
      [Symbol.dispose]: () => {
        if (!current()) return;
        this.#driving.detach();
        this.#undriven();
      },
    };
  }

  /** Ends all changes and resolves when none is under way. What is stored stays. */
  async close(): Promise<void> {
    this.#gone = true;
    await this.#desired.close();
    await this.#sender.close();
  }

  /** Removes every trace of a device that is gone: its record, its retained topics, its reports to the cloud. */
  async remove(): Promise<void> {
    const { publisher, records } = this.parts;
    this.#gone = true;
    this.#sender.discard();
    clearTopics(publisher, this.name, this.record);
    await this.close();
    for (const settled of this.#waiting.values()) settled({ state: "expired", reason: "the device was removed" });
    await this.#sender.forget();
    await records.remove(this.name);
  }

  async #set(property: string, value: JsonValue, request: { readonly id?: RequestId }): Promise<SetOutcome> {
    if (this.#asking >= maximumAsking) {
      return { ...request, state: "rejected", reason: `${maximumAsking} requests for this device wait already` };
    }
    this.#asking += 1;
    try {
      return await this.#desired.set(property, value, request);
    } finally {
      this.#asking -= 1;
    }
  }

  #report(name: string, value: JsonValue, at: number): void {
    const { clock, versions, publisher, records } = this.parts;
    const property = propertyOf(this.#model, name);
    const reason = property === undefined ? "the model has no such property" : refuseReported(property, value);
    if (property === undefined || reason !== undefined) {
      if (this.#conditions.refuse(name, reason ?? "")) this.#stateChanged();
      return;
    }
    if (this.#conditions.accept(name)) this.#stateChanged();
    this.#driving.reported(name, value);
    const last = this.#reported.get(name);
    if (isWithinDeadband(property, last, value)) return;
    const sample = { value, at: sampleTime(at, clock.now()), version: versions.next() };
    this.#reported.set(name, sample);
    publisher.reported(this.name, name, sample);
    if (!isNews(last, value)) return;
    records.putLater(this.name, () => this.record);
    this.#sender.mark("paced");
  }

  #dropReported(property: string): void {
    this.#reported.delete(property);
    this.parts.publisher.clear(propertyTopic(this.name, "reported", property));
    this.parts.records.putLater(this.name, () => this.record);
    if (this.#conditions.accept(property)) this.#publishState();
    this.announce();
  }

  #condition(condition: TwinCondition): void {
    const was = this.#conditions.get("Connected")?.status;
    if (!this.#conditions.set(condition)) return;
    if (condition.type === "Connected" && condition.status === "True" && was !== "True") this.#driving.recheck();
    this.#stateChanged();
  }

  #undriven(): void {
    const unknown = { status: "Unknown", reason: "NoDriver", message: "no mapper drives this device" } as const;
    const changed = (["Connected", "MapperReady"] as const)
      .filter((type) => this.#conditions.get(type) !== undefined)
      .map((type) => this.#conditions.set({ type, ...unknown }));
    if (changed.includes(true)) this.#stateChanged();
  }

  #act(effects: readonly DesiredEffect[]): void {
    const { publisher } = this.parts;
    for (const effect of effects) {
      const { property } = effect;
      if (effect.type === "publish") publisher.desired(this.name, property, effect.entry);
      else if (effect.type === "clear") publisher.clear(propertyTopic(this.name, "desired", property));
      else if (effect.type === "drive") this.#driving.drive(property);
      else this.#answer(property, effect.version, effect.answer);
    }
    if (effects.length > 0) this.announce();
  }

  #answer(property: string, version: string, answer: SetAnswer): void {
    this.parts.publisher.result(this.name, property, answer);
    if (answer.state === "pending") return;
    this.#waiting.get(version)?.(answer);
    this.#waiting.delete(version);
  }

  #stateChanged(): void {
    this.#publishState();
    this.announce();
  }

  #publishState(): void {
    const { publisher, clock } = this.parts;
    publisher.state(this.name, this.#conditions.list(), new Date(clock.now()).toISOString());
  }

  #snapshot(): TwinReport {
    const desired = [...this.#desired.entries].map(([name, { request: _, ...entry }]) => [name, entry] as const);
    const { generation } = this.#device.metadata;
    return {
      uid: this.uid,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      reported: Object.fromEntries(this.#reported),
      desired: Object.fromEntries(desired),
      conditions: this.#conditions.list(),
    };
  }
}
