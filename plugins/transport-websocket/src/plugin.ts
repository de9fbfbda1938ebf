import { Transport } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { WebSocketTransport } from "./websocket-transport.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.provide(Transport, WebSocketTransport);
});
