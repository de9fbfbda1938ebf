import type { KeyValueStore, Storage, Write } from "@skerry/contracts";

export interface StoredState {
  readonly key: string;
  readonly sequence: number;
  /** The value as JSON. */
  readonly text: string;
}

/** The outbox on disk: one entry a key, the newest state that was written down. */
export class OutboxDisk {
  #store: KeyValueStore | undefined;

  /** Opens the store and gives what it holds. Entries that cannot be read are given as keys. */
  async open(storage: Storage): Promise<{ states: readonly StoredState[]; damaged: readonly string[] }> {
    this.#store = await storage.open("outbox");
    const states: StoredState[] = [];
    const damaged: string[] = [];
    for (const { key, value } of await this.#store.range()) {
      const state = decode(key, value);
      if (state) states.push(state);
      else damaged.push(key);
    }
    return { states, damaged };
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
