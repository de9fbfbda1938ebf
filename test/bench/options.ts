/** How much a bench does. */
export interface BenchOptions {
  /** Single changes that are timed, each way. */
  readonly samples: number;
  /** How long values flow, and processes rest or work before they are measured. */
  readonly seconds: number;
  /** Simulated devices under load, each with `values` registers that are read every second. */
  readonly devices: number;
  readonly values: number;
  /** Simulated nodes on one cloud kernel. */
  readonly edges: number;
}

export const defaults: BenchOptions = { samples: 30, seconds: 20, devices: 100, values: 10, edges: 10_000 };

export interface BenchCommand {
  readonly names: readonly string[];
  readonly options: BenchOptions;
}

/** `twin footprint --devices 10`: names of benches, and numbers in place of the defaults; a text when it is wrong. */
export function parseCommand(words: readonly string[]): BenchCommand | string {
  const names: string[] = [];
  const given = new Map<string, number>();
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? "";
    if (!word.startsWith("--")) {
      names.push(word);
      continue;
    }
    const option = word.slice(2);
    const known = Object.keys(defaults);
    if (!known.includes(option))
      return `there is no option ${word}; there is: ${known.map((it) => `--${it}`).join(", ")}`;
    place += 1;
    const value = Number(words[place]);
    if (!Number.isInteger(value) || value < 1) return `expected a whole number above 0 after ${word}`;
    given.set(option, value);
  }
  return { names, options: { ...defaults, ...Object.fromEntries(given) } };
}
