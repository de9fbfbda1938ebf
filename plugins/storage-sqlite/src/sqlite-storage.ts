import { resolve } from "node:path";
import {
  checkBatch,
  checkKey,
  checkRange,
  checkStoreName,
  type Entry,
  type KeyRange,
  type KeyValueStore,
  NodeInfo,
  type Storage,
  settingsToken,
  storageErrors,
  type Write,
} from "@skerry/contracts";
import { errorCode, errorMessage, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { commitBatches } from "./commit.ts";
import { CommitQueue } from "./commit-queue.ts";
import { databaseError } from "./database-error.ts";
import { memoryPath, openDatabaseFile } from "./database-file.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { createTable, selectOne, selectRange } from "./store-statements.ts";

export interface SqliteSettings {
  readonly path: string;
  readonly maximumBytes?: number;
}

const settings = settingsToken<SqliteSettings>();

interface Running {
  readonly database: SqliteDatabase;
  readonly queue: CommitQueue;
  /** Tables that exist, or are being created. */
  readonly tables: Map<string, Promise<void>>;
}

/** Writes that failed since the last one that did not. */
export interface FailingWrites {
  readonly writes: number;
  readonly code: string;
  readonly reason: string;
}

/** Storage in one SQLite file, which belongs to this process from `start` to `stop`. */
export class SqliteStorage implements Storage, Startable, Stoppable {
  /** Absolute, or `:memory:`. */
  readonly path: string;
  readonly #maximumBytes: number | undefined;
  #running: Running | undefined;
  #failing: FailingWrites | undefined;

  constructor(@inject(settings) { path, maximumBytes }: SqliteSettings, @inject(NodeInfo) node: NodeInfo) {
    this.path = path === memoryPath ? path : resolve(node.home, path);
    this.#maximumBytes = maximumBytes;
  }

  /** Absent while the last write succeeded. */
  get failing(): FailingWrites | undefined {
    return this.#failing;
  }

  async start(signal: AbortSignal): Promise<void> {
    const database = await this.#explain("*", openDatabaseFile({ path: this.path, maximumBytes: this.#maximumBytes }));
    if (signal.aborted) {
      await database.close();
      throw signal.reason;
    }
    this.#running = {
      database,
      queue: new CommitQueue(async (batches) => await commitBatches(database, batches)),
      tables: new Map(),
    };
  }

  async open(name: string): Promise<KeyValueStore> {
    const { database, queue, tables } = this.#checkRunning();
    checkStoreName(name);
    const creating =
      tables.get(name) ??
      this.#explain(
        name,
        queue.run(async () => await database.exec(createTable(name))),
      );
    tables.set(name, creating);
    creating.catch(() => tables.delete(name));
    await creating;
    return {
      get: async (key) => await this.#get(name, key),
      range: async (range) => await this.#range(name, range ?? {}),
      write: async (batch) => await this.#write(name, batch),
    };
  }

  /** Finishes what was called before. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.queue.idle();
    await running?.database.close();
  }

  async #get(store: string, key: string): Promise<Uint8Array | undefined> {
    const { database, queue } = this.#checkRunning();
    checkKey(store, key);
    const reading = queue.run(async () => await database.all<{ value: Buffer }>(selectOne(store), [key]));
    const [row] = await this.#explain(store, reading);
    return row === undefined ? undefined : plain(row.value);
  }

  async #range(store: string, range: KeyRange): Promise<readonly Entry[]> {
    const { database, queue } = this.#checkRunning();
    checkRange(store, range);
    const { sql, parameters } = selectRange(store, range);
    const reading = queue.run(async () => await database.all<{ key: string; value: Buffer }>(sql, parameters));
    const rows = await this.#explain(store, reading);
    return rows.map(({ key, value }) => ({ key, value: plain(value) }));
  }

  async #write(store: string, batch: readonly Write[]): Promise<void> {
    const { queue } = this.#checkRunning();
    checkBatch(store, batch);
    const writes = batch.map((write) =>
      write.type === "put" ? { ...write, value: Uint8Array.from(write.value) } : { ...write },
    );
    try {
      await this.#explain(store, queue.write({ store, writes }));
      this.#failing = undefined;
    } catch (error) {
      const failed = this.#failing?.writes ?? 0;
      this.#failing = { writes: failed + 1, code: errorCode(error) ?? "", reason: errorMessage(error) };
      throw error;
    }
  }

  async #explain<T>(store: string, promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      throw databaseError(error, this.path, store);
    }
  }

  #checkRunning(): Running {
    if (this.#running === undefined) {
      throw storageErrors.create("SKERRY_STORAGE_STOPPED", {});
    }
    return this.#running;
  }
}

/** Not a Buffer, whose `slice` would share memory where a Uint8Array's copies. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
