import { setTimeout as wait } from "node:timers/promises";
import { SeededRandom } from "@skerry/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../e2e/skerry.ts";
import { Faulted } from "./installed.ts";

/** More of them: SKERRY_FAULT_KILLS=200. The moments: SKERRY_FAULT_SEED. */
const kills = Number(process.env["SKERRY_FAULT_KILLS"] ?? 20);
const seed = Number(process.env["SKERRY_FAULT_SEED"] ?? 1);

let node: Faulted;

beforeAll(async () => {
  node = await Faulted.start();
});

afterAll(() => node.installation.remove());

it(`kill -9, ${kills} times, of cloud and edge (SKERRY_FAULT_SEED=${seed})`, async () => {
  const random = new SeededRandom(seed);
  const ledger = await node.under("kill storm", async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      // Somewhere in their work, or while they start.
      await wait(random.next() * 1_500);
      const { pids } = await eventually("the processes", () => node.installation.endpoints());
      const victim = random.next() < 0.5 ? pids.cloud : pids.edge;
      try {
        process.kill(victim, "SIGKILL");
      } catch (error) {
        // It is dead already, and its successor not announced yet.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
    await node.agree(60);
    await wait(1_000);
  });
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(kills / 2);
}, 3_600_000);
