import { createHash } from "node:crypto";
import type { KubeObject } from "@skerry/contracts";
import { canonicalJson } from "./canonical-json.ts";

/** 96 bits of SHA-256 in base64url: 16 characters. Compares; it does not authenticate. */
export type Digest = string;

const bytes = 12;

/** Digest of an object as it travels. */
export function objectDigest(object: KubeObject): Digest {
  return textDigest(canonicalJson(object));
}

/** Digest of an object's canonical JSON. */
export function textDigest(text: string): Digest {
  return createHash("sha256").update(text).digest().subarray(0, bytes).toString("base64url");
}

/** Digest of a whole set of objects: equal when every key and every object's digest is equal. */
export function rootDigest(digests: ReadonlyMap<string, Digest>): Digest {
  const lines = [...digests].map(([key, digest]) => `${key} ${digest}\n`).sort();
  return textDigest(lines.join(""));
}
