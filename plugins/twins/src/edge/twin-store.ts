import type { Clock, KeyValueStore, Logger, Storage, Timer, TwinName } from "@skerry/contracts";
import { decodeRecord, encodeRecord, type TwinRecord } from "./twin-record.ts";

/** The durable side of all twins of a node: one key a twin, in the store `twins`. */
export class TwinStore {
  #store: KeyValueStore | undefined;
  #timer: Timer | undefined;
  readonly #waiting = new Map<TwinName, () => TwinRecord>();

  constructor(
    private readonly storage: Storage,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly delayMs: number,
  ) {}

  /** Opens the store and gives all it has. A record that cannot be read is logged and counts as absent. */
  async load(): Promise<ReadonlyMap<TwinName, TwinRecord>> {
    this.#store = await this.storage.open("twins");
    const records = new Map<TwinName, TwinRecord>();
    for (const { key, value } of await this.#store.range()) {
      const record = decodeRecord(value);
      if (record !== undefined) records.set(key, record);
      else this.logger.error("a stored twin cannot be read and starts empty", { twin: key, bytes: value.length });
    }
    return records;
  }

  /** Resolves when the record survives a power cut. */
  async put(name: TwinName, record: TwinRecord): Promise<void> {
    this.#waiting.delete(name);
    await this.#store?.write([{ type: "put", key: name, value: encodeRecord(record) }]);
  }

  /** Writes what `record` gives then, within the delay, together with other twins. */
  putLater(name: TwinName, record: () => TwinRecord): void {
    this.#waiting.set(name, record);
    this.#timer ??= this.clock.after(this.delayMs, () => void this.flush());
  }

  async remove(name: TwinName): Promise<void> {
    this.#waiting.delete(name);
    await this.#store?.write([{ type: "delete", key: name }]);
  }

  /** Writes what waits. A failure is logged and tried again with the next change. */
  async flush(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const batch = [...this.#waiting].map(([key, record]) => ({
      type: "put" as const,
      key,
      value: encodeRecord(record()),
    }));
    this.#waiting.clear();
    if (batch.length === 0) return;
    try {
      await this.#store?.write(batch);
    } catch (error) {
      this.logger.warn("reported values were not stored", { twins: batch.length, error });
    }
  }
}
