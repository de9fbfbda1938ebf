import { createHash } from "node:crypto";
import type { Digest } from "./digest.ts";

/** Sixty-four bits of SHA-256 in base64url. */
const digestBytes = 8;

/** Objects in a bucket that cost about as much to list as the digest of a bucket, times a few. */
const objectsPerBucket = 4;

/** The bucket of a key: the first bits of its SHA-256. */
export function bucketOf(key: string, bits: number): number {
  const hash = createHash("sha256").update(key).digest();
  return bits === 0 ? 0 : hash.readUInt16BE(0) >>> (16 - bits);
}

/** How many bits of buckets compare so many objects well. */
export function bucketBits(objects: number, most: number): number {
  return Math.min(most, Math.max(0, Math.ceil(Math.log2(objects / objectsPerBucket))));
}

/** A digest of what is held in each of 2^bits buckets: of the lines `key SP digest LF`, sorted. */
export function bucketDigests(digests: ReadonlyMap<string, Digest>, bits: number): readonly string[] {
  const lines: string[][] = Array.from({ length: 2 ** bits }, () => []);
  for (const [key, digest] of digests) lines[bucketOf(key, bits)]?.push(`${key} ${digest}\n`);
  return lines.map((bucket) => {
    const hash = createHash("sha256").update(bucket.sort().join("")).digest();
    return hash.subarray(0, digestBytes).toString("base64url");
  });
}

/** What is held in some of 2^bits buckets. */
export function inBuckets(
  digests: ReadonlyMap<string, Digest>,
  bits: number,
  buckets: readonly number[],
): ReadonlyMap<string, Digest> {
  const wanted = new Set(buckets);
  return new Map([...digests].filter(([key]) => wanted.has(bucketOf(key, bits))));
}
