import {
  type EventLog,
  type JsonValue,
  type LoggedEntry,
  type LogPolicy,
  type UplinkLog,
  uplinkErrors,
} from "@skerry/contracts";
import { FakeEventLog } from "./event-log.ts";

/** Wall clock of entries: 2026-01-01T00:00:00Z. */
const firstWall = Date.UTC(2026, 0, 1);

/** Logs in memory whose other end is the test. It keeps what is appended, for a test to look at. */
export class FakeUplinkLog implements UplinkLog {
  readonly policies = new Map<string, LogPolicy>();
  /** Every entry that was kept, in order. */
  readonly entries: { readonly type: string; readonly name: string; readonly value: JsonValue }[] = [];
  readonly #now: () => number;
  readonly #logs = new Map<string, FakeEventLog>();
  #receive: ((type: string, entry: LoggedEntry) => void) | undefined;

  constructor(now: () => number = () => firstWall) {
    this.#now = now;
  }

  open(type: string, policy: LogPolicy): EventLog {
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(type)) throw uplinkErrors.create("SKERRY_LINK_BAD_TYPE", { type });
    if (this.#logs.has(type)) throw uplinkErrors.create("SKERRY_LINK_LOG_OPEN", { type });
    this.policies.set(type, policy);
    const log = new FakeEventLog(type, policy, this.#now, ({ name, value }) =>
      this.entries.push({ type, name, value }),
    );
    this.#logs.set(type, log);
    this.#connect(type, log);
    return log;
  }

  /** There is a link: the other end gets what waits, and each entry as it is appended, and acknowledges it. */
  connect(receive: (type: string, entry: LoggedEntry) => void): void {
    this.#receive = receive;
    for (const [type, log] of this.#logs) this.#connect(type, log);
  }

  disconnect(): void {
    this.#receive = undefined;
    for (const log of this.#logs.values()) log.connect(undefined);
  }

  #connect(type: string, log: FakeEventLog): void {
    const receive = this.#receive;
    if (receive) log.connect((entry) => receive(type, entry));
  }
}
