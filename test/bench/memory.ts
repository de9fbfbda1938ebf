import { readFile } from "node:fs/promises";

/** Memory of a process, in MiB. */
export interface Memory {
  /** Resident set. */
  readonly rss: number;
  /** Resident, shared pages divided by those who share them. */
  readonly pss: number;
  /** What the kernel cannot drop and read again from a file. */
  readonly anonymous: number;
}

const field = (text: string, name: string) =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) / 1024;

/** From `/proc/PID/smaps_rollup`. */
export async function memoryOf(pid: number): Promise<Memory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return { rss: field(text, "Rss"), pss: field(text, "Pss"), anonymous: field(text, "Anonymous") };
}

/** Resident MiB by what is mapped: a file's name, `[heap]`, `[stack]`, or `anonymous`. Largest first. */
export async function mappingsOf(pid: number): Promise<readonly (readonly [string, number])[]> {
  const text = await readFile(`/proc/${pid}/smaps`, "utf8");
  const totals = new Map<string, number>();
  let mapped = "";
  for (const line of text.split("\n")) {
    const header = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+\s*(.*)$/.exec(line);
    if (header) mapped = header[1] === "" ? "anonymous" : (header[1]?.split("/").at(-1) ?? "");
    const resident = /^Rss:\s+(\d+) kB/.exec(line)?.[1];
    if (resident !== undefined) totals.set(mapped, (totals.get(mapped) ?? 0) + Number(resident) / 1024);
  }
  return [...totals].sort(([, a], [, b]) => b - a);
}
