export { CloudWay } from "./cloud-way.ts";
export { FileCredentials } from "./file-credentials.ts";
export { HttpsRequests } from "./https-requests.ts";
export { plugin } from "./plugin.ts";
export type { ProxySettings, TlsSettings, WebSocketSettings } from "./websocket-settings.ts";
export { WebSocketTransport } from "./websocket-transport.ts";
