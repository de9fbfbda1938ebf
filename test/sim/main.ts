import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { runSeed } from "./run-seed.ts";

const usage = "usage: npm run sim -- [--seeds N] [--first S] [--jobs N] [--trace]\n";

interface Totals {
  seeds: number;
  operations: number;
  acknowledged: number;
  lost: number;
  reordered: number;
  phantom: number;
  notConverged: number;
}

const nothing: Totals = {
  seeds: 0,
  operations: 0,
  acknowledged: 0,
  lost: 0,
  reordered: 0,
  phantom: 0,
  notConverged: 0,
};

function add(into: Totals, more: Totals): void {
  for (const name of Object.keys(into) as (keyof Totals)[]) into[name] += more[name];
}

/** Runs these seeds here, one after the other. */
async function runHere(first: number, seeds: number, trace: boolean): Promise<Totals> {
  const totals = { ...nothing };
  for (let seed = first; seed < first + seeds; seed += 1) {
    const story = await runSeed(seed);
    add(totals, { seeds: 1, ...story.counts });
    if (trace) process.stdout.write(`${story.lines.join("\n")}\n`);
    if (story.violations.length === 0) continue;
    process.stdout.write(`seed ${seed} FAILED: ${story.violations.slice(0, 3).join("; ")}\n`);
    process.stdout.write(`  replay: npm run sim -- --first ${seed} --seeds 1 --trace\n`);
  }
  return totals;
}

/** Runs shares of the seeds in processes of their own. */
async function runShared(first: number, seeds: number, jobs: number): Promise<Totals> {
  const share = Math.ceil(seeds / jobs);
  const totals = { ...nothing };
  const shares = Array.from({ length: jobs }, (_, job) => ({
    from: first + job * share,
    count: Math.min(share, seeds - job * share),
  }));
  await Promise.all(
    shares
      .filter(({ count }) => count > 0)
      .map(({ from, count }) => {
        const child = fork(process.argv[1] ?? "", ["--first", String(from), "--seeds", String(count), "--jobs", "1"]);
        return new Promise<void>((resolve, reject) => {
          child.on("message", (message) => add(totals, message as Totals));
          child.on("error", reject);
          child.on("exit", (_, signal) => (signal ? reject(new Error(`a job ended with ${signal}`)) : resolve()));
        });
      }),
  );
  return totals;
}

async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seeds: { type: "string", default: "2000" },
      first: { type: "string", default: "1" },
      jobs: { type: "string", default: "2" },
      trace: { type: "boolean", default: false },
    },
  });
  const [seeds, first, jobs] = [values.seeds, values.first, values.jobs].map(Number) as [number, number, number];
  if (![seeds, first, jobs].every((number) => Number.isSafeInteger(number) && number > 0)) {
    process.stderr.write(usage);
    return 2;
  }
  const totals =
    jobs > 1 && seeds > 1 ? await runShared(first, seeds, jobs) : await runHere(first, seeds, values.trace);
  if (process.send) process.send(totals);
  else {
    const { operations, acknowledged, lost, reordered, phantom, notConverged } = totals;
    process.stdout.write(
      `sim: seeds ${totals.seeds}, operations ${operations}, acknowledged ${acknowledged}, lost ${lost}, reordered ${reordered}, phantom ${phantom}, not converged ${notConverged}\n`,
    );
  }
  const isWhole = totals.seeds === seeds;
  return isWhole && totals.lost + totals.reordered + totals.phantom + totals.notConverged === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
    if (process.connected) process.disconnect();
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n${usage}`);
    process.exitCode = 2;
  },
);
