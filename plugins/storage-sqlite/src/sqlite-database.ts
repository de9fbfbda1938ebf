import sqlite3 from "sqlite3";

export type SqliteValue = string | number | Uint8Array;

/**
 * SQLite with promises and a cache of prepared statements. One connection: a statement issued while a
 * transaction is open takes part in it. Rejects with the errors of `sqlite3`.
 */
export class SqliteDatabase {
  readonly #handle: sqlite3.Database;
  readonly #statements = new Map<string, Promise<sqlite3.Statement>>();

  private constructor(handle: sqlite3.Database) {
    this.#handle = handle;
  }

  /** Opens an existing file, or `:memory:`. */
  static open(path: string): Promise<SqliteDatabase> {
    return new Promise((resolve, reject) => {
      const flags = sqlite3.OPEN_READWRITE | sqlite3.OPEN_FULLMUTEX;
      const handle: sqlite3.Database = new sqlite3.Database(path, flags, (error) =>
        error ? reject(error) : resolve(new SqliteDatabase(handle)),
      );
    });
  }

  /** Waits this long for the lock of another process. */
  set busyTimeoutMs(milliseconds: number) {
    this.#handle.configure("busyTimeout", milliseconds);
  }

  /** Runs statements once, without keeping them prepared. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#handle.exec(sql, (error) => (error ? reject(error) : resolve()));
    });
  }

  async run(sql: string, parameters: readonly SqliteValue[] = []): Promise<void> {
    const statement = await this.#prepare(sql);
    await new Promise<void>((resolve, reject) => {
      statement.run(parameters, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Also the way to read one row: `Statement.get` would leave its read transaction open. */
  async all<Row>(sql: string, parameters: readonly SqliteValue[] = []): Promise<readonly Row[]> {
    const statement = await this.#prepare(sql);
    return await new Promise<readonly Row[]>((resolve, reject) => {
      statement.all<Row>(parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  }

  async close(): Promise<void> {
    const statements = await Promise.allSettled(this.#statements.values());
    this.#statements.clear();
    for (const result of statements) {
      if (result.status === "fulfilled") {
        result.value.finalize();
      }
    }
    await new Promise<void>((resolve, reject) => {
      this.#handle.close((error) => (error ? reject(error) : resolve()));
    });
  }

  #prepare(sql: string): Promise<sqlite3.Statement> {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      return known;
    }
    const preparing = new Promise<sqlite3.Statement>((resolve, reject) => {
      const statement: sqlite3.Statement = this.#handle.prepare(sql, (error: Error | null) => {
        if (error) {
          this.#statements.delete(sql);
          reject(error);
        } else {
          resolve(statement);
        }
      });
    });
    this.#statements.set(sql, preparing);
    return preparing;
  }
}
