import type { KeyValueStore, Storage, Write } from "@skerry/contracts";
import type { StoredOrder } from "./outbox-order.ts";

export interface StoredState {
  readonly key: string;
  readonly sequence: number;
  /** The value as JSON. */
  readonly text: string;
}

export interface StoredOutbox {
  readonly states: readonly StoredState[];
  /** Keys of entries that cannot be read. */
  readonly damaged: readonly string[];
  /** Absent at the first start. */
  readonly order: StoredOrder | undefined;
}

/** No state has it: their keys have a slash. */
const orderKey = "order";

/** The outbox on disk: one entry a key, the newest state that was written down. */
export class OutboxDisk {
  #store: KeyValueStore | undefined;

  /** Opens the store and gives what it holds. */
  async open(storage: Storage): Promise<StoredOutbox> {
    this.#store = await storage.open("outbox");
    const states: StoredState[] = [];
    const damaged: string[] = [];
    let order: StoredOrder | undefined;
    for (const { key, value } of await this.#store.range()) {
      if (key === orderKey) order = decodeOrder(value);
      const state = key === orderKey ? undefined : decode(key, value);
      if (state) states.push(state);
      else if (key !== orderKey || !order) damaged.push(key);
    }
    return { states, damaged, order };
  }

  async writeOrder({ epoch, before }: StoredOrder): Promise<void> {
    const value = new TextEncoder().encode(JSON.stringify([epoch, before]));
    await this.#store?.write([{ type: "put", key: orderKey, value }]);
  }

  /** Writes and deletes in one durable step. */
  async write(puts: readonly StoredState[], deletes: readonly string[]): Promise<void> {
    await this.#store?.write([
      ...puts.map(({ key, sequence, text }): Write => {
        return { type: "put", key, value: new TextEncoder().encode(`[${sequence},${text}]`) };
      }),
      ...deletes.map((key): Write => ({ type: "delete", key })),
    ]);
  }
}

function decode(key: string, bytes: Uint8Array): StoredState | undefined {
  try {
    const [sequence, value] = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as [number, unknown];
    return Number.isSafeInteger(sequence) && value !== undefined
      ? { key, sequence, text: JSON.stringify(value) }
      : undefined;
  } catch {
    return undefined;
  }
}

function decodeOrder(bytes: Uint8Array): StoredOrder | undefined {
  try {
    const [epoch, before] = JSON.parse(new TextDecoder().decode(bytes)) as [unknown, unknown];
    return typeof epoch === "string" && Number.isSafeInteger(before) ? { epoch, before: Number(before) } : undefined;
  } catch {
    return undefined;
  }
}
