import { setTimeout as wait } from "node:timers/promises";
import { SeededRandom } from "@skerry/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Mqtt } from "../e2e/clients.ts";
import { Gate } from "../e2e/gate.ts";
import { eventually } from "../e2e/skerry.ts";
import { Apart } from "./apart.ts";
import { Ledger } from "./ledger.ts";
import { NodeDisk } from "./node-disk.ts";
import { PowerMachine, type PowerMachineParts } from "./power-machine.ts";
import { judged, type UnderFault } from "./under-fault.ts";

const devicePath = "/apis/devices.skerry.dev/v1alpha1/namespaces/default/devices/meter-1";
/** More of them: SKERRY_FAULT_CUTS=50. The moments: SKERRY_FAULT_SEED. */
const cuts = Number(process.env["SKERRY_FAULT_CUTS"] ?? 2);
const seed = Number(process.env["SKERRY_FAULT_SEED"] ?? 1);
const random = new SeededRandom(seed);
const machine = new PowerMachine();
let node: Apart;
let disk: NodeDisk;
let link: Gate;
let toMeter: Gate;
let parts: PowerMachineParts;

beforeAll(async () => {
  node = await Apart.prepare(async ({ home }) => {
    disk = await NodeDisk.create(home, 64);
    return {};
  });
  await disk.unmount();
  await machine.open();
  const ports = await node.ports();
  link = await Gate.to(ports.link, machine.here);
  toMeter = await Gate.to(ports.meter, machine.here);
  const given = [
    [ports.link, link.port],
    [ports.meter, toMeter.port],
  ] as const;
  parts = { home: node.home, image: disk.image, exposed: [ports.mqtt], given };
  await toMeter.open();
  await node.start("meter");
  await node.start("cloud");
});

afterAll(async () => {
  await machine.remove();
  for (const gate of [link, toMeter]) await gate?.close();
  await node?.stopAll();
  await disk?.release();
  await node?.installation.remove();
});

/** The edge node is out of reach of `skerry status`: what its machine prints is looked at. */
async function inStep(): Promise<number> {
  // Power that comes back may go again at once.
  if (random.next() < 0.3) {
    machine.start(parts);
    await wait(random.next() * 6_000);
    await machine.cut();
  }
  const began = performance.now();
  machine.start(parts);
  await link.open();
  await eventually("in step", async () => machine.output.includes("in step with the cloud") || undefined, 60);
  return performance.now() - began;
}

const under: UnderFault = {
  mqtt: async () => `mqtt://${machine.there}:${parts.exposed[0]}`,
  meter: () => node.meter(),
  kube: () => node.kube(),
  // There is power again, and nobody sets anything: what comes now was on the disk.
  agree: inStep,
};

/** Waits for some more acknowledgements. */
async function acknowledges(ledger: Ledger): Promise<void> {
  const before = ledger.counts.acknowledged;
  const enough = async () => ledger.counts.acknowledged > before + 5 || undefined;
  await eventually("acknowledgements", enough, 60).catch((error: unknown) => {
    throw new Error(`the machine said: ${machine.output.slice(-2_000)}`, { cause: error });
  });
}

it(`the power of an edge node is cut, ${cuts} times (SKERRY_FAULT_SEED=${seed})`, async () => {
  const ledger = new Ledger("power cuts");
  await inStep();
  for (let cut = 0; cut < cuts; cut += 1) {
    await judged(ledger, under, async () => {
      await acknowledges(ledger);
      // What is acknowledged without a link is on this node's disk, or nowhere.
      if (random.next() < 0.8) await link.close();
      await acknowledges(ledger);
      await wait(random.next() * 1_500);
      await machine.cut();
    });
  }
  ledger.print();
  expect(ledger.counts).toMatchObject({ lost: 0, reordered: 0 });
  expect(ledger.counts.acknowledged).toBeGreaterThan(10 * cuts);
}, 3_600_000);

it("what the cloud wished and knows as applied is there after a cut, with no cloud to ask", async () => {
  await machine.cut();
  await inStep();
  const kube = await node.kube();
  const relay = async () => (await kube.get(devicePath)).body.status?.desired?.relay;
  const value = (await relay())?.value !== true;
  await kube.merge(devicePath, { spec: { desired: { relay: value } } });
  const applied = await eventually("applied", async () => {
    const found = await relay();
    return found?.value === value && found.state === "applied" ? found : undefined;
  });
  await link.close();
  await machine.cut();
  machine.start(parts);
  const topic = "skerry/default/meter-1/desired/relay";
  const seen = await eventually("the bus", async () => {
    await using bus = await Mqtt.connect(await under.mqtt(), topic);
    return await eventually("what is retained", async () => bus.last(topic), 5);
  });
  expect(seen).toMatchObject({ value, version: applied.version });
}, 120_000);
