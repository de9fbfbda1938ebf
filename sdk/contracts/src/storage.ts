import { defineToken } from "@skerry/plugin";

/** Durable storage of one kernel, divided into named stores. */
export interface Storage {
  /**
   * Opens a store, creating it when absent. The same name gives the same data; two names never share a key.
   * @param name `[a-z0-9-]{1,64}`; else `SKERRY_STORAGE_BAD_NAME`
   */
  open(name: string): Promise<KeyValueStore>;
}

/**
 * An ordered map from strings to bytes.
 *
 * Guarantees: `write` is atomic, and resolves only after its effect survives a power cut (unless the
 * implementation declares `supports.durable: false`). Writes take effect in the order they were called.
 * A read sees every write that was called before it. Bytes handed in are not kept by reference, and
 * bytes handed out belong to the caller.
 *
 * Errors: `SKERRY_STORAGE_STOPPED` (misuse), `SKERRY_STORAGE_BAD_KEY` (misuse: not well-formed Unicode),
 * `SKERRY_STORAGE_BAD_RANGE` (misuse), `SKERRY_STORAGE_TOO_LARGE` (invalid), `SKERRY_STORAGE_FULL`
 * (unavailable; nothing of the batch was written), `SKERRY_STORAGE_CORRUPT` (corrupt).
 */
export interface KeyValueStore {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Entries in ascending order of the keys' UTF-8 bytes. */
  range(range?: KeyRange): Promise<readonly Entry[]>;
  write(batch: readonly Write[]): Promise<void>;
}

export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface KeyRange {
  /** First key, inclusive. */
  readonly from?: string;
  /** End, exclusive. */
  readonly before?: string;
  /** Only keys that start with this. Excludes `from` and `before`. */
  readonly prefix?: string;
  /** At most this many. Default: all. */
  readonly limit?: number;
}

/** Later operations of one batch win over earlier ones on the same key. */
export type Write =
  | { readonly type: "put"; readonly key: string; readonly value: Uint8Array }
  | { readonly type: "delete"; readonly key: string };

/** Longest key in UTF-8 bytes, and longest value in bytes. Beyond: `SKERRY_STORAGE_TOO_LARGE`. */
export const storageLimits = { keyBytes: 1024, valueBytes: 8 * 1024 * 1024 } as const;

export const Storage = defineToken<Storage>("storage.key-value/1");
