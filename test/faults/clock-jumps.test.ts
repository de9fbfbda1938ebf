import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../e2e/skerry.ts";
import { Apart } from "./apart.ts";
import type { Ledger } from "./ledger.ts";
import { ShiftedClock } from "./shifted-clock.ts";
import { valuesGoOn } from "./values-go-on.ts";

const jumps = ["-3h", "+1h", "+5y", "-20y"];
let node: Apart;
let edgeClock: ShiftedClock;
let cloudClock: ShiftedClock;

beforeAll(async () => {
  node = await Apart.prepare();
  edgeClock = await ShiftedClock.create(join(node.home, "edge-clock"));
  cloudClock = await ShiftedClock.create(join(node.home, "cloud-clock"));
  await node.start("meter");
  await node.start("cloud", { environment: cloudClock.environment });
  await node.start("edge", { environment: edgeClock.environment });
});

afterAll(async () => {
  await node?.stopAll();
  await node?.installation.remove();
});

/** After a jump: values are polled, sets are acknowledged, and the session is up or comes back within 3 s. */
async function goesOn(ledger: Ledger): Promise<void> {
  const before = ledger.counts.acknowledged;
  await valuesGoOn(await node.mqtt());
  await node.agree(3);
  await eventually("acknowledgements", async () => ledger.counts.acknowledged > before + 5 || undefined, 5);
}

/** Nobody hears the cloud for long enough that the edge begins a new session. */
async function endSession(): Promise<void> {
  const { pid } = node.part("cloud");
  process.kill(pid, "SIGSTOP");
  try {
    await eventually("offline", async () => (await node.status()).link.state === "offline" || undefined, 10);
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

const reasons = async (): Promise<readonly string[]> => {
  const { body } = await (await node.kube()).get("/api/v1/namespaces/default/events");
  return body.items.map(({ reason }: { reason: string }) => reason);
};

it("the edge's clock jumps hours back and years forward while it runs", async () => {
  let convergedMs = 0;
  const ledger = await node.under("edge's clock", async (seen) => {
    await wait(1_000);
    for (const offset of jumps) {
      await edgeClock.jump(offset);
      await goesOn(seen);
    }
    // To this clock the cloud's certificate has expired: it says so, and stands alone.
    await edgeClock.jump("+5y");
    await endSession();
    const { link } = await eventually("a reason", async () => {
      const found = await node.status();
      return found.link.code === "untrusted" ? found : undefined;
    });
    expect(link).toMatchObject({ state: "offline", reason: expect.stringMatching(/expired/) });
    expect(link.advice).toMatch(/clock/);
    await valuesGoOn(await node.mqtt());
    await edgeClock.jump("+0");
    convergedMs = await node.agree(10);
    await eventually("an Event", async () => (await reasons()).includes("ClockSet") || undefined, 20);
    await goesOn(seen);
  });
  process.stdout.write(`edge's clock: in step ${Math.round(convergedMs)} ms after it was right again\n`);
  expect(convergedMs).toBeLessThan(3_000);
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(100);
}, 120_000);

it("the cloud's clock jumps hours back and years forward while it runs", async () => {
  const ledger = await node.under("cloud's clock", async (seen) => {
    await wait(1_000);
    for (const offset of [...jumps, "+0"]) {
      await cloudClock.jump(offset);
      await goesOn(seen);
      // To this clock its own certificates have expired: what it could not write, it says, and tries again.
      if (offset === "+5y")
        await eventually("a reason", async () => /Unauthorized/.test(node.part("cloud").output) || undefined, 10);
    }
    await wait(1_000);
  });
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(100);
}, 120_000);
