import type { Device, StatusReport, StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type DeviceCache, deviceKey } from "./device-cache.ts";
import { DeviceCacheToken } from "./device-writer.ts";

/** The devices of the cluster in `skerry status`. */
export class DevicesSection implements StatusSection {
  readonly name = "devices";

  constructor(@inject(DeviceCacheToken) private readonly cache: DeviceCache) {}

  async collect(): Promise<StatusReport> {
    const rows = this.cache
      .devices()
      .map(describe)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const width = Math.max(0, ...rows.map(({ name }) => name.length));
    const nodeWidth = Math.max(0, ...rows.map(({ node }) => node.length));
    return {
      data: rows,
      lines: rows.map(({ name, node, connected, values }) => {
        const state = connected === "True" ? "connected" : connected === "False" ? "not connected" : "unknown";
        return `${name.padEnd(width)}  ${node.padEnd(nodeWidth)}  ${state.padEnd(13)}  ${values}`.trimEnd();
      }),
    };
  }
}

function describe(device: Device) {
  const connected = device.status?.conditions?.find(({ type }) => type === "Connected")?.status ?? "Unknown";
  return {
    name: deviceKey(device),
    node: device.spec.nodeName,
    connected,
    values: device.status?.summary ?? "",
  };
}
