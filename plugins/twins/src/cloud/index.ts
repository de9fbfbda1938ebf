import { replicaInterestPoint, statusSectionPoint, uplinkReceiverPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { DeviceCache } from "./device-cache.ts";
import { DeviceEvents } from "./device-events.ts";
import { DeviceReconciler } from "./device-reconciler.ts";
import { DeviceCacheToken, DeviceEventsToken, DeviceWriter, DeviceWriterToken } from "./device-writer.ts";
import { DevicesSection } from "./devices-section.ts";
import manifest from "./plugin.json" with { type: "json" };
import { TwinReceiver } from "./twin-receiver.ts";
import { TwinsInterest } from "./twins-interest.ts";

export { DeviceReconciler } from "./device-reconciler.ts";
export { DeviceWriter } from "./device-writer.ts";
export { definitions } from "./install-definitions.ts";
export { TwinReceiver } from "./twin-receiver.ts";
export { TwinsInterest } from "./twins-interest.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(DeviceCacheToken, DeviceCache);
  scope.bind(DeviceEventsToken, DeviceEvents);
  scope.bind(DeviceWriterToken, DeviceWriter);
  scope.run(DeviceReconciler);
  scope.contribute(replicaInterestPoint, TwinsInterest);
  scope.contribute(uplinkReceiverPoint, TwinReceiver);
  scope.contribute(statusSectionPoint, DevicesSection);
});
