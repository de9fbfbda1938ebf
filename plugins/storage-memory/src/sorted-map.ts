import type { Entry, KeyRange, Write } from "@skerry/contracts";
import { compareKeys } from "./key-order.ts";

/** A map that can be walked in key order. Values are shared, not copied. */
export class SortedMap {
  readonly #keys: string[] = [];
  readonly #values = new Map<string, Uint8Array>();

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  apply(writes: readonly Write[]): void {
    for (const write of writes) {
      this.#applyOne(write);
    }
  }

  #applyOne(write: Write): void {
    const known = this.#values.has(write.key);
    if (write.type === "put") {
      if (!known) {
        this.#keys.splice(this.#position(write.key), 0, write.key);
      }
      this.#values.set(write.key, write.value);
    } else if (known) {
      this.#keys.splice(this.#position(write.key), 1);
      this.#values.delete(write.key);
    }
  }

  range(range: KeyRange): Entry[] {
    const entries: Entry[] = [];
    const limit = range.limit ?? Number.POSITIVE_INFINITY;
    for (let index = this.#position(range.prefix ?? range.from ?? ""); entries.length < limit; index += 1) {
      const key = this.#keys[index];
      if (key === undefined || !isBeforeEnd(key, range)) {
        return entries;
      }
      const value = this.#values.get(key);
      if (value !== undefined) {
        entries.push({ key, value });
      }
    }
    return entries;
  }

  copy(): SortedMap {
    const copy = new SortedMap();
    copy.#keys.push(...this.#keys);
    for (const [key, value] of this.#values) {
      copy.#values.set(key, value);
    }
    return copy;
  }

  /** Where `key` is, or belongs. */
  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#keys[middle] ?? "", key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

function isBeforeEnd(key: string, range: KeyRange): boolean {
  if (range.prefix !== undefined) {
    return key.startsWith(range.prefix);
  }
  return range.before === undefined || compareKeys(key, range.before) < 0;
}
