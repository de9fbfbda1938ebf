import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { type Installation, startInstallation } from "./installation.ts";
import { type Memory, mappingsOf, memoryOf } from "./memory.ts";
import { print, table } from "./table.ts";

const idleSeconds = 30;
const mib = (value: number) => value.toFixed(1);

/** Memory of the idle processes of `skerry up`, beside bare Node in the same run, and what takes the edge's. */
export async function footprint(): Promise<void> {
  const installation = await startInstallation();
  try {
    await sleep(idleSeconds);
    const rows = [
      ["bare node, same flags", await bareNode(installation)],
      ["edge", await memoryOf(installation.pids.edge)],
      ["cloud, with embedded API", await memoryOf(installation.pids.cloud)],
    ] as const;
    print(
      `footprint: idle ${idleSeconds} s, one device with five properties at 1 Hz; Node ${process.version}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    );
    print(
      table(
        ["process", "RSS MiB", "PSS MiB", "anonymous MiB"],
        rows.map(([name, memory]) => [name, ...cells(memory)]),
      ),
    );
    print(
      "goal for the edge: 64 RSS, 20 anonymous · KubeEdge 1.23.1 edgecore, measured on a like machine: 93.5 and 23.3\n",
    );
    print("what is resident in the edge process:");
    const mappings = (await mappingsOf(installation.pids.edge)).slice(0, 8);
    print(
      table(
        ["mapping", "MiB"],
        mappings.map(([name, size]) => [name, mib(size)]),
      ),
    );
    print("what the edge bundle is made of:");
    print(table(["package", "KiB"], (await bundleContents()).slice(0, 12)));
  } finally {
    await installation.stop();
  }
}

const cells = ({ rss, pss, anonymous }: Memory) => [mib(rss), mib(pss), mib(anonymous)];

/** Node with the flags the edge runs with, and nothing in it. */
async function bareNode(installation: Installation): Promise<Memory> {
  const command = (await readFile(`/proc/${installation.pids.edge}/cmdline`, "utf8")).split("\0");
  const flags = command.slice(1).filter((argument) => argument.startsWith("--") && argument !== "--home");
  const child = spawn(process.execPath, [...flags, "-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });
  try {
    await sleep(3);
    return await memoryOf(child.pid ?? 0);
  } finally {
    child.kill();
  }
}

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

/** KiB by package in the edge's bundle, largest first. */
async function bundleContents(): Promise<readonly (readonly [string, string])[]> {
  const file = join(__dirname, "../meta.json");
  const { outputs } = JSON.parse(await readFile(file, "utf8")) as Metafile;
  const [, edge] = Object.entries(outputs).find(([path]) => path.endsWith("profile-edge.cjs")) ?? [];
  const totals = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(edge?.inputs ?? {})) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input.split("/").slice(0, 2).join("/");
    totals.set(name, (totals.get(name) ?? 0) + bytesInOutput);
  }
  return [...totals].sort(([, a], [, b]) => b - a).map(([name, bytes]) => [name, (bytes / 1024).toFixed(1)]);
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
