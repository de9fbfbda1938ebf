export { plugin } from "./plugin.ts";
export type { ProxySettings, TlsSettings, WebSocketSettings } from "./websocket-settings.ts";
export { WebSocketTransport } from "./websocket-transport.ts";
