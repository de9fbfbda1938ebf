import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchOptions } from "../options.ts";
import { percentiles, sleep, until } from "../statistics.ts";
import { print, table } from "../table.ts";
import { writeCertificates } from "./authority.ts";
import { oneNode } from "./one-node.ts";
import { Role, sharedNow } from "./role.ts";

interface CloudMemory {
  readonly rss: number;
  readonly heap: number;
  readonly sessions: number;
}

interface Measured {
  /** Seconds from the first attempt until all are there. */
  readonly stormSeconds: number;
  readonly rssKiB: number;
  readonly heapKiB: number;
  readonly fanOut: readonly [string, string, string];
}

/** One process takes at most so many sockets. */
const perProcess = 5_000;
const patienceSeconds = 300;

/** Thousands of nodes on one cloud kernel: memory, a storm of all, one change for all, and what they report. */
export async function link(options: BenchOptions): Promise<void> {
  const { edges, seconds } = options;
  const folder = await mkdtemp(join(tmpdir(), "skerry-bench-link-"));
  try {
    print(
      `link: Node ${process.version}, ${cpus().length} cores, ${edges} nodes over real TLS; cloud and nodes share the machine`,
    );
    print(
      "the cloud's end is the kernel's link over an API in memory; each node is the kernel's own end, without a disk\n",
    );
    await writeCertificates(folder, edges);
    const plain = await measured("plain", folder, edges, async () => undefined);
    let up: readonly string[] = [];
    const ours = await measured("link", folder, edges, async (cloud, nodes) => {
      up = await reports(cloud, nodes, seconds);
    });
    const ratio = (one: number, other: number) => `${(one / other).toFixed(2)} x`;
    print(
      table(
        ["with all connected", "link", "plain ws and JSON", "ratio", "goal"],
        [
          [
            "all in step, seconds",
            ours.stormSeconds.toFixed(1),
            plain.stormSeconds.toFixed(1),
            ratio(ours.stormSeconds, plain.stormSeconds),
            "60 for 10,000",
          ],
          [
            "memory a connection, RSS, KiB",
            ours.rssKiB.toFixed(1),
            plain.rssKiB.toFixed(1),
            ratio(ours.rssKiB, plain.rssKiB),
            "60",
          ],
          [
            "memory a connection, heap and buffers, KiB",
            ours.heapKiB.toFixed(1),
            plain.heapKiB.toFixed(1),
            ratio(ours.heapKiB, plain.heapKiB),
            "",
          ],
          [
            "one change to all, p50 ms",
            ours.fanOut[0],
            plain.fanOut[0],
            ratio(Number(ours.fanOut[0]), Number(plain.fanOut[0])),
            "",
          ],
          [
            "one change to all, p95 ms",
            ours.fanOut[1],
            plain.fanOut[1],
            ratio(Number(ours.fanOut[1]), Number(plain.fanOut[1])),
            "",
          ],
          [
            "one change to all, last ms",
            ours.fanOut[2],
            plain.fanOut[2],
            ratio(Number(ours.fanOut[2]), Number(plain.fanOut[2])),
            "",
          ],
        ],
      ),
    );
    print(
      table(
        ["reports of all nodes", "put/s", "received/s", "coalesced", "lost", "reordered", "cloud at rest, CPU %"],
        [up],
      ),
    );
    print("one node with a disk, whose link is cut and comes back …\n");
    await oneNode(folder, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(
  kind: "link" | "plain",
  folder: string,
  edges: number,
  more: (cloud: Role, nodes: readonly Role[]) => Promise<void>,
): Promise<Measured> {
  await using cloud = new Role(`${kind}-cloud`);
  const nodes = Array.from({ length: Math.ceil(edges / perProcess) }, () => new Role(`${kind}-edges`));
  try {
    const port = await cloud.ask<number>("start", { folder, nodes: edges });
    const before = await cloud.ask<CloudMemory>("memory");
    print(`${kind}: ${edges} nodes connect at once …`);
    const begun = sharedNow();
    const starts = nodes.map((node, index) => {
      const first = index * perProcess;
      return node.ask("start", { folder, port, first, count: Math.min(perProcess, edges - first) });
    });
    await until("all nodes in step", () => isComplete(nodes, edges), patienceSeconds);
    const stormSeconds = (sharedNow() - begun) / 1000;
    await Promise.all(starts);
    await sleep(2_000);
    const after = await cloud.ask<CloudMemory>("memory");
    if (after.sessions !== edges) throw new Error(`${after.sessions} of ${edges} sessions are there`);
    for (const node of nodes) await node.ask("latencies");
    await cloud.ask("change");
    const latencies: number[] = [];
    await until(
      "the change at all nodes",
      async () => {
        for (const node of nodes) latencies.push(...(await node.ask<readonly number[]>("latencies")));
        return latencies.length >= edges ? true : undefined;
      },
      patienceSeconds,
    );
    await more(cloud, nodes);
    return {
      stormSeconds,
      rssKiB: (after.rss - before.rss) / 1024 / edges,
      heapKiB: (after.heap - before.heap) / 1024 / edges,
      fanOut: percentiles(latencies),
    };
  } finally {
    for (const node of nodes) await node[Symbol.asyncDispose]();
  }
}

async function isComplete(nodes: readonly Role[], edges: number): Promise<true | undefined> {
  await sleep(100);
  const online = await Promise.all(nodes.map((node) => node.ask<number | { readonly online: number }>("online")));
  const sum = online.reduce<number>((total, one) => total + (typeof one === "number" ? one : one.online), 0);
  return sum === edges ? true : undefined;
}

/** What the nodes report for a while, as fast as they are told to, and what comes of it. */
async function reports(cloud: Role, nodes: readonly Role[], seconds: number): Promise<readonly string[]> {
  const perSecond = Math.floor(3_000 / nodes.length);
  const sent = await Promise.all(
    nodes.map((node) => node.ask<{ put: number; sum: number }>("report", { seconds, perSecond })),
  );
  const put = sent.reduce((total, one) => total + one.put, 0);
  const sum = sent.reduce((total, one) => total + one.sum, 0);
  const seen = await until(
    "the last reports",
    async () => {
      await sleep(200);
      const received = await cloud.ask<{ count: number; reordered: number; sum: number }>("received");
      return received.sum === sum ? received : undefined;
    },
    patienceSeconds,
  ).catch(() => cloud.ask<{ count: number; reordered: number; sum: number }>("received"));
  const before = await cloud.ask<number>("cpu");
  await sleep(seconds * 1000);
  const cpu = ((await cloud.ask<number>("cpu")) - before) / (seconds * 10);
  const each = (count: number) => (count / seconds).toFixed(0);
  const lost = sum - seen.sum;
  return [
    "",
    each(put),
    each(seen.count),
    String(put - seen.count - lost),
    String(lost),
    String(seen.reordered),
    cpu.toFixed(1),
  ];
}
