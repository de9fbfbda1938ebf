import type { SeedResult } from "./run-seed.ts";
import type { FlawKind } from "./story.ts";

/** What a run of many seeds comes to. */
export interface Totals {
  readonly seeds: number;
  readonly operations: number;
  readonly acknowledged: number;
  readonly flaws: Readonly<Record<FlawKind, number>>;
  /** Seeds that showed a flaw. */
  readonly failing: readonly number[];
}

export const noTotals: Totals = {
  seeds: 0,
  operations: 0,
  acknowledged: 0,
  flaws: { lost: 0, reordered: 0, phantom: 0, "not converged": 0, unbounded: 0 },
  failing: [],
};

export function totalsOf({ seed, operations, acknowledged, flaws }: SeedResult): Totals {
  const counted = { ...noTotals.flaws };
  for (const { kind } of flaws) counted[kind] += 1;
  return { seeds: 1, operations, acknowledged, flaws: counted, failing: flaws.length > 0 ? [seed] : [] };
}

export function sumOf(one: Totals, other: Totals): Totals {
  const flaws = { ...one.flaws };
  for (const kind of Object.keys(flaws) as FlawKind[]) flaws[kind] += other.flaws[kind];
  return {
    seeds: one.seeds + other.seeds,
    operations: one.operations + other.operations,
    acknowledged: one.acknowledged + other.acknowledged,
    flaws,
    failing: [...one.failing, ...other.failing],
  };
}

/** The last line of a run. */
export function lineOf({ seeds, operations, acknowledged, flaws }: Totals): string {
  const found = Object.entries(flaws).map(([kind, count]) => `${kind} ${count}`);
  return [`seeds ${seeds}`, `operations ${operations}`, `acknowledged ${acknowledged}`, ...found].join(", ");
}
