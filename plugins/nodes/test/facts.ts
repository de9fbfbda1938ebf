import type { Host } from "../src/edge/index.ts";
import type { NodeFacts } from "../src/shared/node-facts.ts";

export const host: Host = {
  hostname: "pi",
  osRelease: 'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\n',
  kernelVersion: "6.6.0",
  arch: "arm64",
  platform: "linux",
  bootId: "b",
  machineId: "m",
  cpus: 4,
  memory: { totalBytes: 4 * 1024 ** 3, freeBytes: 1024 ** 3 },
  storage: { totalBytes: 32 * 1024 ** 3, freeBytes: 16 * 1024 ** 3, isReadOnly: false },
  interfaces: {
    lo: [{ address: "127.0.0.1", family: "IPv4", internal: true }],
    docker0: [{ address: "172.17.0.1", family: "IPv4", internal: false }],
    eth0: [
      { address: "fe80::1", family: "IPv6", internal: false },
      { address: "fd00::7", family: "IPv6", internal: false },
      { address: "192.168.1.7", family: "IPv4", internal: false },
    ],
  },
};

export const wasm = { name: "skerry-wasm", version: "0.1.0", handlers: ["wasm"] };

export const facts: NodeFacts = {
  hostname: "pi",
  osImage: "Debian GNU/Linux 12 (bookworm)",
  kernelVersion: "6.6.0",
  architecture: "arm64",
  operatingSystem: "linux",
  bootId: "b",
  machineId: "m",
  kubeletVersion: "v1.32.0-skerry.0.1.0",
  cpus: 4,
  memoryBytes: 4 * 1024 ** 3,
  storageBytes: 32 * 1024 ** 3,
  pods: 0,
  addresses: [
    { type: "InternalIP", address: "192.168.1.7" },
    { type: "InternalIP", address: "fd00::7" },
    { type: "Hostname", address: "pi" },
  ],
  pressures: [
    { type: "MemoryPressure", status: "False", reason: "MemorySufficient", message: "100Mi or more are available" },
    { type: "DiskPressure", status: "False", reason: "DiskSufficient", message: "10 % or more are free" },
  ],
  runtimes: [],
};
