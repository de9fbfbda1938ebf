import { type Kube, Mqtt } from "../../e2e/clients.ts";
import {
  createFleet,
  deviceName,
  devicePath,
  type Fleet,
  removeFleet,
  type SeenDevice,
  watchPath,
} from "../devices/bench-devices.ts";
import type { ModbusSource } from "../devices/modbus-source.ts";
import { percentiles, sleep, until } from "../statistics.ts";

export interface LatencyRow {
  readonly name: string;
  readonly samples: number;
  readonly cells: readonly [string, string, string];
  /** What KubeEdge 1.23.1 was measured at, and the goal. */
  readonly compared: string;
}

const fleet: Fleet = { model: "latency", devices: 1, values: 1, every: "20ms", isSettable: true };
const name = deviceName(fleet, 0);
const quietMs = 1_100;

/** How long values and desired values take, each after a quiet second. */
export async function latencies(
  kube: Kube,
  mqtt: string,
  source: ModbusSource,
  samples: number,
): Promise<readonly LatencyRow[]> {
  await createFleet(kube, fleet, source.port, 0);
  try {
    const up = await valueToWatch(kube, source, samples);
    return [
      row(
        "value read from the device → watch",
        up.map(({ read }) => read),
        "8.4 p50, goal 5",
      ),
      row(
        "value changed in the device → watch (polled each 20 ms)",
        up.map(({ change }) => change),
        "",
      ),
      row("spec.desired patched → register written", await desiredToRegister(kube, source, samples), "12 p50"),
      row("MQTT set → result applied", await setToResult(mqtt, samples), ""),
    ];
  } finally {
    await removeFleet(kube, fleet);
  }
}

function row(name: string, all: readonly number[], compared: string): LatencyRow {
  return { name, samples: all.length, cells: percentiles(all), compared };
}

async function valueToWatch(kube: Kube, source: ModbusSource, samples: number) {
  const seen = new Map<number, number>();
  const read = new Map<number, number>();
  source.onRead = (_, value) => {
    if (!read.has(value)) read.set(value, performance.now());
  };
  using _ = kube.watch(watchPath, ({ object }) => {
    const value = (object as SeenDevice).status?.reported?.["value0"]?.value;
    if (object.metadata.name === name && value !== undefined && !seen.has(value)) seen.set(value, performance.now());
  });
  const all: { readonly read: number; readonly change: number }[] = [];
  for (let sample = 1; sample <= samples; sample += 1) {
    await sleep(quietMs);
    const changed = performance.now();
    source.inputs.set(0, sample);
    const at = await until(`value ${sample} in the watch`, () => seen.get(sample));
    all.push({ read: at - (read.get(sample) ?? Number.NaN), change: at - changed });
  }
  source.onRead = () => undefined;
  return all;
}

async function desiredToRegister(kube: Kube, source: ModbusSource, samples: number): Promise<readonly number[]> {
  const written = new Map<number, number>();
  source.onWrite = (_, value) => void written.set(value, performance.now());
  const all: number[] = [];
  for (let sample = 1; sample <= samples; sample += 1) {
    await sleep(quietMs);
    const patched = performance.now();
    await kube.merge(devicePath(name), { spec: { desired: { target: sample } } });
    all.push((await until(`target ${sample} in the register`, () => written.get(sample))) - patched);
  }
  return all;
}

async function setToResult(mqtt: string, samples: number): Promise<readonly number[]> {
  const topic = `skerry/default/${name}`;
  await using bus = await Mqtt.connect(mqtt, `${topic}/result/target`);
  const all: number[] = [];
  let answered = 0;
  let answeredAt = 0;
  bus.client.on("message", (_, payload) => {
    const { id, state } = JSON.parse(payload.toString());
    if (state !== "applied") return;
    answered = Number(id);
    answeredAt = performance.now();
  });
  for (let sample = 1; sample <= samples; sample += 1) {
    await sleep(quietMs / 4);
    const sent = performance.now();
    await bus.client.publishAsync(`${topic}/set/target`, JSON.stringify({ value: 1_000 + sample, id: String(sample) }));
    await until(`result ${sample}`, () => (answered === sample ? true : undefined));
    all.push(answeredAt - sent);
  }
  return all;
}
