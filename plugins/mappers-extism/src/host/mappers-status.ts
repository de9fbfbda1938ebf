import type { StatusReport, StatusSection } from "@skerry/contracts";
import { defineToken, inject } from "@skerry/plugin";
import type { MapperHost } from "./mapper-host.ts";

/** Lets the status section see the host, which answers no contract. */
export const TheMapperHost = defineToken<MapperHost>("mappers-extism.host/1");

/** What `skerry status` says about mappers. */
export class MappersStatus implements StatusSection {
  readonly name = "mappers";
  readonly #host: MapperHost;

  constructor(@inject(TheMapperHost) host: MapperHost) {
    this.#host = host;
  }

  async collect(): Promise<StatusReport> {
    const { devices, directory } = this.#host;
    const names = [...new Set(devices.map(({ mapper }) => mapper))].sort();
    const lines = names.map((mapper) => {
      const states = devices.filter((device) => device.mapper === mapper).map(({ state }) => state);
      const counts = [...new Set(states)].sort().map((state) => `${states.filter((s) => s === state).length} ${state}`);
      return `${mapper}: ${counts.join(", ")}`;
    });
    for (const { device, state, lastFault } of devices) {
      if (state === "quarantined" && lastFault !== undefined) lines.push(`${device} is quarantined: ${lastFault}`);
    }
    return { data: { directory, devices: devices.map((device) => ({ ...device })) }, lines };
  }
}
