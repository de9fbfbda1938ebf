import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, run, skerry } from "../e2e/skerry.ts";
import { Faulted, heartbeatMs } from "./installed.ts";
import { needProgram } from "./prerequisite.ts";

const table = `skerry_faults_${process.pid}`;
/** Two heartbeats, and what it takes to ask. */
const noticedWithinMs = 2 * heartbeatMs + 1_000;
const convergedWithinMs = 3_000;
let node: Faulted;

beforeAll(async () => {
  await needProgram(["nft", "--version"], "nftables");
  node = await Faulted.start();
});

afterAll(async () => {
  await heal();
  await node.installation.remove();
});

/** Drops every packet of the link: nobody is told, as when a cable is pulled far away. */
async function blackhole(): Promise<void> {
  const port = await node.linkPort();
  const rules = ["dport", "sport"].map((side) => `add rule inet ${table} in tcp ${side} ${port} drop`);
  const chain = `add table inet ${table}\nadd chain inet ${table} in { type filter hook input priority 0; }`;
  const made = await run("nft", ["-f", "-"], { input: `${chain}\n${rules.join("\n")}\n` });
  if (made.code !== 0) throw new Error(`nft could not drop packets (needs root): ${made.err}`);
}

async function heal(): Promise<void> {
  await run("nft", ["delete", "table", "inet", table]);
}

async function noticed(): Promise<number> {
  const began = performance.now();
  await eventually("offline", async () => ((await node.link()).state === "offline" ? true : undefined), 30);
  return performance.now() - began;
}

/** Whether the cloud kernel has a session of the node. */
async function cloudHasSession(): Promise<boolean> {
  const { out } = await skerry(["status", "cloud", "--home", node.installation.home, "-o", "json"]);
  const rows = JSON.parse(out).cloud.nodes as readonly { readonly node: string; readonly connected: boolean }[];
  return rows.some(({ node: name, connected }) => name === "edge-1" && connected);
}

it("packets of the link are dropped for 10 s: both sides notice, nothing is lost, and it heals in time", async () => {
  let healedMs = 0;
  const ledger = await node.under("dropped packets", async () => {
    await wait(1_000);
    await blackhole();
    expect(await noticed()).toBeLessThan(noticedWithinMs);
    await eventually("the cloud has noticed", async () => ((await cloudHasSession()) ? undefined : true), 10);
    await wait(8_000);
    await heal();
    healedMs = await node.agree(30);
    await wait(1_000);
  });
  process.stdout.write(`dropped packets: in step ${Math.round(healedMs)} ms after the packets passed again\n`);
  expect(healedMs).toBeLessThan(convergedWithinMs);
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(20);
}, 120_000);

it("the cloud's process is stopped for 10 s without closing anything", async () => {
  const ledger = await node.under("stopped cloud", async () => {
    await wait(1_000);
    process.kill(node.endpoints.pids.cloud, "SIGSTOP");
    try {
      expect(await noticed()).toBeLessThan(noticedWithinMs);
      await wait(8_000);
    } finally {
      process.kill(node.endpoints.pids.cloud, "SIGCONT");
    }
    await node.agree(30);
    await wait(1_000);
  });
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(20);
}, 120_000);

it("the edge's process is stopped for 5 s: the cloud notices, and nothing is lost", async () => {
  const ledger = await node.under("stopped edge", async () => {
    await wait(1_000);
    process.kill(node.endpoints.pids.edge, "SIGSTOP");
    try {
      await eventually("the cloud has noticed", async () => ((await cloudHasSession()) ? undefined : true), 10);
      await wait(3_000);
    } finally {
      process.kill(node.endpoints.pids.edge, "SIGCONT");
    }
    await node.agree(30);
    await wait(1_000);
  });
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
}, 120_000);
