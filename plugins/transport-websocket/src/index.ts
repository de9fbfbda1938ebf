export { plugin } from "./plugin.ts";
export type { TlsSettings, WebSocketSettings } from "./websocket-settings.ts";
export { WebSocketTransport } from "./websocket-transport.ts";
