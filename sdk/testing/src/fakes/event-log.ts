import {
  type EventLog,
  type EventLogStatus,
  type JsonValue,
  type LoggedEntry,
  type LogPolicy,
  uplinkErrors,
} from "@skerry/contracts";

const defaultBytes = 16 * 1024 * 1024;
const nameBytes = 1024;
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
    if (name === "") throw uplinkErrors.create("SKERRY_LINK_BAD_NAME", { type, name, limit: nameBytes });
    const entry = { sequence: this.#last + 1, at: this.#now(), name, value: structuredClone(value) };
    const needed = bytesOf([entry]);
    while (whenFull === "oldest" && bytesOf(this.#waiting) + needed > limit && this.#waiting.shift())
      this.#dropped += 1;
    const bytes = bytesOf(this.#waiting);
    const isFull = bytes + needed > limit;
    if (isFull && whenFull === "refuse") throw uplinkErrors.create("SKERRY_LINK_LOG_FULL", { type, bytes, limit });
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
