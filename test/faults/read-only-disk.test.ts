import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Mqtt } from "../e2e/clients.ts";
import { eventually, skerry } from "../e2e/skerry.ts";
import { Apart } from "./apart.ts";
import { NodeDisk } from "./node-disk.ts";
import { valuesGoOn } from "./values-go-on.ts";

const relay = (verb: string) => `skerry/default/meter-1/${verb}/relay`;
/** The node looks at its disk once a minute; here it looks each second. */
const environment = { SKERRY_NODES_EDGE__REFRESH_MS: "1000" };
let node: Apart;
let disk: NodeDisk;

beforeAll(async () => {
  node = await Apart.prepare(async ({ home }) => {
    disk = await NodeDisk.create(home, 48);
    return {};
  });
  for (const part of ["meter", "cloud"] as const) await node.start(part);
  await node.start("edge", { environment });
});

afterAll(async () => {
  await node?.stopAll();
  await disk?.release();
  await node?.installation.remove();
});

const diskPressure = async (): Promise<string> => {
  const { conditions } = (await (await node.kube()).get("/api/v1/nodes/edge-1")).body.status;
  return conditions.find(({ type }: { type: string }) => type === "DiskPressure").reason;
};

/** What the node says to somebody who sets a value that it cannot keep. */
async function answer(): Promise<{ readonly state: string; readonly reason?: string }> {
  await using bus = await Mqtt.connect(await node.mqtt(), relay("result"));
  await bus.client.publishAsync(relay("set"), JSON.stringify({ value: true, id: "read-only" }));
  return await eventually("the result", async () => bus.last(relay("result")));
}

it("the edge's file system dies into read-only: the node goes on, says so, stops, and has lost nothing", async () => {
  let convergedMs = 0;
  const ledger = await node.under("read-only disk", async () => {
    await wait(2_000);
    await disk.abort();
    await valuesGoOn(await node.mqtt());
    expect(await answer()).toMatchObject({ state: "rejected", reason: expect.stringMatching(/could not store it/) });
    const { storage, link } = await eventually("a status that says so", async () => {
      const found = await node.status();
      return found.storage.state === "failing" && found.link.advice ? found : undefined;
    });
    expect(storage).toMatchObject({ code: "SKERRY_STORAGE_UNAVAILABLE", reason: expect.stringContaining("skerry.db") });
    expect(link.advice).toMatch(/disk/);
    const { out } = await skerry(["status", "edge", "--home", node.home]);
    expect(out).toMatch(/takes no writes, \d+ failed: the database \S+ cannot be used/);
    await eventually(
      "a condition that says so",
      async () => (await diskPressure()) === "DiskReadOnly" || undefined,
      20,
    );
    const began = performance.now();
    await node.stop("edge");
    expect(performance.now() - began).toBeLessThan(5_000);
    await disk.repair();
    await node.start("edge", { environment });
    convergedMs = await node.agree(10);
    await valuesGoOn(await node.mqtt());
    await eventually("a good condition", async () => (await diskPressure()) === "DiskSufficient" || undefined, 20);
  });
  process.stdout.write(`read-only disk: in step ${Math.round(convergedMs)} ms after the edge's start\n`);
  expect(convergedMs).toBeLessThan(3_000);
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(20);
}, 120_000);
