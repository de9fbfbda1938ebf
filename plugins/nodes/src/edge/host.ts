import { readFile, statfs } from "node:fs/promises";
import os from "node:os";
import { isReadOnlyMount } from "./read-only-mount.ts";

/** What the operating system says of this machine, as it says it. */
export interface Host {
  readonly hostname: string;
  /** Text of /etc/os-release. */
  readonly osRelease: string;
  readonly kernelVersion: string;
  /** `process.arch`. */
  readonly arch: string;
  /** `process.platform`. */
  readonly platform: string;
  readonly bootId: string;
  readonly machineId: string;
  readonly cpus: number;
  readonly memory: Space;
  readonly storage: Space & {
    /** It takes no writes. */
    readonly isReadOnly: boolean;
  };
  readonly interfaces: Readonly<Record<string, readonly HostAddress[]>>;
}

export interface Space {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

export interface HostAddress {
  readonly address: string;
  readonly family: string;
  readonly internal: boolean;
}

/** @param home folder whose file system counts as this node's storage */
export async function readHost(home: string): Promise<Host> {
  const disk = await statfs(home);
  return {
    hostname: os.hostname(),
    osRelease: await textOf("/etc/os-release"),
    kernelVersion: os.release(),
    arch: process.arch,
    platform: process.platform,
    bootId: (await textOf("/proc/sys/kernel/random/boot_id")).trim(),
    machineId: (await textOf("/etc/machine-id")).trim(),
    cpus: os.availableParallelism(),
    memory: { totalBytes: os.totalmem(), freeBytes: os.freemem() },
    storage: {
      totalBytes: disk.blocks * disk.bsize,
      freeBytes: disk.bavail * disk.bsize,
      isReadOnly: isReadOnlyMount(await textOf("/proc/self/mountinfo"), home),
    },
    interfaces: os.networkInterfaces() as Host["interfaces"],
  };
}

/** Systems differ in which of these files there are, and a container may hide them: empty when it cannot be read. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
