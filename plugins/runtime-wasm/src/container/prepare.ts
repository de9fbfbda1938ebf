import { join, posix } from "node:path";
import type { ContainerConfig, SandboxConfig } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import type { ImageContent } from "../images/image-service.ts";
import { inspectModule } from "../module/inspect-module.ts";
import type { Preopen, WorkerInput } from "../worker-protocol.ts";
import { readModule } from "./module-file.ts";
import { MountTable } from "./mount-table.ts";

export interface Limits {
  readonly memoryBytes: number;
  readonly moduleBytes: number;
  readonly logBytes: number;
}

export interface Preparation {
  readonly sandbox: SandboxConfig;
  readonly config: ContainerConfig;
  readonly image: ImageContent | undefined;
  readonly limits: Limits;
}

/** What the thread of the container is given, but for the flag that stops it. */
export type Prepared = Omit<WorkerInput, "stop">;

/** Finds, reads and checks what a container would run. A sentence when it cannot be run. */
export async function prepare({ sandbox, config, image, limits }: Preparation): Promise<Prepared | string> {
  if (image === undefined) return `its image ${config.image} is not on this node`;
  const args = commandLine(config, image);
  const [command] = args;
  if (command === undefined) return `it has no command, and its image ${config.image} brings none`;
  const logPath = posix.normalize(config.logPath);
  if (posix.isAbsolute(logPath) || logPath.startsWith("..")) return `its log path ${config.logPath} is not relative`;
  const mounts = await MountTable.of(preopensOf(config, image));
  if (typeof mounts === "string") return mounts;
  const workingDirectory = posix.resolve("/", config.workingDirectory ?? image.config.workingDirectory ?? "/");
  const memoryLimitBytes = Math.min(config.resources.memoryLimitBytes ?? limits.memoryBytes, largestMemory);
  const module = await readProgram(mounts, posix.resolve(workingDirectory, command), { ...limits, memoryLimitBytes });
  if (typeof module === "string") return module;
  return {
    module,
    args,
    env: environment(sandbox, config, image),
    preopens: mounts.preopens,
    workingDirectory,
    memoryLimitBytes,
    log: { path: join(sandbox.logDirectory, logPath), limitBytes: limits.logBytes },
  };
}

/** 32-bit WebAssembly has no more. */
const largestMemory = 4 * 1024 ** 3;

/** A Pod's command stands in place of the image's entrypoint and arguments, its args in place of the arguments. */
function commandLine({ command, args }: ContainerConfig, { config }: ImageContent): readonly string[] {
  if (command.length > 0) return [...command, ...args];
  return [...config.entrypoint, ...(args.length > 0 ? args : config.command)];
}

function preopensOf({ mounts }: ContainerConfig, { root }: ImageContent): readonly Preopen[] {
  const own = mounts.map(({ containerPath, hostPath, readOnly }) => ({ guestPath: containerPath, hostPath, readOnly }));
  // Containers share the files of an image: nobody writes there.
  return root === undefined ? own : [...own, { guestPath: "/", hostPath: root, readOnly: true }];
}

/** As the runtimes of the kubelet have it: the host name, what the image says, and over it what the Pod says. */
function environment(sandbox: SandboxConfig, { env }: ContainerConfig, { config }: ImageContent) {
  const values = new Map([["HOSTNAME", sandbox.hostname]]);
  for (const { name, value } of [...config.env, ...env]) values.set(name, value);
  return [...values].map(([name, value]) => ({ name, value }));
}

interface ProgramLimits {
  readonly moduleBytes: number;
  readonly memoryLimitBytes: number;
}

async function readProgram(mounts: MountTable, path: string, { moduleBytes, memoryLimitBytes }: ProgramLimits) {
  const place = await mounts.find(path);
  if ("problem" in place) return place.problem;
  try {
    const bytes = await readModule(place.hostPath, moduleBytes);
    if (typeof bytes === "string") return `${path} ${bytes}`;
    const inspected = await inspectModule(bytes, { memoryLimitBytes });
    return inspected.problem === undefined ? inspected.module : `${path}: ${inspected.problem}`;
  } catch (error) {
    // Of the file system: gone in between, not readable, a device that fails.
    if (errorCode(error) === undefined) throw error;
    return `${path} cannot be read: ${errorMessage(error)}`;
  }
}
