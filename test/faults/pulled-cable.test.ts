import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { certificateAt } from "../e2e/issued-certificate.ts";
import { eventually } from "../e2e/skerry.ts";
import { Apart } from "./apart.ts";
import { EdgeNamespace } from "./edge-namespace.ts";
import { heartbeatMs } from "./installed.ts";
import { valuesGoOn } from "./values-go-on.ts";

const downMs = 10_000;
let node: Apart;
const space = new EdgeNamespace();

beforeAll(async () => {
  node = await Apart.prepare();
  await space.open();
  const { within, cloudAddress } = space;
  const { link } = await node.ports();
  const certificate = await certificateAt(node.pki, "server", cloudAddress);
  await node.start("meter", { within });
  await node.start("cloud", {
    set: [`transport-websocket.listen.host=${cloudAddress}`, `transport-websocket.tls.certificate=${certificate}`],
  });
  await node.start("edge", { within, set: [`transport-websocket.url=wss://${cloudAddress}:${link}`] });
  node.reachAt((address) => space.expose(address.split(":").at(-1) ?? ""));
  await node.agree(10);
});

afterAll(async () => {
  await node?.stopAll();
  await space.remove();
  await node?.installation.remove();
});

it("the cable between an edge node's network and the cloud's is pulled for 10 s under load", async () => {
  let healedMs = 0;
  const ledger = await node.under("pulled cable", async () => {
    await wait(1_000);
    await space.cable("down");
    const pulled = performance.now();
    await eventually("offline", async () => (await node.status()).link.state === "offline" || undefined, 10);
    expect(performance.now() - pulled).toBeLessThan(2 * heartbeatMs + 1_000);
    await valuesGoOn(await node.mqtt());
    await wait(Math.max(0, downMs - (performance.now() - pulled)));
    await space.cable("up");
    healedMs = await node.agree(30);
    await wait(1_000);
  });
  process.stdout.write(`pulled cable: in step ${Math.round(healedMs)} ms after it was plugged in again\n`);
  expect(healedMs).toBeLessThan(3_000);
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(50);
}, 120_000);
