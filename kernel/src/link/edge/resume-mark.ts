import type { Clock, KeyValueStore, Logger, Storage, Timer } from "@skerry/contracts";

const saveAfterMs = 1_000;
const key = "mark";

interface Mark {
  readonly feed: string;
  readonly sequence: number;
}

const nothing: Mark = { feed: "", sequence: 0 };

/**
 * How far the replica has followed which feed, over restarts. What it says may be older than what the replica holds,
 * never newer: the cloud then sends some objects again.
 */
export class ResumeMark {
  readonly #clock: Clock;
  readonly #log: Logger;
  #store: KeyValueStore | undefined;
  #mark = nothing;
  #saved = nothing;
  #timer: Timer | undefined;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  async open(storage: Storage): Promise<void> {
    this.#store = await storage.open("link");
    const value = await this.#store.get(key);
    this.#mark = this.#saved = (value && decode(value)) ?? nothing;
  }

  current(): Mark {
    return this.#mark;
  }

  /** The replica holds this much of this feed, on disk. */
  advance(feed: string, sequence: number): void {
    this.#mark = { feed, sequence };
    this.#timer ??= this.#clock.after(saveAfterMs, () => void this.save());
  }

  async save(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const mark = this.#mark;
    if (mark === this.#saved) return;
    try {
      await this.#store?.write([{ type: "put", key, value: Buffer.from(JSON.stringify([mark.feed, mark.sequence])) }]);
      this.#saved = mark;
    } catch (error) {
      this.#log.warn("how far the replica has come is not on disk; the next resume may cost more", { error });
    }
  }
}

function decode(value: Uint8Array): Mark | undefined {
  try {
    const [feed, sequence] = JSON.parse(Buffer.from(value).toString()) as [unknown, unknown];
    return typeof feed === "string" && Number.isSafeInteger(sequence)
      ? { feed, sequence: Number(sequence) }
      : undefined;
  } catch {
    return undefined;
  }
}
