import type { LoggedEntry } from "@skerry/contracts";
import { entryBytes, type LogDisk, type StoredEntry } from "./log-disk.ts";

/** Sends entries of a log; an answer for the last of them follows, or the lane is taken away. */
export type SendEntries = (entries: readonly LoggedEntry[]) => void;

/** Entries on their way, and what each takes of the budget. */
type Batch = readonly StoredEntry[];

const entriesPerBatch = 200;
const bytesPerBatch = 96 * 1024;
const batchesInFlight = 4;

/** Sends what is on disk in order, a few batches at a time; what was just written goes without being read back. */
export class LogSender {
  readonly #disk: LogDisk;
  readonly #do: (step: () => Promise<void>) => void;
  #send: SendEntries | undefined;
  #next = 1;
  #inFlight: Batch[] = [];
  #isReading = false;

  /** @param work runs a step when nothing else works on the log */
  constructor(disk: LogDisk, work: (step: () => Promise<void>) => void) {
    this.#disk = disk;
    this.#do = work;
  }

  /** @param first what to begin with */
  attach(send: SendEntries, first: number): void {
    this.#send = send;
    this.#inFlight = [];
    this.#next = first;
    this.#read();
  }

  detach(): void {
    this.#send = undefined;
    this.#inFlight = [];
  }

  isAttachedTo(send: SendEntries): boolean {
    return this.#send === send;
  }

  /** Reads what a failing disk did not give before. */
  goOn(): void {
    this.#read();
  }

  /** What is before this is no longer there. */
  forgot(first: number): void {
    this.#next = Math.max(this.#next, first);
  }

  /** The entries of the batches up to the one that ends with this; `undefined`: none such is on its way. */
  answered(upTo: number): Batch | undefined {
    const index = this.#inFlight.findIndex((batch) => batch.at(-1)?.sequence === upTo);
    if (index < 0) return undefined;
    const answered = this.#inFlight.splice(0, index + 1).flat();
    this.#read();
    return answered;
  }

  /** These were just put on disk, after everything else. */
  written(entries: readonly LoggedEntry[]): void {
    const isNext = entries[0]?.sequence === this.#next && !this.#isReading;
    if (isNext && firstOf(entries).length === entries.length && entries.length <= entriesPerBatch) this.#hand(entries);
    else this.#read();
  }

  #read(): void {
    if (!this.#send || this.#isReading || this.#inFlight.length >= batchesInFlight) return;
    this.#isReading = true;
    this.#do(async () => {
      // Also when the disk fails: it is read again later.
      this.#isReading = false;
      const entries = firstOf(await this.#disk.read(this.#next, entriesPerBatch));
      this.#hand(entries);
      if (entries.length > 0) this.#read();
    });
  }

  #hand(entries: readonly LoggedEntry[]): void {
    const last = entries.at(-1)?.sequence;
    if (!this.#send || last === undefined || this.#inFlight.length >= batchesInFlight) return;
    this.#inFlight.push(entries.map((entry) => ({ sequence: entry.sequence, bytes: entryBytes(entry) })));
    this.#next = last + 1;
    this.#send(entries);
  }
}

/** As many as a batch takes; one at least. */
function firstOf(entries: readonly LoggedEntry[]): readonly LoggedEntry[] {
  let bytes = 0;
  const end = entries.findIndex((entry, index) => {
    bytes += entryBytes(entry);
    return index > 0 && bytes > bytesPerBatch;
  });
  return end < 0 ? entries : entries.slice(0, end);
}
