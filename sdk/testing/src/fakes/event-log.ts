import type { EventLog, EventLogStatus, JsonValue, LoggedEntry, LogPolicy } from "@skerry/contracts";
import { defineErrors } from "@skerry/plugin";

/** The errors that the contract `link.uplink-log/1` names, as the fake throws them. */
export const logErrors = defineErrors({
  SKERRY_LINK_BAD_TYPE: {
    family: "misuse",
    message: 'uplink type "{type}" must match [a-z][a-z0-9-]*',
    advice: "Use the type its receiver in the cloud declares.",
  },
  SKERRY_LINK_BAD_NAME: {
    family: "invalid",
    message: "an entry of the log {type} has no name",
    advice: "Name the subject.",
  },
  SKERRY_LINK_LOG_OPEN: {
    family: "misuse",
    message: 'the log "{type}" is open already',
    advice: "Open each log once, and share it.",
  },
  SKERRY_LINK_LOG_FULL: {
    family: "unavailable",
    message: 'the log "{type}" takes no more: {bytes} of {limit} bytes are used',
    advice: "Try again when the node is connected.",
  },
});

const defaultBytes = 16 * 1024 * 1024;
const overheadBytes = 64;

/** One log of a {@link FakeUplinkLog}, in memory. It has no age: it forgets for want of room alone. */
export class FakeEventLog implements EventLog {
  readonly #type: string;
  readonly #policy: LogPolicy;
  readonly #appended: (entry: LoggedEntry) => void;
  readonly #now: () => number;
  #waiting: LoggedEntry[] = [];
  #last = 0;
  #dropped = 0;
  #receive: ((entry: LoggedEntry) => void) | undefined;

  constructor(type: string, policy: LogPolicy, now: () => number, appended: (entry: LoggedEntry) => void) {
    this.#type = type;
    this.#policy = policy;
    this.#now = now;
    this.#appended = appended;
  }

  async append(name: string, value: JsonValue): Promise<"kept" | "dropped"> {
    const { whenFull, maximumBytes: limit = defaultBytes } = this.#policy;
    const type = this.#type;
    if (name === "") throw logErrors.create("SKERRY_LINK_BAD_NAME", { type });
    const entry = { sequence: this.#last + 1, at: this.#now(), name, value: structuredClone(value) };
    const needed = bytesOf([entry]);
    while (whenFull === "oldest" && bytesOf(this.#waiting) + needed > limit && this.#waiting.shift())
      this.#dropped += 1;
    const bytes = bytesOf(this.#waiting);
    const isFull = bytes + needed > limit;
    if (isFull && whenFull === "refuse") throw logErrors.create("SKERRY_LINK_LOG_FULL", { type, bytes, limit });
    this.#last += 1;
    if (isFull) {
      this.#dropped += 1;
      return "dropped";
    }
    this.#waiting.push(entry);
    this.#appended(entry);
    this.#bring();
    return "kept";
  }

  status(): EventLogStatus {
    const [entries, bytes] = [this.#waiting.length, bytesOf(this.#waiting)];
    return { type: this.#type, entries, bytes, dropped: this.#dropped, refused: 0 };
  }

  /** @param receive gets every entry, and has it durably when it returns; `undefined`: there is no link */
  connect(receive: ((entry: LoggedEntry) => void) | undefined): void {
    this.#receive = receive;
    this.#bring();
  }

  #bring(): void {
    if (!this.#receive) return;
    for (const entry of this.#waiting) this.#receive(entry);
    this.#waiting = [];
  }
}

function bytesOf(entries: readonly LoggedEntry[]): number {
  return entries.reduce((sum, { name, value }) => {
    return sum + Buffer.byteLength(name) + Buffer.byteLength(JSON.stringify(value)) + overheadBytes;
  }, 0);
}
