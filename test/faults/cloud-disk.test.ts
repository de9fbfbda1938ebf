import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, skerry } from "../e2e/skerry.ts";
import { Apart } from "./apart.ts";
import type { Ledger } from "./ledger.ts";
import { NodeDisk } from "./node-disk.ts";
import { valuesGoOn } from "./values-go-on.ts";

let node: Apart;
let disk: NodeDisk;

beforeAll(async () => {
  node = await Apart.prepare(async ({ home }) => {
    disk = await NodeDisk.create(home, 24, "cloud");
    return {};
  });
  for (const part of ["meter", "cloud", "edge"] as const) await node.start(part);
});

afterAll(async () => {
  await node?.stopAll();
  await disk?.release();
  await node?.installation.remove();
});

/** The embedded API refuses what it cannot keep and still tells what it has; `skerry status` says why; the edge works. */
async function saysSo(reason: RegExp, ledger: Ledger): Promise<void> {
  const kube = await node.kube();
  const before = ledger.counts.acknowledged;
  const data = { text: "x".repeat(500_000) };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "late" }, data };
  const refused = await kube.post("/api/v1/namespaces/default/configmaps", object);
  expect(refused).toMatchObject({ status: 503, body: { reason: "ServiceUnavailable" } });
  expect(refused.body.message).toMatch(reason);
  expect((await kube.get("/api/v1/nodes/edge-1")).status).toBe(200);
  const { out } = await skerry(["status", "cloud", "--home", node.home]);
  expect(out).toMatch(/takes no writes, \d+ failed/);
  expect(out).toMatch(reason);
  await valuesGoOn(await node.mqtt());
  await eventually("acknowledgements", async () => ledger.counts.acknowledged > before + 20 || undefined, 20);
}

it("the cloud's disk is full under load: it is said, edges go on, and nothing is lost", async () => {
  const ledger = await node.under("full disk of the cloud", async (seen) => {
    await wait(1_000);
    await disk.fill();
    await saysSo(/the disk is full/, seen);
    await disk.makeRoom();
    expect(await node.agree(3)).toBeLessThan(3_000);
  });
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(20);
}, 120_000);

it("the cloud's file system dies into read-only: it is said, edges go on, and nothing is lost", async () => {
  let convergedMs = 0;
  const ledger = await node.under("read-only disk of the cloud", async (seen) => {
    await wait(1_000);
    await disk.abort();
    await saysSo(/the database \S+ cannot be used/, seen);
    const began = performance.now();
    await node.stop("cloud");
    expect(performance.now() - began).toBeLessThan(5_000);
    await eventually("offline", async () => (await node.status()).link.state === "offline" || undefined, 10);
    await disk.repair();
    await node.start("cloud");
    convergedMs = await node.agree(10);
  });
  process.stdout.write(`read-only disk of the cloud: in step ${Math.round(convergedMs)} ms after it served again\n`);
  expect(convergedMs).toBeLessThan(3_000);
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(20);
}, 120_000);
