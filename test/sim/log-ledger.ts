import type { LogBatch } from "@skerry/contracts";
import type { Story } from "./story.ts";

interface LogRecord {
  appended: number;
  readonly kept: Set<number>;
  readonly received: Set<number>;
  newest: number;
  readonly values: Map<string, number>;
}

/** What was appended to each log of each node, what of it was kept, and what the cloud received. Values of a log rise. */
export class LogLedger {
  readonly #story: Story;
  readonly #logs = new Map<string, LogRecord>();

  constructor(story: Story) {
    this.#story = story;
  }

  /** Appends that resolved with `kept`. */
  get acknowledgements(): number {
    return [...this.#logs.values()].reduce((sum, { kept }) => sum + kept.size, 0);
  }

  next(log: string): number {
    const record = this.#record(log);
    record.appended += 1;
    return record.appended;
  }

  kept(log: string, value: number): void {
    this.#record(log).kept.add(value);
  }

  received(log: string, { epoch, entries }: LogBatch): void {
    const record = this.#record(log);
    for (const { sequence, value } of entries) {
      const number = Number(value);
      const known = record.values.get(`${epoch} ${sequence}`);
      if (known === number) continue;
      if (known !== undefined)
        this.#story.flaw("phantom", `entry ${sequence} of ${log} was ${known}, and came again as ${value}`);
      if (!(number >= 1 && number <= record.appended))
        this.#story.flaw("phantom", `entry ${sequence} of ${log} is ${value}, which was never appended`);
      if (number <= record.newest)
        this.#story.flaw("reordered", `entry ${sequence} of ${log} is ${value}, after ${record.newest}`);
      record.values.set(`${epoch} ${sequence}`, number);
      record.received.add(number);
      record.newest = Math.max(record.newest, number);
    }
  }

  /** Entries that were kept and not received. */
  missing(log: string): readonly number[] {
    const { kept, received } = this.#record(log);
    return [...kept].filter((value) => !received.has(value)).sort((one, other) => one - other);
  }

  #record(log: string): LogRecord {
    const made = { appended: 0, kept: new Set<number>(), received: new Set<number>(), newest: 0, values: new Map() };
    const record = this.#logs.get(log) ?? made;
    this.#logs.set(log, record);
    return record;
  }
}
