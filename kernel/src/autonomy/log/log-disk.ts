import type { KeyValueStore, LoggedEntry, Write } from "@skerry/contracts";

/** What a log knows of itself beside its entries. */
export interface LogHead {
  /** The next sequence to be given. */
  readonly next: number;
  /** Entries left out or forgotten so far. */
  readonly dropped: number;
}

/** Beside the name and the value: its keys, and what the storage adds. */
const overheadBytes = 64;
const digits = 16;

/** One log on disk: a head, and an entry a key, in order. */
export class LogDisk {
  readonly #store: KeyValueStore;
  readonly #type: string;

  constructor(store: KeyValueStore, type: string) {
    this.#store = store;
    this.#type = type;
  }

  async head(): Promise<LogHead> {
    const value = await this.#store.get(`${this.#type}/head`);
    const [next, dropped] = value ? (JSON.parse(Buffer.from(value).toString()) as [number, number]) : [1, 0];
    return { next, dropped };
  }

  /** Entries from a sequence on, as many as there are up to a limit. */
  async read(from: number, limit: number): Promise<readonly LoggedEntry[]> {
    // The character after the digits: the head has another key.
    const before = `${this.#type}/:`;
    const stored = await this.#store.range({ from: this.#key(from), before, limit });
    return stored.map(({ key, value }) => ({ sequence: Number(key.slice(-digits)), ...decode(value) }));
  }

  /** Puts and deletes in one durable step. */
  async write(head: LogHead, puts: readonly LoggedEntry[], deletes: readonly number[]): Promise<void> {
    const json = (value: unknown) => Buffer.from(JSON.stringify(value));
    await this.#store.write([
      { type: "put", key: `${this.#type}/head`, value: json([head.next, head.dropped]) },
      ...puts.map(({ sequence, at, name, value }): Write => {
        return { type: "put", key: this.#key(sequence), value: json([at, name, value]) };
      }),
      ...deletes.map((sequence): Write => ({ type: "delete", key: this.#key(sequence) })),
    ]);
  }

  #key(sequence: number): string {
    return `${this.#type}/${String(sequence).padStart(digits, "0")}`;
  }
}

/** An entry that cannot be read keeps its place, and its receiver is told so: a log has no silent holes. */
function decode(bytes: Uint8Array): Omit<LoggedEntry, "sequence"> {
  try {
    const [at, name, value] = JSON.parse(Buffer.from(bytes).toString()) as [number, string, LoggedEntry["value"]];
    return { at, name, value };
  } catch {
    return { at: 0, name: "damaged", value: null };
  }
}

/** What an entry takes of its log's budget. */
export function entryBytes({ name, value }: Pick<LoggedEntry, "name" | "value">): number {
  return Buffer.byteLength(name) + Buffer.byteLength(JSON.stringify(value)) + overheadBytes;
}
