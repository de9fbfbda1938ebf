import { cpus } from "node:os";
import { Kube } from "../../e2e/clients.ts";
import { ModbusSource } from "../devices/modbus-source.ts";
import { startInstallation } from "../installation.ts";
import type { BenchOptions } from "../options.ts";
import { print, table } from "../table.ts";
import { latencies } from "./latency.ts";
import { type ThroughputRow, throughput } from "./throughput.ts";

/** Values up and down through the whole of `skerry up`, from a register to a watch of the Kubernetes API and back. */
export async function twin({ samples, seconds, devices, values }: BenchOptions): Promise<void> {
  const installation = await startInstallation();
  const source = await ModbusSource.start();
  try {
    const kube = await Kube.from(installation.kubeconfig);
    print(`twin: one machine for all processes, Node ${process.version}, ${cpus().length} cores`);
    print(`measuring ${samples} single changes each way, about ${Math.ceil(samples * 2.6)} s …\n`);
    const rows = await latencies(kube, installation.mqtt, source, samples);
    print(
      table(
        ["after a quiet second, milliseconds", "n", "p50", "p95", "max", "KubeEdge 1.23.1"],
        rows.map(({ name, samples: count, cells, compared }) => [name, String(count), ...cells, compared]),
      ),
    );
    print(`measuring what flows, about ${Math.ceil(seconds * 1.25) + 20} s …\n`);
    const flows = [
      await throughput(
        kube,
        source,
        { model: "flow", devices, values, every: "1s" },
        { name: `sustained: ${devices} devices, ${values} values each, once a second`, seconds },
      ),
      await throughput(
        kube,
        source,
        { model: "burst", devices: 1, values: 1, every: "10ms" },
        { name: "burst: one value, a hundred times a second", seconds: Math.ceil(seconds / 4) },
      ),
    ];
    print(
      table(
        ["values per second", "read", "shown by the watch", "coalesced", "lost", "out of order"],
        flows.map(cellsOf),
      ),
    );
    print(
      "KubeEdge 1.23.1, measured on a like machine: 34 updates/s shown, a third of the steps of a burst out of order; goal: 1,000/s over the link, 0 lost, 0 out of order\n",
    );
  } finally {
    await source.stop();
    await installation.stop();
  }
}

function cellsOf({ name, read, shown, coalesced, lost, reordered }: ThroughputRow): readonly string[] {
  return [name, read.toFixed(0), shown.toFixed(0), String(coalesced), String(lost), String(reordered)];
}
