import { Transport } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { EnvironmentToken, ProcessEnvironment } from "./proxy/process-environment.ts";
import { WebSocketTransport } from "./websocket-transport.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(EnvironmentToken, ProcessEnvironment);
  scope.provide(Transport, WebSocketTransport);
});
