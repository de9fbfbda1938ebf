import type { Digest } from "../../autonomy/digest.ts";
import { budgets } from "../wire/budgets.ts";
import type { Digests } from "../wire/frames.ts";

/** What a node holds, in as many frames as their budgets ask for; one at least. */
export function digestFrames(digests: ReadonlyMap<string, Digest>): readonly Digests[] {
  const chunks: (readonly [string, Digest])[][] = [[]];
  let bytes = 0;
  for (const entry of digests) {
    // Two bytes at most for the length of the key.
    const size = 2 + Buffer.byteLength(entry[0]) + budgets.digestBytes;
    const chunk = chunks.at(-1) ?? [];
    if (chunk.length < budgets.digestsPerFrame && bytes + size <= budgets.digestsBytes) {
      chunk.push(entry);
      bytes += size;
    } else {
      chunks.push([entry]);
      bytes = size;
    }
  }
  return chunks.map((entries, index) => ({ type: "digests", entries, isLast: index === chunks.length - 1 }));
}
