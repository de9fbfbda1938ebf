import { type KeyRange, storageLimits, type Write } from "./storage.ts";
import { storageErrors } from "./storage-errors.ts";

const loneSurrogate = /\p{Surrogate}/u;

/** Throws `SKERRY_STORAGE_BAD_NAME`. */
export function checkStoreName(name: string): void {
  if (!/^[a-z0-9-]{1,64}$/.test(name)) {
    throw storageErrors.create("SKERRY_STORAGE_BAD_NAME", { name: name.slice(0, 80) });
  }
}

/** Throws `SKERRY_STORAGE_BAD_KEY` or `SKERRY_STORAGE_TOO_LARGE`. */
export function checkKey(store: string, key: string): void {
  if (loneSurrogate.test(key)) {
    throw storageErrors.create("SKERRY_STORAGE_BAD_KEY", { store, key: JSON.stringify(key.slice(0, 80)) });
  }
  checkSize(store, "a key", Buffer.byteLength(key), storageLimits.keyBytes);
}

/** Throws what `checkKey` throws, and `SKERRY_STORAGE_TOO_LARGE` for a value. */
export function checkBatch(store: string, batch: readonly Write[]): void {
  for (const write of batch) {
    checkKey(store, write.key);
    if (write.type === "put") {
      checkSize(store, `the value of key ${write.key}`, write.value.byteLength, storageLimits.valueBytes);
    }
  }
}

/** Throws `SKERRY_STORAGE_BAD_RANGE`. */
export function checkRange(store: string, range: KeyRange): void {
  const { prefix, from, before, limit } = range;
  if (prefix !== undefined && (from !== undefined || before !== undefined)) {
    throw storageErrors.create("SKERRY_STORAGE_BAD_RANGE", { store, problem: "prefix excludes from and before" });
  }
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 0)) {
    throw storageErrors.create("SKERRY_STORAGE_BAD_RANGE", {
      store,
      problem: `limit ${limit} is not a whole number from 0`,
    });
  }
  if ([prefix, from, before].some((bound) => bound !== undefined && loneSurrogate.test(bound))) {
    throw storageErrors.create("SKERRY_STORAGE_BAD_RANGE", { store, problem: "a bound is not well-formed Unicode" });
  }
}

function checkSize(store: string, what: string, bytes: number, limit: number): void {
  if (bytes > limit) {
    throw storageErrors.create("SKERRY_STORAGE_TOO_LARGE", { what, store, bytes, limit });
  }
}
