import type { BenchOptions } from "../options.ts";
import { percentiles, sleep, until } from "../statistics.ts";
import { print, table } from "../table.ts";
import { Role, sharedNow } from "./role.ts";
import { WireTap } from "./wire-tap.ts";

/** Objects that concern the node. */
const objects = 1_000;
const perSecond = 2_000;
const names = 2_000;
const cutSeconds = 5;

interface Received {
  readonly count: number;
  readonly reordered: number;
  readonly sum: number;
}

/** One node with a disk of its own: what it reports, how soon it has what changed, and what coming back costs. */
export async function oneNode(folder: string, { samples, seconds }: BenchOptions): Promise<void> {
  await using cloud = new Role("link-cloud");
  await using tap = await WireTap.to(await cloud.ask<number>("start", { folder, nodes: 1, objects }));
  await using node = new Role("link-node");
  await node.ask("start", { folder, port: tap.port });
  await online(node);
  const updates = await sustained(cloud, node, seconds);
  print(
    table(
      [
        "one node; safe: on its disk, synced, or taken by the cloud",
        "safe/s",
        "received/s",
        "coalesced",
        "lost",
        "reordered",
      ],
      [[`${perSecond} updates/s of ${names} values (goal 1,000)`, ...updates]],
    ),
  );
  const changes: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    await sleep(100);
    changes.push(...(await changed(cloud, node, 1)));
  }
  const returns: number[] = [];
  const costs: (readonly string[])[] = [];
  for (const count of [0, 1, 100, objects]) {
    const { ms, up, down } = await cutAndBack(cloud, node, tap, count);
    returns.push(ms);
    costs.push([`${count} of ${objects} objects changed meanwhile`, String(up), String(down), ms.toFixed(0)]);
  }
  print(
    table(
      ["milliseconds", "n", "p50", "p95", "max", "goal"],
      [
        ["ConfigMap changed → on the node's disk", String(changes.length), ...percentiles(changes), "p50 5"],
        [`link back after ${cutSeconds} s → converged`, String(returns.length), ...percentiles(returns), "3000"],
      ],
    ),
  );
  print(table(["coming back, bytes on TCP with TLS's handshake", "up", "down", "ms"], costs));
  await sleep(2_000);
  const [upBefore, downBefore] = [tap.up, tap.down];
  await sleep(seconds * 1000);
  const rate = (after: number, before: number) => ((after - before) / seconds).toFixed(1);
  print(
    table(
      ["idle link, bytes/s on TCP, TLS's 22 a frame included", "up", "down"],
      [["heartbeats every 5 s", rate(tap.up, upBefore), rate(tap.down, downBefore)]],
    ),
  );
}

function online(node: Role): Promise<true> {
  return until("the node online", async () => ((await node.ask<number>("online")) === 1 ? true : undefined));
}

async function sustained(cloud: Role, node: Role, seconds: number): Promise<readonly string[]> {
  const begun = sharedNow();
  const sent = await node.ask<{ put: number; safeMs: number; sum: number }>("report", { seconds, perSecond, names });
  const last = await until("the last updates", async () => {
    const received = await cloud.ask<Received>("received");
    return received.sum === sent.sum ? received : undefined;
  }).catch(() => cloud.ask<Received>("received"));
  const took = (sharedNow() - begun) / 1000;
  const lost = sent.sum - last.sum;
  return [
    ((sent.put * 1000) / sent.safeMs).toFixed(0),
    (last.count / took).toFixed(0),
    String(sent.put - last.count - lost),
    String(lost),
    String(last.reordered),
  ];
}

/** Changes so many objects, and gives after how many milliseconds each was on the node's disk. */
async function changed(cloud: Role, node: Role, count: number): Promise<readonly number[]> {
  await cloud.ask("changeSome", { count });
  return arrived(node, count);
}

async function arrived(node: Role, count: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  return until("the changes on disk", async () => {
    latencies.push(...(await node.ask<readonly number[]>("latencies")));
    return latencies.length >= count ? latencies : undefined;
  });
}

async function cutAndBack(cloud: Role, node: Role, tap: WireTap, count: number) {
  tap.cut();
  await until("the node offline", async () => ((await node.ask<number>("online")) === 0 ? true : undefined));
  if (count > 0) await cloud.ask("changeSome", { count });
  await sleep(cutSeconds * 1000);
  const begun = sharedNow();
  tap.restore();
  await online(node);
  if (count > 0) await arrived(node, count);
  return { ms: sharedNow() - begun, up: tap.up, down: tap.down };
}
