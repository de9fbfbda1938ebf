import type { Story } from "./story.ts";

interface KeyRecord {
  /** The newest value that was put. Values of a key rise. */
  put: number;
  /** The newest whose put resolved in a process that lived. */
  acknowledged: number;
  /** Up to this one nothing is promised: the key was forgotten. */
  forgotten: number;
  received: number;
}

/** What was put at the edge, what of it was promised, and what the cloud received: one number after the other for each key. */
export class StateLedger {
  readonly #story: Story;
  readonly #keys = new Map<string, KeyRecord>();
  #acknowledged = 0;

  constructor(story: Story) {
    this.#story = story;
  }

  /** Puts that resolved. */
  get acknowledgements(): number {
    return this.#acknowledged;
  }

  /** A new value for a key, which is then put. */
  next(key: string): number {
    const record = this.#record(key);
    record.put += 1;
    return record.put;
  }

  acknowledged(key: string, value: number): void {
    const record = this.#record(key);
    if (value > record.forgotten) record.acknowledged = Math.max(record.acknowledged, value);
    this.#acknowledged += 1;
  }

  /** Nothing is promised of this key any more. */
  forgotten(key: string): void {
    const record = this.#record(key);
    record.acknowledged = 0;
    record.forgotten = record.put;
  }

  /** The cloud's receiver has it durably. */
  received(key: string, value: number): void {
    const record = this.#record(key);
    if (value > record.put || value < 1) this.#story.flaw("phantom", `${key}=${value} was received, and never put`);
    if (value < record.received)
      this.#story.flaw("reordered", `${key}=${value} was received after ${key}=${record.received}`);
    record.received = Math.max(record.received, value);
  }

  /** Keys whose newest acknowledged value, or a newer one, has not been received. */
  missing(): readonly string[] {
    return [...this.#keys]
      .filter(([, { acknowledged, received }]) => received < acknowledged)
      .map(([key, { acknowledged, received }]) => `${key}=${acknowledged} was acknowledged, ${received} received`);
  }

  #record(key: string): KeyRecord {
    const record = this.#keys.get(key) ?? { put: 0, acknowledged: 0, forgotten: 0, received: 0 };
    this.#keys.set(key, record);
    return record;
  }
}
