export { LoopbackHub } from "./loopback-hub.ts";
export { type LoopbackSettings, LoopbackTransport } from "./loopback-transport.ts";
export { plugin } from "./plugin.ts";
