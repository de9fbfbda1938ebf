import type { Digest } from "../../autonomy/digest.ts";
import { budgets } from "../budgets.ts";
import type { Digests } from "../frames.ts";

/** What a node holds, in as many frames as their budgets ask for; one at least. */
export function digestFrames(digests: ReadonlyMap<string, Digest>): readonly Digests[] {
  const chunks: (readonly [string, Digest])[][] = [[]];
  // A flag and the brackets of the array.
  const empty = 3;
  let bytes = empty;
  for (const entry of digests) {
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    const chunk = chunks.at(-1) ?? [];
    if (chunk.length < budgets.digestsPerFrame && bytes + size <= budgets.digestsBytes) {
      chunk.push(entry);
      bytes += size;
    } else {
      chunks.push([entry]);
      bytes = empty + size;
    }
  }
  return chunks.map((entries, index) => ({ type: "digests", entries, isLast: index === chunks.length - 1 }));
}
