import type { Kube } from "../../e2e/clients.ts";
import {
  createFleet,
  deviceName,
  type Fleet,
  removeFleet,
  type SeenDevice,
  watchPath,
} from "../devices/bench-devices.ts";
import type { ModbusSource } from "../devices/modbus-source.ts";
import { sleep, until } from "../statistics.ts";

export interface ThroughputRow {
  readonly name: string;
  /** New values read from devices, and shown by the watch, per second. */
  readonly read: number;
  readonly shown: number;
  /** Values that a newer one replaced before they were shown: state is coalesced by design. */
  readonly coalesced: number;
  /** Registers whose last value never came. */
  readonly lost: number;
  /** Steps backwards. */
  readonly reordered: number;
}

const settleSeconds = 20;

/** Every reading of every register gives a new value; after a time they stand still, and the last ones must arrive. */
export async function throughput(
  kube: Kube,
  source: ModbusSource,
  fleet: Fleet,
  { name, seconds }: { readonly name: string; readonly seconds: number },
): Promise<ThroughputRow> {
  source.inputs.clear();
  await createFleet(kube, fleet, source.port, 0);
  const shown = new Shown(`${fleet.model}-`);
  using _ = kube.watch(watchPath, ({ object }) => shown.take(object as SeenDevice));
  source.reads = 0;
  source.isCounting = true;
  await sleep(seconds * 1000);
  source.isCounting = false;
  const { reads } = source;
  const during = shown.changes;
  const missing = () => registersOf(fleet).filter(({ key, address }) => shown.last(key) !== source.inputs.get(address));
  await until("the last values", () => (missing().length === 0 ? true : undefined), settleSeconds).catch(
    () => undefined,
  );
  const row = {
    name,
    read: reads / seconds,
    shown: during / seconds,
    coalesced: reads - shown.changes,
    lost: missing().length,
    reordered: shown.backwards,
  };
  await removeFleet(kube, fleet);
  return row;
}

/** What a watch has shown of each register. */
class Shown {
  changes = 0;
  backwards = 0;
  readonly #values = new Map<string, number>();
  readonly #prefix: string;

  /** @param prefix of the names of the devices that count */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  take({ metadata, status }: SeenDevice): void {
    if (!metadata.name.startsWith(this.#prefix)) return;
    for (const [property, { value }] of Object.entries(status?.reported ?? {})) {
      const key = `${metadata.name}/${property}`;
      const before = this.#values.get(key);
      if (before === value) continue;
      if (before !== undefined && value < before) this.backwards += 1;
      if (value > 0) this.changes += 1;
      this.#values.set(key, value);
    }
  }

  last(key: string): number | undefined {
    return this.#values.get(key);
  }
}

function registersOf(fleet: Fleet): readonly { readonly key: string; readonly address: number }[] {
  return Array.from({ length: fleet.devices * fleet.values }, (_, address) => ({
    key: `${deviceName(fleet, Math.floor(address / fleet.values))}/value${address % fleet.values}`,
    address,
  }));
}
