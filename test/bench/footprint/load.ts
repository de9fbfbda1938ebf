import { Kube } from "../../e2e/clients.ts";
import { createFleet, type Fleet, removeFleet } from "../devices/bench-devices.ts";
import { ModbusSource } from "../devices/modbus-source.ts";
import type { Installation } from "../installation.ts";
import type { BenchOptions } from "../options.ts";
import { sleep } from "../statistics.ts";

/**
 * Calls `measure` while every register of a fleet changes with each reading.
 *
 * @returns new values per second that were read from the devices meanwhile, and what `measure` gave
 */
export async function underLoad<T>(
  { kubeconfig }: Installation,
  { devices, values, seconds }: BenchOptions,
  measure: () => Promise<T>,
): Promise<{ readonly perSecond: number; readonly measured: T }> {
  const kube = await Kube.from(kubeconfig);
  const source = await ModbusSource.start();
  const fleet: Fleet = { model: "load", devices, values, every: "1s" };
  try {
    await createFleet(kube, fleet, source.port, 0);
    source.isCounting = true;
    source.reads = 0;
    const began = performance.now();
    await sleep(seconds * 1000);
    const perSecond = (source.reads * 1000) / (performance.now() - began);
    return { perSecond, measured: await measure() };
  } finally {
    source.isCounting = false;
    await removeFleet(kube, fleet);
    await source.stop();
  }
}
