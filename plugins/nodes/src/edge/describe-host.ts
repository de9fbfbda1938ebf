import type { NodeAddress, NodeFacts, NodePressure, NodeRuntime } from "../shared/node-facts.ts";
import type { Host, HostAddress } from "./host.ts";

const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", arm: "arm", arm64: "arm64" };
/** Links between containers are no addresses of the node. */
const virtual = /^(docker|br-|veth|cni|flannel|cali|virbr|kube-)/;
/** Below these, Kubernetes' own nodes begin to evict. */
const scarceMemoryBytes = 100 * 1024 * 1024;
const scarceStorageShare = 0.1;

/** What this kernel adds to its machine. */
export interface NodeOffer {
  /** Of Skerry. */
  readonly version: string;
  /** How many Pods it takes, if there is a runtime for them. */
  readonly pods: number;
  readonly runtimes: readonly NodeRuntime[];
}

/** The facts that a node reports. The same machine in the same state gives the same facts. */
export function describeHost(host: Host, { version, pods, runtimes }: NodeOffer): NodeFacts {
  return {
    hostname: host.hostname,
    osImage: prettyName(host.osRelease) ?? host.platform,
    kernelVersion: host.kernelVersion,
    architecture: architectures[host.arch] ?? host.arch,
    operatingSystem: host.platform,
    bootId: host.bootId,
    machineId: host.machineId,
    kubeletVersion: `v1.32.0-skerry.${version}`,
    cpus: host.cpus,
    memoryBytes: host.memory.totalBytes,
    storageBytes: host.storage.totalBytes,
    pods: runtimes.length === 0 ? 0 : pods,
    addresses: addressesOf(host),
    pressures: [memoryPressure(host), diskPressure(host)],
    runtimes: runtimes.map(({ name, version: ofRuntime, handlers }) => ({ name, version: ofRuntime, handlers })),
  };
}

/** `PRETTY_NAME` of an os-release file, which is written as in a shell. */
function prettyName(osRelease: string): string | undefined {
  const value = /^PRETTY_NAME=(.*)$/m.exec(osRelease)?.[1]?.trim();
  const name = value?.replace(/^(["'])(.*)\1$/, "$2").replace(/\\(["'$`\\])/g, "$1");
  return name === "" ? undefined : name;
}

function addressesOf({ hostname, interfaces }: Host): readonly NodeAddress[] {
  const usable = Object.entries(interfaces)
    .filter(([name]) => !virtual.test(name))
    .flatMap(([, addresses]) => addresses)
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
  const first = (family: string): HostAddress[] => usable.filter((entry) => entry.family === family).slice(0, 1);
  const internal = [...first("IPv4"), ...first("IPv6")].map(({ address }) => ({
    type: "InternalIP" as const,
    address,
  }));
  return [...internal, { type: "Hostname", address: hostname }];
}

function memoryPressure({ memory }: Host): NodePressure {
  return memory.freeBytes < scarceMemoryBytes
    ? { type: "MemoryPressure", status: "True", reason: "MemoryScarce", message: "less than 100Mi are available" }
    : { type: "MemoryPressure", status: "False", reason: "MemorySufficient", message: "100Mi or more are available" };
}

function diskPressure({ storage }: Host): NodePressure {
  if (storage.isReadOnly) {
    const message = "the file system of this node's state takes no writes";
    return { type: "DiskPressure", status: "True", reason: "DiskReadOnly", message };
  }
  return storage.freeBytes < storage.totalBytes * scarceStorageShare
    ? { type: "DiskPressure", status: "True", reason: "DiskScarce", message: "less than 10 % are free" }
    : { type: "DiskPressure", status: "False", reason: "DiskSufficient", message: "10 % or more are free" };
}
