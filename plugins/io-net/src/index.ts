export { type NetSettings, NodeTcpNetwork } from "./node-tcp-network.ts";
export { plugin } from "./plugin.ts";
