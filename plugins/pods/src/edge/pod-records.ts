import type { KeyValueStore, Logger, Storage } from "@skerry/contracts";
import { decodeRecord, encodeRecord, type PodRecord } from "./pod-record.ts";

/** The durable side of all Pods of a node: one key a Pod, its uid, in the store `pods`. */
export class PodRecords {
  #store: KeyValueStore | undefined;

  constructor(
    private readonly storage: Storage,
    private readonly logger: Logger,
  ) {}

  /** Opens the store and gives all it has. A record that cannot be read is logged, and counts as absent. */
  async load(): Promise<readonly PodRecord[]> {
    this.#store = await this.storage.open("pods");
    const entries = await this.#store.range();
    return entries.flatMap(({ key, value }) => {
      const record = decodeRecord(value);
      if (record !== undefined) return [record];
      this.logger.error("a stored Pod cannot be read and starts anew", { uid: key, bytes: value.length });
      return [];
    });
  }

  /** Resolves when the record survives a power cut. */
  async put(record: PodRecord): Promise<void> {
    await this.#store?.write([{ type: "put", key: record.identity.uid, value: encodeRecord(record) }]);
  }

  async remove(uid: string): Promise<void> {
    await this.#store?.write([{ type: "delete", key: uid }]);
  }
}
