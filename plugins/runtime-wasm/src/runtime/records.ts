import type { Container, KeyValueStore, Logger, Sandbox, Write } from "@skerry/contracts";

const sandboxPrefix = "sandbox/";
const containerPrefix = "container/";

/** Sandboxes and containers as they are on disk, each under its id. */
export class RuntimeRecords {
  readonly #store: KeyValueStore;
  readonly #logger: Logger;

  constructor(store: KeyValueStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  async sandboxes(): Promise<readonly Sandbox[]> {
    return this.#read<Sandbox>(sandboxPrefix);
  }

  async containers(): Promise<readonly Container[]> {
    return this.#read<Container>(containerPrefix);
  }

  async putSandbox(sandbox: Sandbox): Promise<void> {
    await this.#store.write([put(sandboxPrefix, sandbox)]);
  }

  async putContainer(container: Container): Promise<void> {
    await this.#store.write([put(containerPrefix, container)]);
  }

  async deleteContainer(id: string): Promise<void> {
    await this.#store.write([{ type: "delete", key: containerPrefix + id }]);
  }

  /** The sandbox and what was in it, at once. */
  async deleteSandbox(id: string, containers: readonly string[]): Promise<void> {
    const keys = [sandboxPrefix + id, ...containers.map((container) => containerPrefix + container)];
    await this.#store.write(keys.map((key) => ({ type: "delete", key })));
  }

  /** In the order they were made. A record that is not JSON is left out, and said. */
  async #read<T extends { readonly createdAt: number }>(prefix: string): Promise<readonly T[]> {
    const records: T[] = [];
    for (const { key, value } of await this.#store.range({ prefix })) {
      try {
        records.push(JSON.parse(Buffer.from(value).toString("utf8")) as T);
      } catch (error) {
        this.#logger.error("a record of the runtime cannot be read and is left out", { key, error });
      }
    }
    return records.sort((a, b) => a.createdAt - b.createdAt);
  }
}

function put(prefix: string, record: Sandbox | Container): Write {
  return { type: "put", key: prefix + record.id, value: Buffer.from(JSON.stringify(record)) };
}
