import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, skerry } from "../e2e/skerry.ts";
import { Faulted } from "./installed.ts";
import { NodeDisk } from "./node-disk.ts";
import { valuesGoOn } from "./values-go-on.ts";

let node: Faulted;
let disk: NodeDisk;

beforeAll(async () => {
  node = await Faulted.start(async ({ home }) => {
    disk = await NodeDisk.create(home, 24);
    // The node looks at its disk once a minute; here it looks each second.
    return { SKERRY_NODES_EDGE__REFRESH_MS: "1000" };
  });
});

afterAll(async () => {
  await node?.installation.stop();
  await disk?.release();
  await node?.installation.remove();
});

const diskPressure = async (): Promise<string> => {
  const { conditions } = (await (await node.kube()).get("/api/v1/nodes/edge-1")).body.status;
  return conditions.find(({ type }: { type: string }) => type === "DiskPressure").status;
};

it("the edge's disk is full for 10 s under load: devices go on, it is said, and it recovers", async () => {
  let recoveredMs = 0;
  let acknowledgedBefore = 0;
  const ledger = await node.under("full disk", async (seen) => {
    await wait(2_000);
    await disk.fill();
    const filled = performance.now();
    await valuesGoOn(await node.mqtt());
    await eventually("a status that says so", async () => {
      const { out } = await skerry(["status", "edge", "--home", node.installation.home]);
      return /takes no writes, \d+ failed: the disk is full/.test(out) ? true : undefined;
    });
    await eventually("DiskPressure", async () => ((await diskPressure()) === "True" ? true : undefined), 10);
    await wait(Math.max(0, 10_000 - (performance.now() - filled)));
    acknowledgedBefore = seen.counts.acknowledged;
    await disk.makeRoom();
    recoveredMs = await node.agree(10);
    await eventually("no DiskPressure", async () => ((await diskPressure()) === "False" ? true : undefined), 10);
    await eventually("an acknowledgement", async () => seen.counts.acknowledged > acknowledgedBefore || undefined, 5);
    const { out } = await skerry(["status", "edge", "--home", node.installation.home]);
    expect(out).not.toContain("takes no writes");
  });
  process.stdout.write(`full disk: in step ${Math.round(recoveredMs)} ms after there was room again\n`);
  expect(recoveredMs).toBeLessThan(3_000);
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(20);
}, 120_000);
