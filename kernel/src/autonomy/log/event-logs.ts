import {
  type Clock,
  type EventLog,
  type EventLogStatus,
  type KeyValueStore,
  type LoggedEntry,
  type Logger,
  type LogPolicy,
  type Random,
  type Storage,
  type UplinkLog,
  uplinkErrors,
} from "@skerry/contracts";
import type { StateLimits } from "../state-check.ts";
import { LogDisk } from "./log-disk.ts";
import { StoredLog } from "./stored-log.ts";

/** Where the logs send while there is a link. */
export type SendLog = (log: string, epoch: string, entries: readonly LoggedEntry[]) => void;

export interface LogsBudget {
  /** What the entries of all logs that wait for the cloud may take together, up to one write of each log. */
  readonly bytes: number;
}

export const defaultLogsBudget: LogsBudget = { bytes: 64 * 1024 * 1024 };

const longestType = 64;
const epochBytes = 9;

/** The node's logs. Guarantees: {@link UplinkLog}. */
export class EventLogs implements UplinkLog {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #limits: StateLimits;
  readonly #budget: LogsBudget;
  readonly #logs = new Map<string, StoredLog>();
  #store: KeyValueStore | undefined;
  #epoch = "";
  #send: SendLog | undefined;

  constructor(clock: Clock, random: Random, log: Logger, limits: StateLimits, budget: LogsBudget = defaultLogsBudget) {
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
    this.#limits = limits;
    this.#budget = budget;
  }

  /** Needed before any log is opened. */
  async start(storage: Storage): Promise<void> {
    const store = await storage.open("log");
    const known = await store.get("epoch");
    this.#epoch = known
      ? Buffer.from(known).toString()
      : Buffer.from(this.#random.bytes(epochBytes)).toString("base64url");
    if (!known) await store.write([{ type: "put", key: "epoch", value: Buffer.from(this.#epoch) }]);
    this.#store = store;
  }

  open(type: string, policy: LogPolicy): EventLog {
    if (!this.#store) throw uplinkErrors.create("SKERRY_LINK_STOPPED", {});
    if (!/^[a-z][a-z0-9-]*$/.test(type) || type.length > longestType)
      throw uplinkErrors.create("SKERRY_LINK_BAD_TYPE", { type });
    if (this.#logs.has(type)) throw uplinkErrors.create("SKERRY_LINK_LOG_OPEN", { type });
    const disk = new LogDisk(this.#store, type);
    const log = new StoredLog({
      ...{ type, policy, disk, clock: this.#clock, log: this.#log, limits: this.#limits },
      left: () => this.#budget.bytes - this.#bytes(),
    });
    this.#logs.set(type, log);
    if (this.#send) this.#attach(type, log, this.#send);
    return log;
  }

  status(): readonly EventLogStatus[] {
    return [...this.#logs.values()].map((log) => log.status());
  }

  /** There is a link: sends what waits. */
  attach(send: SendLog): void {
    this.#send = send;
    for (const [type, log] of this.#logs) this.#attach(type, log, send);
  }

  /** The link is gone: what was on its way counts as not sent. */
  detach(): void {
    this.#send = undefined;
    for (const log of this.#logs.values()) log.detach();
  }

  /** The cloud has the entries of a log up to one durably, or will never take them. `false`: nothing such is on its way. */
  answered(type: string, epoch: string, upTo: number, wasTaken: boolean): boolean {
    return epoch === this.#epoch && this.#logs.get(type)?.answered(upTo, wasTaken) === true;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#logs.values()].map((log) => log.stop()));
  }

  #bytes(): number {
    return this.status().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #attach(type: string, log: StoredLog, send: SendLog): void {
    log.attach((entries) => send(type, this.#epoch, entries));
  }
}
