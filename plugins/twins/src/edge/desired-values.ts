import type { Clock, DesiredValue, DesireOutcome, Device, DeviceModel, JsonValue, Logger } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { HybridClock } from "../shared/hybrid-clock.ts";
import { refuseDesired } from "../shared/property-value.ts";
import { type DesiredEffect, desiredEffects, type SetAnswer } from "./desired-effects.ts";
import {
  type DesiredEntries,
  type DesiredEntry,
  followDevice,
  knownFromCloud,
  propertyOf,
  type RequestId,
  setHere,
  settleEntry,
  versionFloor,
} from "./desired-entries.ts";
import { fingerprint } from "./twin-record.ts";

export interface DesiredParts {
  /** Name of this node, the origin of what is set here. */
  readonly node: string;
  readonly clock: Clock;
  readonly versions: HybridClock;
  readonly logger: Logger;
  /** Resolves when an earlier device of this name has left. */
  readonly ready: Promise<void>;
  /** Resolves when these entries, judged by this model, survive a power cut. */
  readonly store: (entries: DesiredEntries, model: string) => Promise<void>;
  /** What follows from a change that is durable. */
  readonly act: (effects: readonly DesiredEffect[]) => void;
}

/** What a set request is answered at once; a pending one has a version to wait for. */
export type SetOutcome = SetAnswer & { readonly version?: string };

/**
 * The desired values of one twin. Changes take place one after the other: computed from the present state,
 * made durable, then acted upon.
 */
export class DesiredValues {
  #entries: DesiredEntries;
  #judgedBy: string;
  #device: Device | undefined;
  #model: DeviceModel | undefined;
  #tail: Promise<void>;
  #closed = false;

  constructor(
    entries: DesiredEntries,
    judgedBy: string,
    private readonly parts: DesiredParts,
  ) {
    this.#entries = entries;
    this.#judgedBy = judgedBy;
    this.#tail = parts.ready;
  }

  get entries(): DesiredEntries {
    return this.#entries;
  }

  /** Fingerprint of the model that the entries were judged by. */
  get judgedBy(): string {
    return this.#judgedBy;
  }

  /** The Device or its model changed: brings the entries in step with both. */
  follow(device: Device, model: DeviceModel | undefined): Promise<void> {
    this.#device = device;
    this.#model = model;
    for (const { version } of Object.values(device.status?.desired ?? {})) this.parts.versions.trust(version);
    return this.#serially(() => this.#follow());
  }

  /** Resolves once the value is durable or refused. */
  set(property: string, value: JsonValue, request: { readonly id?: RequestId }): Promise<SetOutcome> {
    let answer: SetOutcome = { ...request, state: "rejected", reason: "the device was removed" };
    const step = async () => {
      answer = { ...request, ...(await this.#set(property, value, request)) };
    };
    return this.#serially(step).then(() => answer);
  }

  settle(property: string, version: string, outcome: DesireOutcome): Promise<void> {
    return this.#serially(() =>
      this.#change(settleEntry(this.#entries, property, version, outcome, this.#now()), this.#judgedBy),
    );
  }

  /** Ends all changes; resolves when the one under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
  }

  async #follow(): Promise<void> {
    const [device, model] = [this.#device, this.#model];
    if (device === undefined) return;
    const judgedBy = model === undefined ? this.#judgedBy : fingerprint(model);
    const retry = judgedBy !== this.#judgedBy;
    const at = this.#now();
    await this.#change(followDevice(this.#entries, device, { node: this.parts.node, model, retry, at }), judgedBy);
  }

  async #set(
    property: string,
    value: JsonValue,
    request: DesiredEntry["request"] & object,
  ): Promise<Omit<SetOutcome, "id">> {
    const reason = this.#refuse(property, value);
    if (reason !== undefined) return { state: "rejected", reason };
    const { versions, node } = this.parts;
    const version = versions.next(versionFloor(this.#entries.get(property)));
    // The clock was ahead once, and versions cannot go back: what was known here is said instead.
    const known = versions.isFarAhead(version) ? knownFromCloud(this.#entries.get(property), node) : undefined;
    const entry = { value, version, at: this.#now(), origin: node, request };
    const next = setHere(this.#entries, property, known === undefined ? entry : { ...entry, overrules: known });
    try {
      await this.parts.store(next, this.#judgedBy);
    } catch (error) {
      return { state: "rejected", reason: `this node could not store it: ${errorMessage(error)}` };
    }
    this.#adopt(next, this.#judgedBy);
    return { state: "pending", version };
  }

  #refuse(property: string, value: JsonValue): string | undefined {
    if (this.#model === undefined) return "the model of the device is not on this node yet";
    const found = propertyOf(this.#model, property);
    if (found === undefined) return `the model ${this.#model.metadata.name} has no property ${property}`;
    return refuseDesired(found, value);
  }

  /**
   * A change that cannot be stored takes place all the same: what it came from, the replica or the device,
   * is there again after a restart.
   */
  async #change(next: DesiredEntries, judgedBy: string): Promise<void> {
    if (next === this.#entries && judgedBy === this.#judgedBy) return;
    try {
      await this.parts.store(next, judgedBy);
    } catch (error) {
      this.parts.logger.error("desired values were not stored", { device: this.#device?.metadata.name, error });
    }
    this.#adopt(next, judgedBy);
  }

  #adopt(next: DesiredEntries, judgedBy: string): void {
    const before = this.#entries;
    this.#entries = next;
    this.#judgedBy = judgedBy;
    if (!this.#closed) this.parts.act(desiredEffects(before, next));
  }

  #serially(step: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (error) {
        this.parts.logger.error("a change of desired values failed", { device: this.#device?.metadata.name, error });
      }
    });
    return this.#tail;
  }

  #now(): DesiredValue["at"] {
    return new Date(this.parts.clock.now()).toISOString();
  }
}
