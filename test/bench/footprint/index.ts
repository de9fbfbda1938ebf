import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { type Installation, startInstallation } from "../installation.ts";
import { type Memory, mappingsOf, memoryOf } from "../memory.ts";
import type { BenchOptions } from "../options.ts";
import { sleep } from "../statistics.ts";
import { print, table } from "../table.ts";
import { bundleContents } from "./bundle-contents.ts";
import { underLoad } from "./load.ts";

type Row = readonly [name: string, memory: Memory, compared: string];

const mib = (value: number) => value.toFixed(1);

/** Memory of the processes of `skerry up`, at rest and under load, beside bare Node in the same run. */
export async function footprint(options: BenchOptions): Promise<void> {
  const { seconds, devices, values } = options;
  print(`footprint: Node ${process.version}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`);
  const installation = await startInstallation();
  try {
    print(`at rest for ${seconds} s: one device with five properties at 1 Hz …\n`);
    await sleep(seconds * 1000);
    const bare = await bareNode(installation);
    const idle = await both(installation);
    const mappings = (await mappingsOf(installation.pids.edge)).slice(0, 8);
    print(`under load for ${seconds} s: ${devices} more devices with ${values} values each, once a second …\n`);
    const { perSecond, measured: loaded } = await underLoad(installation, options, () => both(installation));
    print(
      memoryTable([
        ["bare Node, the edge's flags", bare, ""],
        ["edge, at rest", idle.edge, "64 (20) · 93.5 (23.3)"],
        [
          `edge, ${devices} devices, ${perSecond.toFixed(0)} values/s`,
          loaded.edge,
          "96 with 100 devices, 1,000 values/s",
        ],
        ["cloud with embedded API, at rest", idle.cloud, "120 · 577"],
        ["cloud with embedded API, under load", loaded.cloud, ""],
      ]),
    );
    print("what is resident in the edge process at rest:");
    const resident = mappings.map(([name, size]): readonly string[] => [name, mib(size)]);
    print(table(["mapping", "MiB"], resident));
    print("what the edge bundle is made of:");
    print(table(["package", "KiB"], (await bundleContents()).slice(0, 12)));
  } finally {
    await installation.stop();
  }
}

function memoryTable(rows: readonly Row[]): string {
  return table(
    ["MiB", "RSS", "PSS", "anonymous", "RSS (anonymous): goal · KubeEdge 1.23.1, its control plane"],
    rows.map(([name, { rss, pss, anonymous }, compared]) => [name, mib(rss), mib(pss), mib(anonymous), compared]),
  );
}

async function both({ pids }: Installation): Promise<{ readonly edge: Memory; readonly cloud: Memory }> {
  const [edge, cloud] = await Promise.all([memoryOf(pids.edge), memoryOf(pids.cloud)]);
  return { edge, cloud };
}

/** Node with the flags the edge runs with, and nothing in it. */
async function bareNode(installation: Installation): Promise<Memory> {
  const command = (await readFile(`/proc/${installation.pids.edge}/cmdline`, "utf8")).split("\0");
  const flags = command.slice(1).filter((argument) => argument.startsWith("--") && argument !== "--home");
  const child = spawn(process.execPath, [...flags, "-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });
  try {
    await sleep(3_000);
    return await memoryOf(child.pid ?? 0);
  } finally {
    child.kill();
  }
}
