import { statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { MapperHost } from "./host/mapper-host.ts";
import { MappersStatus, TheMapperHost } from "./host/mappers-status.ts";
import manifest from "./plugin.json" with { type: "json" };

export { errors } from "./errors.ts";
export { MapperHost } from "./host/mapper-host.ts";
export { meterModule } from "./meter/meter-module.ts";
export { type CompiledMapper, compileMapper } from "./runner/compiled-mapper.ts";
export { type CallResult, Guest } from "./runner/guest.ts";
export type { GuestLimits } from "./runner/limits.ts";
export type { MapperSettings } from "./settings.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(TheMapperHost, MapperHost);
  scope.contribute(statusSectionPoint, MappersStatus);
  scope.run(MapperHost);
});
