import { describe, expect, it } from "vitest";
import { type BugName, bugNames } from "./bugs.ts";
import { runSeed } from "./run-seed.ts";
import { stepNames } from "./schedule.ts";
import type { FlawKind } from "./story.ts";

const seeds = 40;
/** Within so many seeds the checker finds each mistake. */
const seedsPerBug = 40;

describe("the simulation", () => {
  it("finds nothing wrong with the link, and tries everything it knows", async () => {
    const made = new Set<string>();
    let acknowledged = 0;
    for (let seed = 1; seed <= seeds; seed += 1) {
      const result = await runSeed({ seed });
      expect(result.flaws, `npm run sim -- --first ${seed} --seeds 1 --trace`).toEqual([]);
      for (const name of Object.keys(result.steps)) made.add(name);
      acknowledged += result.acknowledged;
    }
    expect([...made].sort()).toEqual([...stepNames].sort());
    expect(acknowledged).toBeGreaterThan(seeds * 20);
  });

  it("finds a session ended with a code, and no wrong state or object, where messages are duplicated and reordered", async () => {
    const ends: string[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { flaws, lines } = await runSeed({ seed, mangling: true, trace: true });
      expect(flaws, `npm run sim -- --first ${seed} --seeds 1 --mangle --trace`).toEqual([]);
      ends.push(...lines.filter((line) => line.endsWith("(4000)")));
    }
    expect(ends.length).toBeGreaterThan(seeds / 2);
  });

  it("makes the same of the same seed, byte for byte, and something else of another", async () => {
    const one = await runSeed({ seed: 7, trace: true });
    const same = await runSeed({ seed: 7, trace: true });
    const other = await runSeed({ seed: 8 });
    expect(one.lines.length).toBeGreaterThan(100);
    expect(same.lines).toEqual(one.lines);
    expect(same.digest).toBe(one.digest);
    expect(other.digest).not.toBe(one.digest);
  });
});

describe("a link that", () => {
  const shows: Readonly<Record<BugName, FlawKind>> = {
    "acknowledges before the write": "lost",
    "delivers an older state again": "reordered",
    "forgets to remove an object": "phantom",
    "judges by a view that is behind": "reordered",
    "loses the outbox at a restart": "lost",
    "loses the replica at a restart": "lost",
    "loses entries of a log": "lost",
  };

  it.each(bugNames)("%s is found", async (bug) => {
    const found = new Set<FlawKind>();
    for (let seed = 1; seed <= seedsPerBug && !found.has(shows[bug]); seed += 1) {
      const world = bug === "judges by a view that is behind" ? { clouds: 2 } : {};
      for (const { kind } of (await runSeed({ seed, bug, ...world })).flaws) found.add(kind);
    }
    expect([...found]).toContain(shows[bug]);
  });
});
