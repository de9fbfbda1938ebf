import type { LoggedEntry, LogPolicy } from "@skerry/contracts";
import type { Append } from "./log-appends.ts";
import { entryBytes, type LogHead } from "./log-disk.ts";

export interface AppendPlan {
  /** The head after it. */
  readonly head: LogHead;
  readonly kept: readonly { readonly append: Append; readonly entry: LoggedEntry }[];
  /** Those there is no room for. */
  readonly full: readonly Append[];
  /** Bytes of those that are kept. */
  readonly bytes: number;
}

/** What becomes of appends when there is room for so many bytes. */
export function planAppends(
  appends: readonly Append[],
  head: LogHead,
  room: number,
  whenFull: LogPolicy["whenFull"],
): AppendPlan {
  const kept: AppendPlan["kept"][number][] = [];
  const full: Append[] = [];
  let bytes = 0;
  let { next } = head;
  for (const append of appends) {
    const size = entryBytes(append.entry);
    if (bytes + size <= room) {
      bytes += size;
      kept.push({ append, entry: { sequence: next, ...append.entry } });
      next += 1;
      continue;
    }
    full.push(append);
    // The receiver sees by the gap that something was left out; what was refused never was.
    if (whenFull !== "refuse") next += 1;
  }
  const dropped = head.dropped + (whenFull === "refuse" ? 0 : full.length);
  return { head: { next, dropped }, kept, full, bytes };
}
