import type { Digest } from "../../autonomy/digest.ts";
import { bucketBits, bucketDigests, inBuckets } from "../../autonomy/digest-buckets.ts";
import { budgets } from "../wire/budgets.ts";
import type { Buckets, Compare, Digests, List } from "../wire/frames.ts";

/** The next thing to do: ask the node, or begin with what it holds of `wanted`; a text says what the node did wrong. */
export type Step =
  | { readonly ask: Compare | List }
  | { readonly wanted: ReadonlyMap<string, Digest>; readonly held: ReadonlyMap<string, Digest> }
  | string
  | undefined;

/**
 * Finds out what a node holds differently than it should: first by the digests of buckets of keys, then by those of the
 * keys in the buckets that differ, so that the bytes follow what differs and not what there is.
 */
export class ReplicaComparison {
  readonly #wanted: () => ReadonlyMap<string, Digest>;
  readonly #bits: number;
  readonly #held = new Map<string, Digest>();
  #buckets: readonly number[] | undefined;
  #keyBytes = 0;

  /** @param wanted what the node should hold now */
  constructor(wanted: () => ReadonlyMap<string, Digest>) {
    this.#wanted = wanted;
    this.#bits = bucketBits(wanted().size, budgets.bucketBits);
  }

  start(): Step {
    return this.#bits > 0 ? { ask: { type: "compare", bits: this.#bits } } : this.#list([0]);
  }

  buckets({ bits, digests }: Buckets): Step {
    if (bits !== this.#bits || this.#buckets) return "buckets that were not asked for";
    const wanted = bucketDigests(this.#wanted(), bits);
    const differing = wanted.flatMap((digest, bucket) => (digest === digests[bucket] ? [] : [bucket]));
    return differing.length > 0 ? this.#list(differing) : { wanted: new Map(), held: new Map() };
  }

  digests({ entries, isLast }: Digests): Step {
    if (!this.#buckets) return "digests that were not asked for";
    for (const [key, digest] of entries) {
      this.#held.set(key, digest);
      this.#keyBytes += Buffer.byteLength(key);
    }
    if (this.#held.size > budgets.digestsPerNode || this.#keyBytes > budgets.digestKeyBytesPerNode) {
      return "too many digests";
    }
    return isLast ? { wanted: inBuckets(this.#wanted(), this.#bits, this.#buckets), held: this.#held } : undefined;
  }

  #list(buckets: readonly number[]): Step {
    this.#buckets = buckets;
    return { ask: { type: "list", bits: this.#bits, buckets } };
  }
}
