import { availableParallelism } from "node:os";

export interface SimOptions {
  readonly seeds: number;
  readonly first: number;
  /** Processes that share the seeds. */
  readonly jobs: number;
  /** Prints the whole story of each seed. */
  readonly trace: boolean;
  /** Messages are duplicated and reordered too. */
  readonly mangle: boolean;
  /** Cloud kernels over the one API; default: as the seed has it. */
  readonly clouds?: number;
}

export const defaults: SimOptions = {
  seeds: 100,
  first: 1,
  jobs: Math.min(2, availableParallelism()),
  trace: false,
  mangle: false,
};

/** `--seeds 2000 --first 1 --jobs 2 --clouds 2 --trace`; a text when it is wrong. */
export function parseOptions(words: readonly string[]): SimOptions | string {
  const numbers: Record<string, number> = {};
  const flags = { trace: false, mangle: false };
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? "";
    if (word === "--trace" || word === "--mangle") {
      flags[word === "--trace" ? "trace" : "mangle"] = true;
      continue;
    }
    if (!["--seeds", "--first", "--jobs", "--clouds"].includes(word))
      return `there is no option ${word}; there is: --seeds, --first, --jobs, --clouds, --mangle, --trace`;
    place += 1;
    const value = Number(words[place]);
    if (!Number.isInteger(value) || value < 1) return `expected a whole number above 0 after ${word}`;
    numbers[word.slice(2)] = value;
  }
  return { ...defaults, ...numbers, ...flags };
}
