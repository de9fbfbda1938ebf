import { commandPoint, statusSectionPoint, Twins } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { DevicesSection } from "./devices-section.ts";
import { EdgeTwins, EdgeTwinsToken } from "./edge-twins.ts";
import manifest from "./plugin.json" with { type: "json" };
import { TwinCommand } from "./twin-command.ts";

export { EdgeTwins } from "./edge-twins.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.provide(Twins, EdgeTwins);
  scope.bind(EdgeTwinsToken, EdgeTwins);
  scope.contribute(statusSectionPoint, DevicesSection);
  scope.contribute(commandPoint, TwinCommand);
});
