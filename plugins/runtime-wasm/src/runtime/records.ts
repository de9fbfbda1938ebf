import {
  type Container,
  isSealed,
  type KeyValueStore,
  type Logger,
  type Sandbox,
  type Sealer,
  type Write,
} from "@skerry/contracts";

const sandboxPrefix = "sandbox/";
const containerPrefix = "container/";

/** Sandboxes and containers as they are on disk, each under its id. Containers are sealed: values of Secrets are in their environment. */
export class RuntimeRecords {
  readonly #store: KeyValueStore;
  readonly #sealer: Sealer;
  readonly #logger: Logger;

  constructor(store: KeyValueStore, sealer: Sealer, logger: Logger) {
    this.#store = store;
    this.#sealer = sealer;
    this.#logger = logger;
  }

  async sandboxes(): Promise<readonly Sandbox[]> {
    return this.#read<Sandbox>(sandboxPrefix);
  }

  async containers(): Promise<readonly Container[]> {
    return this.#read<Container>(containerPrefix);
  }

  async putSandbox(sandbox: Sandbox): Promise<void> {
    await this.#store.write([put(sandboxPrefix + sandbox.id, encoded(sandbox))]);
  }

  async putContainer(container: Container): Promise<void> {
    const key = containerPrefix + container.id;
    await this.#store.write([put(key, this.#sealer.seal(encoded(container), contextOf(key)))]);
  }

  async deleteContainer(id: string): Promise<void> {
    await this.#store.write([{ type: "delete", key: containerPrefix + id }]);
  }

  /** The sandbox and what was in it, at once. */
  async deleteSandbox(id: string, containers: readonly string[]): Promise<void> {
    const keys = [sandboxPrefix + id, ...containers.map((container) => containerPrefix + container)];
    await this.#store.write(keys.map((key) => ({ type: "delete", key })));
  }

  /** In the order they were made. A record that cannot be read is left out, and said. */
  async #read<T extends { readonly createdAt: number }>(prefix: string): Promise<readonly T[]> {
    const records: T[] = [];
    for (const { key, value } of await this.#store.range({ prefix })) {
      try {
        const bytes = isSealed(value) ? this.#sealer.open(value, contextOf(key)) : value;
        records.push(JSON.parse(Buffer.from(bytes).toString("utf8")) as T);
      } catch (error) {
        this.#logger.error("a record of the runtime cannot be read and is left out", { key, error });
      }
    }
    return records.sort((a, b) => a.createdAt - b.createdAt);
  }
}

function encoded(record: Sandbox | Container): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

function put(key: string, value: Uint8Array): Write {
  return { type: "put", key, value };
}

function contextOf(key: string): string {
  return `runtime-wasm ${key}`;
}
