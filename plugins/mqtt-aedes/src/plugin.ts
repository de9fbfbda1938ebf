import { MessageBus, statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { AedesMessageBus, aedesMessageBusToken } from "./aedes-message-bus.ts";
import { MqttStatus } from "./mqtt-status.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(aedesMessageBusToken, AedesMessageBus);
  scope.provide(MessageBus, AedesMessageBus);
  scope.contribute(statusSectionPoint, MqttStatus);
});
