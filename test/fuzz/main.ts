import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SeededRandom } from "@skerry/testing";
import { fuzz } from "./fuzz.ts";
import { targetsWith } from "./targets/index.ts";

const usage = "usage: npm run fuzz -- [--inputs N] [--first SEED] [--target NAME]…\n";
const corpus = "test/corpus";

/** Feeds every decoder; a crash is kept in the corpus, where `npm test` tries it again. */
async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      inputs: { type: "string", default: "100000" },
      first: { type: "string", default: "1" },
      target: { type: "string", multiple: true, default: [] },
    },
  });
  const [inputs, first] = [Number(values.inputs), Number(values.first)];
  const all = targetsWith(corpus);
  const targets = all.filter(({ name }) => values.target.length === 0 || values.target.includes(name));
  if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(first) || targets.length === 0) {
    process.stderr.write(`${usage}targets: ${all.map(({ name }) => name).join(", ")}\n`);
    return 2;
  }
  const totals = { inputs: 0, taken: 0, crashes: 0 };
  process.stdout.write(`target                  inputs    taken  slowest ms  grown KiB  crashes\n`);
  for (const target of targets) {
    const random = new SeededRandom(first);
    const result = await fuzz(target, {
      inputs: Math.ceil(inputs / targets.length),
      random,
      time: () => performance.now(),
    });
    const { taken, slowestMs, grownBytes, crashes } = result;
    const cells = [result.inputs, taken, slowestMs.toFixed(1), Math.round(grownBytes / 1024), crashes.length];
    process.stdout.write(`${target.name.padEnd(20)}${cells.map((cell) => String(cell).padStart(11)).join("")}\n`);
    for (const { input, error } of crashes) keep(target.name, input, error);
    totals.inputs += result.inputs;
    totals.taken += taken;
    totals.crashes += crashes.length;
  }
  const { inputs: fed, taken, crashes } = totals;
  process.stdout.write(
    `fuzz: targets ${targets.length}, inputs ${fed}, taken ${taken}, refused ${fed - taken - crashes}, crashes ${crashes}\n`,
  );
  return crashes > 0 ? 1 : 0;
}

function keep(target: string, input: Uint8Array, error: unknown): void {
  const name = `crash-${createHash("sha256").update(input).digest("hex").slice(0, 12)}`;
  mkdirSync(join(corpus, target), { recursive: true });
  writeFileSync(join(corpus, target, name), input);
  process.stdout.write(`  kept as ${join(corpus, target, name)}: ${error instanceof Error ? error.stack : error}\n`);
}

void main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exitCode = 2;
  },
);
