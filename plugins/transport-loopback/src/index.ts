export { LoopbackHub } from "./loopback-hub.ts";
export { LoopbackTransport } from "./loopback-transport.ts";
export { type LoopbackSettings, plugin, transportLoopbackOn } from "./plugin.ts";
