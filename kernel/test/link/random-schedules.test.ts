import { LinkState, Uplink } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { ScheduleWorld } from "./schedule-world.ts";

/** More of them, or one that failed: SKERRY_SCHEDULES=1000, SKERRY_SEED=46 SKERRY_SCHEDULES=1. */
const schedules = Number(process.env["SKERRY_SCHEDULES"] ?? 40);
const firstSeed = Number(process.env["SKERRY_SEED"] ?? 1);
const steps = 150;

describe("rules 1 to 3 of the link", () => {
  it("hold under crashes, lost writes, full disks, lost connections and failing receivers, in any order", async () => {
    const counts: Record<string, number> = {};
    let received = 0;
    for (let seed = firstSeed; seed < firstSeed + schedules; seed += 1) {
      const world = new ScheduleWorld(seed);
      await world.start();
      for (let index = 0; index < steps; index += 1) await world.step();
      await world.settle();
      check(world);
      await world.stop();
      received += world.received.length;
      for (const [name, count] of Object.entries(world.counts)) counts[name] = (counts[name] ?? 0) + count;
    }
    // The schedules did try what they are for.
    expect(Object.keys(counts).length).toBe(16);
    expect(received).toBeGreaterThan(schedules * 10);
  }, 3_600_000);
});

function check(world: ScheduleWorld): void {
  const context = `SKERRY_SEED=${world.seed}: ${world.steps.join(", ")}`;
  expect(world.violations, context).toEqual([]);
  for (const [name, safe] of world.safe) {
    const last = world.received.findLast((report) => report.name === name)?.value;
    expect(last, `${name}; ${context}`).toBeGreaterThanOrEqual(safe);
  }
  expect(world.edge.service(Uplink).pending(), context).toBe(0);
  expect(world.edge.service(LinkState).current().state, context).toBe("online");
  expect(world.holds(), context).toEqual(world.wanted());
}
