export { AedesMessageBus, type MqttSettings } from "./aedes-message-bus.ts";
export { plugin } from "./plugin.ts";
