import { fork } from "node:child_process";
import { parseOptions, type SimOptions } from "./options.ts";
import { runSeed } from "./run-seed.ts";
import type { WorldOptions } from "./sim-world.ts";
import { lineOf, noTotals, sumOf, type Totals, totalsOf } from "./totals.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

async function run(options: SimOptions): Promise<Totals> {
  let totals = noTotals;
  const { first, seeds, trace } = options;
  for (let seed = first; seed < first + seeds; seed += 1) {
    const result = await runSeed({ ...worldOf(options), seed, trace });
    for (const line of result.lines) say(line);
    if (result.flaws.length > 0) {
      for (const { kind, text } of result.flaws.slice(0, 5)) say(`seed ${seed}: ${kind}: ${text}`);
      say(`replay: npm run sim -- --first ${[seed, "--seeds 1", ...wordsOf(options)].join(" ")} --trace`);
    }
    if (trace) say(`seed ${seed}: digest ${result.digest}, agreed after ${result.convergedAfterMs} ms`);
    totals = sumOf(totals, totalsOf(result));
  }
  return totals;
}

/** What a seed alone does not decide. */
function worldOf({ clouds, mangle }: SimOptions): Omit<WorldOptions, "seed"> {
  return { mangling: mangle, ...(clouds === undefined ? {} : { clouds }) };
}

function wordsOf({ clouds, mangle }: SimOptions): readonly string[] {
  return [...(clouds === undefined ? [] : ["--clouds", String(clouds)]), ...(mangle ? ["--mangle"] : [])];
}

/** The same program once more, for a part of the seeds. */
function runElsewhere(options: SimOptions): Promise<Totals> {
  const { first, seeds } = options;
  const words = ["--jobs", "1", "--first", String(first), "--seeds", String(seeds), ...wordsOf(options)];
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1] ?? "", words);
    let totals: Totals | undefined;
    child.on("message", (message) => {
      totals = message as Totals;
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (totals) resolve(totals);
      else reject(new Error(`a part of the seeds, from ${first} on, ended with ${code} and no result`));
    });
  });
}

async function main(words: readonly string[]): Promise<number> {
  const options = parseOptions(words);
  if (typeof options === "string") {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  const { first, seeds } = options;
  const jobs = options.trace ? 1 : Math.min(options.jobs, seeds);
  const share = Math.ceil(seeds / jobs);
  const parts = Array.from({ length: Math.ceil(seeds / share) }, (_, index) => {
    return { ...options, first: first + index * share, seeds: Math.min(share, seeds - index * share) };
  });
  const results = await Promise.all(jobs === 1 ? [run(options)] : parts.map(runElsewhere));
  const totals = results.reduce(sumOf, noTotals);
  // A part of a larger run tells its parent, who adds up.
  if (process.send) process.send(totals);
  else say(lineOf(totals));
  return totals.failing.length > 0 ? 1 : 0;
}

void main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
    process.disconnect?.();
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
    process.disconnect?.();
  },
);
