import type { KeyValueStore, LoggedEntry, Write } from "@skerry/contracts";
import { errors } from "../errors.ts";

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

/** An entry on disk, and what it takes of the budget. */
export interface StoredEntry {
  readonly sequence: number;
  readonly bytes: number;
}

/** All entries on disk, those that were answered and not yet deleted among them. */
export interface Stored {
  readonly entries: number;
  readonly bytes: number;
}

/** One log on disk: a head, and an entry a key, in order. The head counts them: a start need not read them all. */
export class LogDisk {
  readonly #store: KeyValueStore;
  readonly #type: string;
  #stored: Stored = { entries: 0, bytes: 0 };

  constructor(store: KeyValueStore, type: string) {
    this.#store = store;
    this.#type = type;
  }

  /** Needed before anything else. Errors: `SKERRY_LINK_LOG_CORRUPT`, as which numbers were given is not known. */
  async open(): Promise<LogHead & Stored> {
    const value = await this.#store.get(`${this.#type}/head`);
    const head = value ? parse(value) : [1, 0, 0, 0];
    if (!isHead(head)) throw errors.create("SKERRY_LINK_LOG_CORRUPT", { type: this.#type });
    const [next, dropped, entries, bytes] = head;
    this.#stored = { entries, bytes };
    return { next, dropped, entries, bytes };
  }

  /** Entries from a sequence on, as many as there are up to a limit. */
  async read(from: number, limit: number): Promise<readonly LoggedEntry[]> {
    // The character after the digits: the head has another key.
    const before = `${this.#type}/:`;
    const stored = await this.#store.range({ from: this.#key(from), before, limit });
    return stored.map(({ key, value }) => ({ sequence: Number(key.slice(-digits)), ...decode(value) }));
  }

  /** Puts what is not there and deletes what is, in one durable step. */
  async write(head: LogHead, puts: readonly LoggedEntry[], deletes: readonly StoredEntry[]): Promise<void> {
    const json = (value: unknown) => Buffer.from(JSON.stringify(value));
    const put = puts.reduce((sum, entry) => sum + entryBytes(entry), 0);
    const gone = deletes.reduce((sum, { bytes }) => sum + bytes, 0);
    const entries = this.#stored.entries + puts.length - deletes.length;
    const bytes = this.#stored.bytes + put - gone;
    await this.#store.write([
      { type: "put", key: `${this.#type}/head`, value: json([head.next, head.dropped, entries, bytes]) },
      ...puts.map(({ sequence, at, name, value }): Write => {
        return { type: "put", key: this.#key(sequence), value: json([at, name, value]) };
      }),
      ...deletes.map(({ sequence }): Write => ({ type: "delete", key: this.#key(sequence) })),
    ]);
    this.#stored = { entries, bytes };
  }

  #key(sequence: number): string {
    return `${this.#type}/${String(sequence).padStart(digits, "0")}`;
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

function isHead(head: unknown): head is readonly [number, number, number, number] {
  return Array.isArray(head) && head.length === 4 && head.every((count) => Number.isSafeInteger(count) && count >= 0);
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
